"""What exports hold of conversations: messages and events, in the order of the conversations."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from database.queries.records.filters import ALWAYS, Spell, within_spell
from database.tables import Conversation, ConversationRecord, Event, Message
from domain.conversation.kinds import EventKind

NOT_TOLD = frozenset({"history_missing"})
"""Kinds of events that are bookkeeping of ours."""
EARLIER = timedelta(hours=1)
"""By how much an event may seem to be earlier than its message: clocks differ. Ours."""


async def messages(
    session: AsyncSession, ids: Sequence[UUID], after: int, limit: int, within: Spell = ALWAYS
) -> Sequence[Message]:
    """Return entries of transcripts that are of a span, after a position of each."""
    query = _of(Message, Message.conversation_id, Message.position, ids, after)
    query = query.where(_written(within, ids))
    return (await session.scalars(query.limit(limit))).all()


async def events(
    session: AsyncSession, ids: Sequence[UUID], after: int, limit: int, within: Spell = ALWAYS
) -> Sequence[Event]:
    """Return events of conversations that were in a span, after an id."""
    query = _of(Event, Event.conversation_id, Event.id, ids, after)
    query = query.where(*within_spell(Event.at, within))
    query = query.where(Event.kind.not_in(NOT_TOLD))
    return (await session.scalars(query.limit(limit))).all()


async def times_of(session: AsyncSession, consumers: Collection[UUID]) -> Sequence[Spell]:
    """Return of each conversation of some consumers from when on until when something happened.

    A span outside of these times has none of their messages, events, answers or closings.
    """
    last = func.greatest(func.max(Event.at), Conversation.closed_at, Conversation.opened_at)
    query = (
        select(Conversation.opened_at, last)
        .outerjoin(Event, Event.conversation_id == Conversation.id)
        .where(Conversation.consumer_id.in_(consumers))
        .group_by(Conversation.id)
    )
    found = await session.execute(query)
    return [Spell(begun - EARLIER, ended + EARLIER) for begun, ended in found]


def _of(
    table: Any,
    conversation_id: InstrumentedAttribute[UUID | None],
    place: InstrumentedAttribute[Any],
    ids: Sequence[UUID],
    after: int,
) -> Any:
    wanted = literal(list(ids), ARRAY(Uuid))
    query = select(table).where(conversation_id == any_(wanted), place > after)
    return query.order_by(func.array_position(wanted, conversation_id), place)


def _written(within: Spell, ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Return the condition that a message was written in a span, or came with an opening in it.

    A text that was sent before its consumer answered has a conversation only then. So the
    conversations are to be of those that were opened before the end of the span: else what was
    written in it comes with the next one as well.
    """
    written = and_(true(), *within_spell(Message.written_at, within))
    if within.since is None:
        return written
    opened = select(Conversation.id).where(
        Conversation.id.in_(ids), *within_spell(Conversation.opened_at, within)
    )
    came_along = (Message.written_at < within.since) & Message.conversation_id.in_(opened)
    return or_(written, came_along)


def has_messages(account_id: str, within: Spell) -> ColumnElement[bool]:
    """Return the condition that a conversation may have messages of a span.

    Whatever adds a message is an event, at that moment or later.
    """
    since = within.since - EARLIER if within.since else None
    return has_events(account_id, Spell(since))


def has_events(account_id: str, within: Spell) -> ColumnElement[bool]:
    """Return the condition that something happened in a conversation in a span."""
    return _in(Event.account_id == account_id, *within_spell(Event.at, within))


def has_survey(account_id: str, within: Spell) -> ColumnElement[bool]:
    """Return the condition that a survey ended in a span, or was answered when it had ended."""
    is_late = Event.data["late"].as_boolean().is_(True)
    is_over = (Event.kind == str(EventKind.survey_ended)) | (
        (Event.kind == str(EventKind.survey_answered)) & is_late
    )
    return _in(Event.account_id == account_id, *within_spell(Event.at, within), is_over)


def _in(*its: ColumnElement[bool]) -> ColumnElement[bool]:
    query = select(Event.conversation_id).where(Event.conversation_id.is_not(None), *its)
    return ConversationRecord.conversation_id.in_(query)
