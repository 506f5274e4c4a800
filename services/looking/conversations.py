"""Reading conversations: the lists people work with, one conversation, its events."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations
from database.queries.conversations import (
    EVERYTHING,
    ConversationFilters,
    ListedConversation,
    ListPosition,
    Queued,
    QueueListPosition,
)
from database.tables import Event, RoutingDecision
from domain.conversation.kinds import Status
from domain.numbers.phone_numbers import key_of
from domain.people.roles import Role
from services.caller import Caller

FURTHEST = 2**31 - 1
"""The last position that can be asked for: PostgreSQL's largest integer."""


class View(StrEnum):
    """The lists agents work with."""

    mine = "mine"
    """Open and assigned to the caller, and not snoozed."""
    snoozed = "snoozed"
    """Assigned to the caller, and snoozed."""
    waiting = "waiting"
    """The queue, in the order of service."""
    mentions = "mentions"
    """Those whose notes mention the caller, open or closed."""
    all = "all"


@dataclass(frozen=True)
class ConversationQuery:
    """Which conversations to list. `number`: the consumer's, in any spelling."""

    view: View = View.all
    filters: ConversationFilters = EVERYTHING
    number: str | None = None

    def for_caller(self, caller: Caller) -> ConversationFilters:
        """Return the conditions of a list. Raises `NumberInvalid`."""
        filters = self.filters
        if self.number:
            filters = replace(filters, phone=key_of(self.number))
        if self.view is View.waiting:
            return replace(filters, statuses=(Status.waiting,))
        if self.view in (View.mine, View.snoozed):
            # A program on its own has no conversations.
            own = caller.person.agent_id if caller.person else ""
            is_snoozed = self.view is View.snoozed
            mine = replace(filters, statuses=(Status.assigned,), agent_id=own)
            return replace(mine, is_snoozed=is_snoozed)
        if self.view is View.mentions:
            return replace(filters, mentions=caller.person.agent_id if caller.person else "")
        return filters


async def list_conversations(
    caller: Caller,
    session: AsyncSession,
    wanted: ConversationQuery,
    *,
    after: ListPosition | None,
    limit: int,
) -> Sequence[ListedConversation]:
    """Return the conversations the caller may see, newest first, after `after`.

    Agents see those they are or were in and those waiting in their skills; managers see all.
    """
    caller.require(Role.agent)
    filters = wanted.for_caller(caller)
    return await conversations.listed(session, caller.viewer, filters, after=after, limit=limit)


async def list_queue(
    caller: Caller,
    session: AsyncSession,
    wanted: ConversationQuery,
    *,
    after: QueueListPosition | None = None,
    skipped: int = 0,
    limit: int,
) -> Sequence[Queued]:
    """Return the waiting conversations the caller may see, in the order of service."""
    caller.require(Role.agent)
    return await conversations.queued(
        session,
        caller.viewer,
        wanted.for_caller(caller),
        after=after,
        skipped=skipped,
        limit=limit,
    )


async def list_held(caller: Caller, session: AsyncSession) -> Sequence[ListedConversation]:
    """Return the caller's own conversations, the most urgent first."""
    caller.require(Role.agent)
    return await conversations.held(session, caller.viewer)


async def list_offered(caller: Caller, session: AsyncSession) -> Sequence[ListedConversation]:
    """Return the conversations offered to the caller, the first to expire first."""
    caller.require(Role.agent)
    return await conversations.ringing(session, caller.viewer)


async def find_conversation(
    caller: Caller, session: AsyncSession, conversation_id: UUID
) -> ListedConversation:
    """Return a conversation as it is now. Reading changes nothing. Raises `NotFound`."""
    caller.require(Role.agent)
    return await conversations.find(session, caller.viewer, conversation_id)


async def read_changed(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> Mapping[UUID, ListedConversation]:
    """Return conversations as they are now, once for all readers of a stream.

    Who may see which is decided for each reader: `services.following.concerns.may_see`.
    """
    return await conversations.by_ids(session, account_id, ids)


async def list_events(
    caller: Caller, session: AsyncSession, conversation_id: UUID, *, after: int, limit: int
) -> Sequence[Event]:
    """Return a conversation's events, oldest first. Raises `NotFound`."""
    await find_conversation(caller, session, conversation_id)
    return await conversations.conversation_events(
        session, conversation_id, after=after, limit=limit
    )


async def explain_routing(
    caller: Caller, session: AsyncSession, conversation_id: UUID, *, after: int, limit: int
) -> Sequence[RoutingDecision]:
    """Return the routing decisions of a conversation, oldest first. Raises `NotFound`."""
    await find_conversation(caller, session, conversation_id)
    return await conversations.decisions(session, conversation_id, after=after, limit=limit)


async def list_earlier(
    caller: Caller,
    session: AsyncSession,
    shown: ListedConversation,
    *,
    after: ListPosition | None,
    limit: int,
) -> Sequence[ListedConversation]:
    """Return a consumer's other conversations, of all their numbers, the newest first."""
    of_consumer = ConversationFilters(consumer_id=shown.consumer.id, but=shown.conversation.id)
    wanted = ConversationQuery(filters=of_consumer)
    return await list_conversations(caller, session, wanted, after=after, limit=limit)
