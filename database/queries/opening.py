"""Reads in one round trip what an opening needs besides its policy."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.direct import Direct, Executor, Row
from database.queries.consent import ACCOUNT_SCOPE, Consenting
from database.queries.languages import KnownLanguage, known
from database.queries.policy import UnknownSkill
from database.queries.settings_version import SETTINGS_VERSION
from domain.conversation.continuing import continues
from domain.conversation.state import ConsumerFacts
from domain.numbers.phone_numbers import is_program
from domain.policy.entry_skill import SkillChoice, entry_skill

SKILLS = b"""
    SELECT line.entry_skill_id, account.default_skill_id, (
        SELECT line_keyword.skill_id
        FROM line_keyword JOIN skill ON skill.id = line_keyword.skill_id
        WHERE line_keyword.line_id = line.id AND skill.retired_at IS NULL
          AND line_keyword.keyword = %(first_word)s
    ) AS keyword_skill_id
    FROM line JOIN account ON account.id = line.account_id
    WHERE line.id = %(line_id)s AND account.id = %(account_id)s
"""
TEXT = b"""
    SELECT consumer.id AS consumer_id, consumer.number AS texts_from, consumer.language,
        consumer.language_source, inbound.text,
    EXISTS (
        SELECT FROM message WHERE message.id = %(message_id)s
          AND message.conversation_id IS DISTINCT FROM %(carried_from)s
    ) OR EXISTS (
        SELECT FROM event JOIN conversation ON conversation.id = event.conversation_id
        WHERE event.command_key = %(command_key)s AND conversation.line_id = %(line_id)s
          AND conversation.consumer_id = consumer.id
    ) AS is_known, consumer.blocked_at IS NOT NULL AS is_blocked,
    (SELECT queues_programs FROM account WHERE id = %(account_id)s) AS queues_programs
    FROM consumer LEFT JOIN inbound ON inbound.id = %(message_id)s
        AND inbound.consumer_id = consumer.id
    WHERE consumer.id = %(consumer_id)s AND consumer.account_id = %(account_id)s
"""
CONSUMER = b"""
    SELECT last.status, last.close_reason, last.closed_at, (
        SELECT max(survey_asked_at) FROM conversation WHERE consumer_id = %(consumer_id)s
    ) AS last_asked_at, EXISTS (
        SELECT FROM consent
        WHERE consumer_id = %(consumer_id)s AND is_opted_out
          AND (scope = ANY(%(scopes)s) OR scope = (
            SELECT 'connector:' || connector_id FROM line WHERE id = %(line_id)s
          ))
    ) AS is_opted_out
    FROM (VALUES (true)) AS always LEFT JOIN (
        SELECT status, close_reason, closed_at FROM conversation
        WHERE consumer_id = %(consumer_id)s AND NOT closed_at_once
        ORDER BY opened_at DESC LIMIT 1
    ) AS last ON true
"""
NEWEST = b"""
    SELECT conversation.number, conversation.sequence, conversation.status <> 'closed'
        OR conversation.texts_to_carry > 0
        OR (latest_step.state #>> '{survey,late_until}')::timestamptz > %(now)s
        OR (latest_step.state #>> '{phone_answer,until}')::timestamptz > %(now)s AS is_live
    FROM conversation JOIN latest_step ON latest_step.conversation_id = conversation.id
    WHERE line_id = %(line_id)s AND consumer_id = %(consumer_id)s
    ORDER BY number DESC LIMIT 1
"""
OPENING = b"".join(
    (
        *(b"SELECT * FROM (", SETTINGS_VERSION, b") AS settings"),
        *(b" LEFT JOIN (", SKILLS, b") AS skills ON true"),
        *(b" LEFT JOIN (", TEXT, b") AS text ON true"),
        *(b" LEFT JOIN (", NEWEST, b") AS newest ON true"),
        *(b" LEFT JOIN (", CONSUMER, b") AS consumer ON true"),
    )
)


@dataclass(frozen=True)
class Opener:
    """Who opens a conversation: a consumer by their first text, or an agent by a command.

    `first_word`: of the text, folded. `carried_from`: the previous conversation, whose survey did
    not use the text.
    """

    account_id: str
    line_id: str
    consumer_id: str
    message_id: UUID | None = None
    command_key: str | None = None
    first_word: str | None = None
    carried_from: UUID | None = None


@dataclass(frozen=True)
class Newest:
    """The newest conversation of a line and consumer; zeros if there is none.

    `is_live`: it is open, awaits a late answer to its survey or what the phone answers by itself,
    or has texts to carry over.
    """

    number: int
    sequence: int
    is_live: bool

    @property
    def position(self) -> tuple[int, int]:
        return self.number, self.sequence


@dataclass(frozen=True)
class OpeningFacts:
    """What an opening needs to know.

    `skill`: for the first text; None when the line does not exist. `text`: empty without a text.
    """

    settings: str | None
    """The version of the account's settings."""
    skill: SkillChoice | None
    language: KnownLanguage
    text: str
    is_consumer_known: bool
    is_known: bool
    """The text is in a transcript already, or the command was carried out."""
    newest: Newest
    consumer: ConsumerFacts


async def opening_facts(direct: Direct, who: Opener, now: datetime) -> OpeningFacts:
    """Return what an opening needs to know at this moment."""
    consenting = Consenting(who.account_id, UUID(who.consumer_id), who.line_id)
    values = {
        "account_id": who.account_id,
        "line_id": who.line_id,
        "consumer_id": consenting.consumer_id,
        "message_id": who.message_id,
        "carried_from": who.carried_from,
        "command_key": who.command_key,
        "now": now,
        "first_word": who.first_word,
        "scopes": [ACCOUNT_SCOPE, consenting.line_scope],
    }
    row = await direct.fetch_one(OPENING, values)
    if row is None:
        raise AssertionError("an aggregate always returns a row")
    settings, entry, default, keyword, *others = row
    consumer_id, texts_from, language, source, text, is_known, *others = others
    is_blocked, queues_programs, *others = others
    number, sequence, is_live, *consumer = others
    return OpeningFacts(
        settings=settings,
        skill=entry_skill(entry, default, keyword, who.first_word) if entry else None,
        language=known(language, source),
        text=text or "",
        is_consumer_known=consumer_id is not None,
        is_known=bool(is_known),
        newest=Newest(number or 0, sequence or 0, bool(is_live)),
        consumer=_consumer_facts(tuple(consumer), texts_from or "", now).model_copy(
            update={
                "is_blocked": bool(is_blocked),
                "waits_for_nobody": is_program(texts_from or "") and not queues_programs,
            }
        ),
    )


async def skill_at_opening(
    executor: Executor, account_id: str, line_id: str, first_word: str | None
) -> SkillChoice:
    """Choose the skill of a new conversation, as `opening_facts` does. `first_word`: folded.

    Raises `UnknownSkill` when there is no such line.
    """
    values = {"account_id": account_id, "line_id": line_id, "first_word": first_word}
    row = await executor(SKILLS, values)
    if row is None:
        raise UnknownSkill
    entry, default, keyword = row
    return entry_skill(entry, default, keyword, first_word)


def _consumer_facts(row: Row, texts_from: str, now: datetime) -> ConsumerFacts:
    status, close_reason, closed_at, last_asked_at, opted_out = row
    return ConsumerFacts(
        is_first=status is None,
        last_asked_at=last_asked_at,
        is_opted_out=bool(opted_out),
        is_program=is_program(texts_from),
        continues=continues(status, close_reason, closed_at, now),
    )
