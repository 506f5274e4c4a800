"""Conversations for pages and the API: lists, transcripts, events."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Row,
    Select,
    SQLColumnExpression,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.queries import labels
from database.queries.conversation_filters import (
    EVERYTHING,
    WAITS,
    ConversationFilters,
    conditions,
)
from database.queries.events import WRITING
from database.queries.failed_texts import has_failed_text
from database.queries.unread import is_marked, unread_texts
from database.queries.visibility import Viewer, visible
from database.tables import (
    Consumer,
    Conversation,
    Event,
    Message,
    QueueEntry,
    RoutingDecision,
    Skill,
)
from domain.conversation.kinds import Status
from domain.conversation.urgency import ListOrder
from domain.errors import NotFound
from domain.routing import load
from domain.routing.matching import ORDER

WRITTEN_AT = func.coalesce(Conversation.last_message_at, Conversation.opened_at)
ENTRY = aliased(QueueEntry)
"""Another name than the one in `visible`, which would otherwise capture it."""


@dataclass(frozen=True)
class ListPosition:
    """Where a page of a list ends. Lists are newest first."""

    opened_at: datetime
    id: UUID


@dataclass(frozen=True)
class WaitPosition:
    """Where a page of a list ends that begins with what waits. `waits`: it ends among these."""

    waits: bool
    at: datetime
    id: UUID


@dataclass(frozen=True)
class ListedConversation:
    """A conversation, its consumer, the time after which that consumer counts as silent, and the
    ids of its labels.

    `unread`: the texts its agent has not looked at. `is_marked`: the viewer marked it as unread;
    None: it was read for nobody in particular.
    """

    conversation: Conversation
    consumer: Consumer
    idle_after: timedelta
    label_ids: Sequence[str] = ()
    unread: int = 0
    is_marked: bool | None = None
    has_failed_text: bool = False


@dataclass(frozen=True)
class Queued:
    """A conversation that waits for an agent, with its queue entry."""

    shown: ListedConversation
    entry: QueueEntry


@dataclass(frozen=True)
class QueueListPosition:
    """Where a page of the queue ends. The queue is in the order of service."""

    at: datetime
    entered_at: datetime
    id: UUID


@dataclass(frozen=True)
class CommandResult:
    """The result of a command, found by its key."""

    conversation_id: UUID
    message_id: str | None


async def listed(
    session: AsyncSession,
    viewer: Viewer,
    filters: ConversationFilters,
    *,
    after: ListPosition | None,
    limit: int,
) -> list[ListedConversation]:
    """Return conversations newest first, after `after`; new conversations do not shift a page."""
    query = _shown(viewer).where(visible(viewer), *conditions(filters))
    if after is not None:
        position = tuple_(Conversation.opened_at, Conversation.id)
        query = query.where(position < (after.opened_at, after.id))
    query = query.order_by(Conversation.opened_at.desc(), Conversation.id.desc()).limit(limit)
    return [_read(row) for row in await session.execute(query)]


async def listed_by_wait(
    session: AsyncSession,
    viewer: Viewer,
    filters: ConversationFilters,
    order: ListOrder,
    *,
    after: WaitPosition | None,
    limit: int,
) -> list[ListedConversation]:
    """Return conversations after `after`: those that wait in their order, then the others."""
    found: list[ListedConversation] = []
    if after is None or after.waits:
        query = _shown(viewer).where(visible(viewer), *conditions(filters), *WAITS)
        at = _waits_from(order)
        if after is not None:
            query = query.where(tuple_(at, Conversation.id) > (after.at, after.id))
        rows = await session.execute(query.order_by(at, Conversation.id).limit(limit))
        found, after = [_read(row) for row in rows], None
    if len(found) == limit or filters.asks_who_waits:
        return found
    others = replace(filters, is_answered=True)
    left = limit - len(found)
    if filters.latest_written:
        return found + await _latest_written(session, viewer, others, after=after, limit=left)
    further = ListPosition(after.at, after.id) if after else None
    return found + await listed(session, viewer, others, after=further, limit=left)


async def _latest_written(
    session: AsyncSession,
    viewer: Viewer,
    filters: ConversationFilters,
    *,
    after: WaitPosition | None,
    limit: int,
) -> list[ListedConversation]:
    query = _shown(viewer).where(visible(viewer), *conditions(filters))
    if after is not None:
        query = query.where(tuple_(WRITTEN_AT, Conversation.id) < (after.at, after.id))
    query = query.order_by(WRITTEN_AT.desc(), Conversation.id.desc()).limit(limit)
    return [_read(row) for row in await session.execute(query)]


def wait_position(
    shown: ListedConversation, order: ListOrder, *, latest_written: bool
) -> WaitPosition:
    """Return where a page ends that ends with this conversation."""
    row = shown.conversation
    if row.waiting_since is None:
        written_at = (row.last_message_at if latest_written else None) or row.opened_at
        return WaitPosition(waits=False, at=written_at, id=row.id)
    due_at = row.response_due_at if order is ListOrder.due_first else None
    return WaitPosition(waits=True, at=due_at or row.waiting_since, id=row.id)


def _waits_from(order: ListOrder) -> SQLColumnExpression[datetime | None]:
    if order is ListOrder.due_first:
        return func.coalesce(Conversation.response_due_at, Conversation.waiting_since)
    return Conversation.waiting_since


async def count(
    session: AsyncSession, viewer: Viewer, filters: ConversationFilters, *, most: int
) -> int:
    """Count the conversations of a list, up to `most` of them."""
    found = (
        select(Conversation.id)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(visible(viewer), *conditions(filters))
        .limit(most)
    )
    return await session.scalar(select(func.count()).select_from(found.subquery())) or 0


async def queued(
    session: AsyncSession,
    viewer: Viewer,
    filters: ConversationFilters = EVERYTHING,
    *,
    after: QueueListPosition | None = None,
    skipped: int = 0,
    limit: int,
) -> list[Queued]:
    """Return the waiting conversations a viewer may see, in the order of service:
    `domain.routing.matching.ORDER`.
    """
    order = [getattr(ENTRY, column) for column in ORDER]
    query = (
        _shown(viewer)
        .add_columns(ENTRY)
        .join(ENTRY, ENTRY.conversation_id == Conversation.id)
        .where(visible(viewer), Conversation.status == str(Status.waiting), *conditions(filters))
        .order_by(*order)
        .offset(skipped)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*order) > (after.at, after.entered_at, after.id))
    rows = (await session.execute(query)).all()
    return [Queued(_read(row), row[-1]) for row in rows]


async def ringing(session: AsyncSession, viewer: Viewer) -> list[ListedConversation]:
    """Return the conversations offered to a viewer, the first offer to end first."""
    rings = exists().where(
        QueueEntry.conversation_id == Conversation.id,
        QueueEntry.assigned_agent_id == viewer.agent_id,
    )
    query = _shown(viewer).where(
        rings, Conversation.offered_agent_id == viewer.agent_id, visible(viewer)
    )
    return [_read(row) for row in await session.execute(query.order_by(Conversation.offer_ends_at))]


Shown = tuple[Conversation, Consumer, int | None, Sequence[str], int, bool | None, bool]


def _shown(viewer: Viewer | None) -> Select[*Shown]:
    marked = (is_marked(viewer) if viewer else literal(None, Boolean)).label("is_marked")
    seconds, of_labels = Skill.idle_after_seconds, labels.ids_on_conversation()
    return (
        select(
            *(Conversation, Consumer, seconds, of_labels, unread_texts(), marked),
            has_failed_text().label("has_failed_text"),
        )
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .outerjoin(Skill, Skill.id == Conversation.skill_id)
    )


def _read(
    row: Row[*Shown, *tuple[Any, ...]],
) -> ListedConversation:
    conversation, consumer, idle_after, label_ids, unread, marked, failed = row[:7]
    silent_after = load.idle_after(idle_after)
    return ListedConversation(
        conversation, consumer, silent_after, label_ids, unread, marked, failed
    )


async def find(session: AsyncSession, viewer: Viewer, conversation_id: UUID) -> ListedConversation:
    """Return a conversation the viewer may see. Raises `NotFound`."""
    query = _shown(viewer).where(Conversation.id == conversation_id, visible(viewer))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return _read(row)


async def with_ids(
    session: AsyncSession, viewer: Viewer, ids: Collection[UUID]
) -> dict[UUID, ListedConversation]:
    """Return those of these conversations that the viewer may see, by their ids."""
    query = _shown(viewer).where(Conversation.id.in_(ids), visible(viewer))
    return {row[0].id: _read(row) for row in await session.execute(query)}


async def check_visible(session: AsyncSession, viewer: Viewer, conversation_id: UUID) -> None:
    """Raise `NotFound` for a conversation that the viewer may not see."""
    query = select(Conversation.id).where(Conversation.id == conversation_id, visible(viewer))
    if await session.scalar(query) is None:
        raise NotFound


BY_IDS = _shown(None).where(
    Conversation.account_id == bindparam("account_id"),
    Conversation.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
)
"""Made once: live streams run it for nearly every event, and making it costs as much."""


async def by_ids(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> Mapping[UUID, ListedConversation]:
    """Return an account's conversations by their ids, whoever may see them."""
    values = {"account_id": account_id, "ids": list(ids)}
    found = [_read(row) for row in await session.execute(BY_IDS, values)]
    return {one.conversation.id: one for one in found}


async def transcript(
    session: AsyncSession, conversation_id: UUID, *, after: int, limit: int
) -> Sequence[Message]:
    """Return a conversation's messages in order, after position `after`."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.position > after
    )
    return (await session.scalars(query.order_by(Message.position).limit(limit))).all()


async def conversation_events(
    session: AsyncSession, conversation_id: UUID, *, after: int, limit: int
) -> Sequence[Event]:
    """Return a conversation's events in order, after event `after`."""
    query = select(Event).where(Event.conversation_id == conversation_id, Event.id > after)
    return (await session.scalars(query.order_by(Event.id).limit(limit))).all()


async def decisions(
    session: AsyncSession, conversation_id: UUID, *, after: int, limit: int
) -> Sequence[RoutingDecision]:
    """Return a conversation's routing decisions in order, after decision `after`."""
    table = RoutingDecision
    query = select(table).where(table.conversation_id == conversation_id, table.id > after)
    return (await session.scalars(query.order_by(table.id).limit(limit))).all()


async def open_with(
    session: AsyncSession, consumer_id: UUID, line_id: str | None = None
) -> Sequence[Conversation]:
    """Return a consumer's conversations that are not closed, on one line or on all."""
    query = select(Conversation).where(
        Conversation.consumer_id == consumer_id, Conversation.status != str(Status.closed)
    )
    if line_id is not None:
        query = query.where(Conversation.line_id == line_id)
    return (await session.scalars(query)).all()


async def done_by(
    session: AsyncSession, conversation_id: UUID, command_key: str
) -> CommandResult | None:
    """Return the result of a command to a conversation, None when it was never carried out."""
    query = select(Event).where(
        Event.conversation_id == conversation_id, Event.command_key == command_key
    )
    return await _done(session, query)


async def opened_by(
    session: AsyncSession, account_id: str, line_id: str, phone: str, command_key: str
) -> CommandResult | None:
    """Return the conversation that the command with this key opened with a phone, if it did."""
    query = (
        select(Event)
        .join(Conversation, Conversation.id == Event.conversation_id)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(
            Consumer.account_id == account_id,
            Consumer.phone == phone,
            Conversation.line_id == line_id,
            Event.command_key == command_key,
        )
    )
    return await _done(session, query)


async def _done(session: AsyncSession, query: Select[Event]) -> CommandResult | None:
    rows = (await session.scalars(query.order_by(Event.id))).all()
    if not rows or rows[0].conversation_id is None:
        return None
    message_ids = [row.data["message_id"] for row in rows if row.kind in WRITING]
    return CommandResult(rows[0].conversation_id, message_ids[0] if message_ids else None)
