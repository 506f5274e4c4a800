"""Reading: how far a person has read a conversation, which their other pages hear of."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import unread
from database.queries.events import CHANNEL_READING, notify
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now
from services.looking.conversations import find_conversation


@dataclass(frozen=True)
class ReadState:
    """How far the caller has read: a position of the transcript, 0 for nothing; `unread`: of a
    conversation they have, the texts after it; `is_marked`: they marked it as unread.
    """

    conversation_id: UUID
    position: int
    unread: int
    is_marked: bool


async def find(caller: Caller, session: AsyncSession, conversation_id: UUID) -> ReadState:
    """Return how far the caller has read. Raises `NotFound`, and `NobodyActs` for programs."""
    caller.require(Role.agent)
    agent_id = caller.actor.agent_id
    shown = await find_conversation(caller, session, conversation_id)
    read = await unread.read_to(session, agent_id, conversation_id)
    is_own = shown.conversation.agent_id == agent_id
    return ReadState(
        conversation_id=conversation_id,
        position=read.position,
        unread=shown.unread if is_own else 0,
        is_marked=read.marked_at is not None,
    )


async def read_to(
    caller: Caller, session: AsyncSession, conversation_id: UUID, position: int
) -> ReadState:
    """Keep that the caller has read up to a message. Repeating it changes nothing.

    Raises `NotFound`, and `NobodyActs` for a program on its own.
    """
    caller.require_scope(TokenScope.conversations_write)
    await find(caller, session, conversation_id)
    agent_id = caller.actor.agent_id
    is_news = await unread.keep_read(session, agent_id, conversation_id, position)
    return await _told(caller, session, conversation_id, is_news=is_news)


async def mark_unread(
    caller: Caller, session: AsyncSession, conversation_id: UUID, position: int | None
) -> ReadState:
    """Keep a conversation as unread, from the message at `position` on or else from the last text
    of others, until the caller looks again. Raises what `read_to` raises.
    """
    caller.require_scope(TokenScope.conversations_write)
    await find(caller, session, conversation_id)
    agent_id = caller.actor.agent_id
    await unread.keep_marked(session, agent_id, conversation_id, before=position, at=utc_now())
    return await _told(caller, session, conversation_id, is_news=True)


async def _told(
    caller: Caller, session: AsyncSession, conversation_id: UUID, *, is_news: bool
) -> ReadState:
    state = await find(caller, session, conversation_id)
    if is_news:
        told = {
            "account_id": caller.account_id,
            "agent_id": caller.actor.agent_id,
            "conversation_id": str(conversation_id),
            "position": state.position,
            "unread": state.unread,
            "is_marked": state.is_marked,
        }
        await notify(session, CHANNEL_READING, json.dumps(told))
    return state
