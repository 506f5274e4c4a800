"""What people must know before they write in a conversation: limits, drafts, saved replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, batch_checks, drafts, profiles, saved_replies
from database.queries.conversations import ListedConversation
from database.queries.saved_replies import SavedReplyAt
from database.tables import Draft, Line, Skill
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.writing.drafts import Surface
from domain.writing.placeholders import OWN_FIELD, Filled, fill
from domain.writing.saved_replies import language_for
from services.caller import Caller
from services.clock import utc_now
from services.configuring.saved_replies import own_fields, reader_of
from services.looking.conversations import find_conversation
from services.uploading import may_send

PRICED_WITHIN = timedelta(days=90)
PRICED_TEXTS = 50
"""Texts whose prices are read: recent ones, and few, because it is asked with each conversation.
Ours.
"""


@dataclass(frozen=True)
class BeforeWriting:
    """What to know before writing in a conversation.

    `encodes_smartly`: the provider replaces characters that GSM-7 lacks. `price`: of a segment and
    its currency, by what the provider charged for the line's last texts; None: nobody knows.
    """

    encodes_smartly: bool
    may_send_pictures: bool
    price: tuple[float, str] | None
    drafts: Mapping[Surface, Draft]


@dataclass(frozen=True)
class Offered:
    """A saved reply as it would be sent in a conversation. `language`: the text that fits it."""

    found: SavedReplyAt
    language: str
    texts: Mapping[str, Filled]


async def before_writing(
    caller: Caller, session: AsyncSession, conversation_id: UUID
) -> BeforeWriting:
    """Return what to know before writing in a conversation. Raises `NotFound`."""
    caller.require(Role.agent)
    shown = await find_conversation(caller, session, conversation_id)
    line = await account_rows.find(session, Line, caller.account_id, shown.conversation.line_id)
    since = utc_now() - PRICED_WITHIN
    return BeforeWriting(
        encodes_smartly=line.smart_encoding,
        may_send_pictures=await may_send(caller, session, conversation_id),
        price=await batch_checks.price_per_segment(session, line.id, since, PRICED_TEXTS),
        drafts=await _own_drafts(caller, session, conversation_id),
    )


async def _own_drafts(
    caller: Caller, session: AsyncSession, conversation_id: UUID
) -> dict[Surface, Draft]:
    if caller.person is None:
        return {}
    rows = await drafts.of_conversation(session, caller.person.agent_id, conversation_id)
    return {Surface(row.surface): row for row in rows}


async def offer_saved_replies(
    caller: Caller, session: AsyncSession, conversation_id: UUID, words: str, *, limit: int
) -> Sequence[Offered]:
    """Return saved replies that fit some words, as they would be sent here, best first.

    Those for other skills are left out. Raises `NotFound`.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_read)
    shown = await find_conversation(caller, session, conversation_id)
    found = await saved_replies.search(
        session, reader_of(caller), words, skill_id=shown.conversation.skill_id, limit=limit
    )
    account = await accounts.find(session, caller.account_id)
    values = await _values(caller, session, shown) | {"brand": account.brand}
    wanted = (shown.conversation.language, shown.consumer.language, account.language)
    return [_offered(one, wanted, values) for one in found]


def _offered(
    found: SavedReplyAt, wanted: Sequence[str | None], values: Mapping[str, str]
) -> Offered:
    texts = found.reply.texts
    filled = {language: fill(text, values) for language, text in texts.items()}
    return Offered(found, language_for(texts, wanted), filled)


async def _values(
    caller: Caller, session: AsyncSession, shown: ListedConversation
) -> dict[str, str]:
    """Return what placeholders stand for in a conversation, as far as it is known."""
    row = shown.conversation
    line = await account_rows.find(session, Line, caller.account_id, row.line_id)
    values = {
        "consumer_name": shown.consumer.name or "",
        "consumer_number": shown.consumer.number,
        "agent_name": caller.person.name if caller.person else "",
        "line": line.name,
    }
    fields = {one.id: one.key for one in await own_fields(caller, session)}
    kept = profiles.profile_of(shown.consumer).fields
    values |= {OWN_FIELD + key: str(kept.get(field, "")) for field, key in fields.items()}
    if row.skill_id:
        skill = await account_rows.find(session, Skill, caller.account_id, row.skill_id)
        values["skill"] = skill.name
    return values
