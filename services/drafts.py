"""Drafts: what people wrote in conversations and have not sent. Nobody reads another's."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.queries import drafts, media, saved_replies
from database.queries.drafts import DraftOf
from database.queries.saved_replies import Reader
from database.tables import Draft
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.text.cards import masked
from domain.writing.drafts import LONGEST_DRAFT, Surface, Written
from services.caller import Caller
from services.cards import masks_cards
from services.clock import utc_now
from services.commanding.context import CommandContext
from services.errors import DraftOvertaken
from services.looking.conversations import find_conversation

log = structlog.stdlib.get_logger()


async def listed(
    caller: Caller, session: AsyncSession, *, after: tuple[UUID, str] | None, limit: int
) -> Sequence[Draft]:
    """Return the caller's drafts that are not empty, by conversation. Raises `NobodyActs`."""
    caller.require(Role.agent)
    own_id = caller.actor.agent_id
    return await drafts.with_words(session, own_id, after=after, limit=limit)


async def save(
    caller: Caller,
    session: AsyncSession,
    conversation_id: UUID,
    surface: Surface,
    words: Written,
    *,
    known: int,
) -> Draft:
    """Save a draft of the caller, who knows its revision `known`, 0 for none.

    Raises `DraftOvertaken` if it has another revision and other words by now, `Invalid` for a
    draft that is too long, `NotFound` for a conversation they cannot see and began nothing in.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    if len(words.text) > LONGEST_DRAFT or "\0" in words.text:
        raise Invalid(f"A draft has at most {LONGEST_DRAFT} characters, and none of them is NUL.")
    which = _of(caller, conversation_id, surface)
    present = await drafts.find(session, which)
    if present is None:
        await find_conversation(caller, session, conversation_id)
    kept = await media.uploaded_for(session, caller.account_id, conversation_id, words.pictures)
    words = replace(words, pictures=tuple(one for one in words.pictures if one in kept))
    if await masks_cards(caller, session, words.text):
        words = replace(words, text=masked(words.text))
    if present is not None and drafts.written(present) == words:
        return present
    saved = await drafts.save(session, which, words, known=known, now=utc_now())
    if saved is None:
        raise DraftOvertaken
    return saved


async def after_sending(given: CommandContext, surface: Surface, sent: Written) -> None:
    """Take what was sent out of the sender's draft, and count the saved reply as used.

    It is done once for each command, and what it cannot do is not the sender's worry: the text
    has left.
    """
    caller, now = given.caller, utc_now()
    if caller.person is None or caller.session_hash is None:
        return
    which = _of(caller, given.conversation_id, surface)
    reader, used = Reader(which.account_id, which.agent_id), sent.saved_reply
    try:
        async with given.backends.sessions.begin() as session:
            key = given.command_key
            is_first = await drafts.empty_sent(session, which, sent, key=key, now=now)
            if is_first and used:
                await saved_replies.used(session, reader, used, which.agent_id, now)
    except NOT_DONE as error:
        log.warning("draft_not_emptied", error=type(error).__name__)


def _of(caller: Caller, conversation_id: UUID, surface: Surface) -> DraftOf:
    return DraftOf(caller.account_id, caller.actor.agent_id, conversation_id, surface)
