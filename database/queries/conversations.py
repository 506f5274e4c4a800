"""Conversations for pages and the API: lists, transcripts, events."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from database.queries import labels
from database.queries.events import WRITING
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
from domain.errors import NotFound
from domain.origins.kinds import OriginKind
from domain.routing import load
from domain.routing.matching import ORDER


@dataclass(frozen=True)
class ConversationFilters:
    """Filters of a list of conversations; None and empty mean all."""

    statuses: tuple[Status, ...] = ()
    agent_id: str | None = None
    skill_id: str | None = None
    line_id: str | None = None
    consumer_id: UUID | None = None
    phone: str | None = None
    """The key of a consumer's number."""
    origins: tuple[OriginKind, ...] = ()
    origin_id: str | None = None
    label_ids: tuple[str, ...] = ()
    """At least one of these."""
    but: UUID | None = None
    """The id of a conversation to leave out."""


EVERYTHING = ConversationFilters()


@dataclass(frozen=True)
class ListPosition:
    """Where a page of a list ends. Lists are newest first."""

    opened_at: datetime
    id: UUID


@dataclass(frozen=True)
class ListedConversation:
    """A conversation, its consumer, the time after which that consumer counts as silent, and the
    ids of its labels.
    """

    conversation: Conversation
    consumer: Consumer
    idle_after: timedelta
    label_ids: Sequence[str] = ()


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
    query = _shown().where(visible(viewer), *conditions(filters))
    if after is not None:
        position = tuple_(Conversation.opened_at, Conversation.id)
        query = query.where(position < (after.opened_at, after.id))
    query = query.order_by(Conversation.opened_at.desc(), Conversation.id.desc()).limit(limit)
    return [_read(row) for row in await session.execute(query)]


async def held(session: AsyncSession, viewer: Viewer) -> list[ListedConversation]:
    """Return all assigned conversations, in the order of `domain.conversation.urgency.held_key`."""
    query = _shown().where(
        Conversation.account_id == viewer.account_id,
        Conversation.agent_id == viewer.agent_id,
        Conversation.status == str(Status.assigned),
    )
    last_written = func.coalesce(Conversation.last_message_at, Conversation.opened_at)
    due_at = case(
        (
            Conversation.waiting_since.is_not(None),
            func.coalesce(Conversation.response_due_at, Conversation.waiting_since),
        )
    )
    most_urgent = (due_at.asc().nulls_last(), last_written.desc(), Conversation.id)
    rows = await session.execute(query.order_by(*most_urgent))
    return [_read(row) for row in rows]


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
    # The alias differs from the one in `visible`, which would otherwise capture it.
    entry = aliased(QueueEntry)
    order = [getattr(entry, column) for column in ORDER]
    query = (
        _shown()
        .add_columns(entry)
        .join(entry, entry.conversation_id == Conversation.id)
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
    query = _shown().where(rings, Conversation.offered_agent_id == viewer.agent_id, visible(viewer))
    return [_read(row) for row in await session.execute(query.order_by(Conversation.offer_ends_at))]


def _shown() -> Select[Conversation, Consumer, int | None, Sequence[str]]:
    return (
        select(Conversation, Consumer, Skill.idle_after_seconds, labels.ids_on_conversation())
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .outerjoin(Skill, Skill.id == Conversation.skill_id)
    )


def _read(
    row: Row[Conversation, Consumer, int | None, Sequence[str], *tuple[Any, ...]],
) -> ListedConversation:
    conversation, consumer, idle_after, label_ids = row[:4]
    return ListedConversation(conversation, consumer, load.idle_after(idle_after), label_ids)


def conditions(filters: ConversationFilters) -> list[ColumnElement[bool]]:
    filtered = {
        Conversation.agent_id: filters.agent_id,
        Conversation.skill_id: filters.skill_id,
        Conversation.line_id: filters.line_id,
        Conversation.consumer_id: filters.consumer_id,
        Consumer.phone: filters.phone,
        Conversation.origin_id: filters.origin_id,
    }
    conditions = [column == value for column, value in filtered.items() if value is not None]
    if filters.but is not None:
        conditions.append(Conversation.id != filters.but)
    if filters.label_ids:
        conditions.append(labels.bears_any(filters.label_ids))
    if filters.origins:
        conditions.append(_began(filters.origins))
    if filters.statuses:
        conditions.append(Conversation.status.in_([str(status) for status in filters.statuses]))
    return conditions


def _began(origins: Sequence[OriginKind]) -> ColumnElement[bool]:
    began = Conversation.origin.in_([str(kind) for kind in origins])
    # The index of origins leaves plain texts out.
    is_told = Conversation.origin != str(OriginKind.text)
    return began if OriginKind.text in origins else began & is_told


async def find(session: AsyncSession, viewer: Viewer, conversation_id: UUID) -> ListedConversation:
    """Return a conversation the viewer may see. Raises `NotFound`."""
    query = _shown().where(Conversation.id == conversation_id, visible(viewer))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return _read(row)


async def by_ids(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> Mapping[UUID, ListedConversation]:
    """Return an account's conversations by their ids, whoever may see them."""
    query = _shown().where(Conversation.account_id == account_id, Conversation.id.in_(ids))
    found = [_read(row) for row in await session.execute(query)]
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
