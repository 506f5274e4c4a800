"""Reads in one round trip what an opening needs besides its policy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.direct import Direct, Executor, Row
from database.queries.beginnings import INVITATION, SOURCE, Beginning, from_source, invited
from database.queries.consent import ACCOUNT_SCOPE, Consenting
from database.queries.languages import KnownLanguage, known
from database.queries.policy import UnknownSkill
from database.queries.settings_version import SETTINGS_VERSION
from domain.conversation.continuing import continues
from domain.conversation.state import ConsumerFacts, InvitationText
from domain.numbers.phone_numbers import is_program
from domain.origins.first_text import NO_TEXT, FirstText
from domain.origins.origin import PLAIN_TEXT, Origin
from domain.policy.entry_skill import SkillChoice, entry_skill, skill_for

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
BESIDE_LINE = b"".join(
    (b"SELECT * FROM (", SKILLS, b") AS line LEFT JOIN (", SOURCE, b") AS source ON true")
)
OPENING = b"".join(
    (
        *(b"SELECT * FROM (", SETTINGS_VERSION, b") AS settings"),
        *(b" LEFT JOIN (", BESIDE_LINE, b") AS skills ON true"),
        *(b" LEFT JOIN (", TEXT, b") AS text ON true"),
        *(b" LEFT JOIN (", INVITATION, b") AS invitation ON true"),
        *(b" LEFT JOIN (", NEWEST, b") AS newest ON true"),
        *(b" LEFT JOIN (", CONSUMER, b") AS consumer ON true"),
    )
)


@dataclass(frozen=True)
class Opener:
    """Who opens a conversation: a consumer by their first text, or an agent by a command.

    `first_text`: what it may begin with. `answered_at`: when it was written, if it may answer an
    invitation. `carried_from`: the previous conversation, whose survey did not use the text.
    """

    account_id: str
    line_id: str
    consumer_id: str
    message_id: UUID | None = None
    command_key: str | None = None
    first_text: FirstText = NO_TEXT
    answered_at: datetime | None = None
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
    origin: Origin
    invitation: InvitationText | None
    """The text that the first text answers."""


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
        "answered_at": who.answered_at,
        **who.first_text.values,
        "scopes": [ACCOUNT_SCOPE, consenting.line_scope],
    }
    row = await direct.fetch_one(OPENING, values)
    if row is None:
        raise AssertionError("an aggregate always returns a row")
    of_line, of_text = row[1:9], row[9:17]
    consumer_id, texts_from, language, source, text, is_known, is_blocked, programs = of_text
    number, sequence, is_live, *consumer = row[29:]
    invitation, of_source = invited(row[17:29]), from_source(of_line[3:])
    beginning = invitation or of_source
    return OpeningFacts(
        settings=row[0],
        skill=_skill(of_line, who.first_text, [invitation, of_source]),
        language=known(language, source),
        text=text or "",
        is_consumer_known=consumer_id is not None,
        is_known=bool(is_known),
        newest=Newest(number or 0, sequence or 0, bool(is_live)),
        consumer=_consumer_facts(tuple(consumer), texts_from or "", now).model_copy(
            update={
                "is_blocked": bool(is_blocked),
                "waits_for_nobody": is_program(texts_from or "") and not programs,
            }
        ),
        origin=beginning.origin if beginning else PLAIN_TEXT,
        invitation=invitation.invitation if invitation else None,
    )


async def skill_at_opening(
    executor: Executor, account_id: str, line_id: str, first: FirstText = NO_TEXT
) -> SkillChoice:
    """Choose the skill of a new conversation as `opening_facts` does, if it answers no invitation.

    Raises `UnknownSkill` when there is no such line.
    """
    values = {"account_id": account_id, "line_id": line_id, **first.values}
    row = await executor(BESIDE_LINE, values)
    if row is None:
        raise UnknownSkill
    choice = _skill(row, first, [from_source(row[3:])])
    if choice is None:
        raise UnknownSkill
    return choice


def _skill(
    of_line: Row, first: FirstText, beginnings: Sequence[Beginning | None]
) -> SkillChoice | None:
    entry, default, keyword = of_line[:3]
    if entry is None:
        return None
    wishes = [one.wish if one else None for one in beginnings]
    return skill_for(wishes, entry_skill(entry, default, keyword, first.first_word))


def _consumer_facts(row: Row, texts_from: str, now: datetime) -> ConsumerFacts:
    status, close_reason, closed_at, last_asked_at, opted_out = row
    return ConsumerFacts(
        is_first=status is None,
        last_asked_at=last_asked_at,
        is_opted_out=bool(opted_out),
        is_program=is_program(texts_from),
        continues=continues(status, close_reason, closed_at, now),
    )
