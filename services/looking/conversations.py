"""Reading conversations: the lists people work with, one conversation, its events."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations
from database.queries.conversation_filters import EVERYTHING, ConversationFilters
from database.queries.conversations import (
    ListedConversation,
    ListPosition,
    Queued,
    QueueListPosition,
    WaitPosition,
)
from database.tables import Event, RoutingDecision
from domain.conversation.kinds import Status
from domain.conversation.urgency import ListOrder
from domain.errors import NumberInvalid
from domain.numbers.phone_numbers import key_of
from domain.people.roles import Role
from domain.searching.numbers import FEWEST_DIGITS, number_in
from services.caller import Caller
from services.clock import utc_now
from services.looking.numbers import key_sought

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
    done = "done"
    """Closed, with the caller as the last agent."""
    mentions = "mentions"
    """Those whose notes mention the caller, open or closed."""
    all = "all"


DONE = (Status.survey, Status.closed)


@dataclass(frozen=True)
class ConversationQuery:
    """Which conversations to list, and in which order; without one, in the order of the view.

    `number`: the consumer's, in any spelling; `number_part`: a part of it. `waits`: unanswered for
    so long. `is_overdue`: the reply was due before now. `is_unread`: the caller has not read them.
    """

    view: View = View.all
    filters: ConversationFilters = EVERYTHING
    number: str | None = None
    number_part: str | None = None
    waits: timedelta | None = None
    is_overdue: bool = False
    is_unread: bool = False
    order: ListOrder | None = None

    @property
    def latest_written(self) -> bool:
        """Say whether what does not wait is in the order in which it was written, latest first."""
        return self.view in (View.mine, View.snoozed)

    @property
    def is_queue(self) -> bool:
        """Say whether it is the queue in the order of service."""
        return self.view is View.waiting and self.order is None

    def for_caller(self, caller: Caller) -> ConversationFilters:
        """Return the conditions of a list. Raises `NumberInvalid`."""
        # A program on its own has no conversations.
        own = caller.person.agent_id if caller.person else ""
        filters = self._of_number(self._of_time(self.filters, utc_now()))
        if self.is_unread:
            filters = replace(filters, unread_by=own)
        match self.view:
            case View.waiting:
                return replace(filters, of_view=(Status.waiting,))
            case View.mine | View.snoozed:
                mine = replace(filters, of_view=(Status.assigned,), held_by=own)
                return replace(
                    mine, is_snoozed=self.view is View.snoozed, latest_written=self.latest_written
                )
            case View.done:
                return replace(filters, of_view=DONE, held_by=own)
            case View.mentions:
                return replace(filters, mentions=own)
            case View.all:
                return filters

    def _of_number(self, filters: ConversationFilters) -> ConversationFilters:
        if self.number:
            filters = replace(filters, phone=key_of(self.number))
        if self.number_part:
            part = number_in(self.number_part)
            if part is None:
                raise NumberInvalid(f"Give {FEWEST_DIGITS} digits of the number at least.")
            filters = replace(filters, number=part)
        return filters

    def _of_time(self, filters: ConversationFilters, now: datetime) -> ConversationFilters:
        if self.waits is not None:
            filters = replace(filters, waits_since=now - self.waits)
        return replace(filters, due_by=now) if self.is_overdue else filters


async def _filters(
    caller: Caller, session: AsyncSession, wanted: ConversationQuery
) -> ConversationFilters:
    """Return the conditions of a list. Raises `NumberInvalid`."""
    if wanted.number:
        await key_sought(session, caller.account_id, wanted.number)
    return wanted.for_caller(caller)


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
    filters = await _filters(caller, session, wanted)
    return await conversations.listed(session, caller.viewer, filters, after=after, limit=limit)


async def list_by_wait(
    caller: Caller,
    session: AsyncSession,
    wanted: ConversationQuery,
    order: ListOrder,
    *,
    after: WaitPosition | None,
    limit: int,
) -> Sequence[ListedConversation]:
    """Return the conversations the caller may see, those that wait first, after `after`."""
    caller.require(Role.agent)
    filters = await _filters(caller, session, wanted)
    return await conversations.listed_by_wait(
        session, caller.viewer, filters, order, after=after, limit=limit
    )


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
        await _filters(caller, session, wanted),
        after=after,
        skipped=skipped,
        limit=limit,
    )


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
