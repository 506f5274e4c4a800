"""Events as an endpoint gets them: with line and consumer and, if it wants texts, the message."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Consumer, Conversation, Event, Message
from domain.ids import is_uuid


@dataclass(frozen=True)
class Told:
    """An event, and what belongs to it. `message` and `number`: only if texts are wanted."""

    event: Event
    line_id: str | None
    consumer_id: UUID | None
    number: str | None = None
    message: Message | None = None


async def told(
    session: AsyncSession, account_id: str, event_ids: Sequence[int], *, with_texts: bool
) -> dict[int, Told]:
    """Return an account's events by id; one that does not exist any more is left out.

    Texts are read now, so what was erased meanwhile is not told.
    """
    rows = await session.execute(
        select(Event, Conversation.line_id, Consumer.id, Consumer.number)
        .outerjoin(Conversation, Conversation.id == Event.conversation_id)
        .outerjoin(Consumer, Consumer.id == Conversation.consumer_id)
        .where(Event.account_id == account_id, Event.id.in_(event_ids))
    )
    found = {row[0].id: row for row in rows}
    messages: Mapping[UUID, Message] = {}
    if with_texts:
        mentioned = [message_id(row[0]) for row in found.values()]
        messages = await _messages(session, account_id, {one for one in mentioned if one})
    return {
        event_id: Told(
            event,
            line_id,
            consumer_id,
            number if with_texts else None,
            messages.get(named) if (named := message_id(event)) else None,
        )
        for event_id, (event, line_id, consumer_id, number) in found.items()
    }


def message_id(event: Event) -> UUID | None:
    """Return the message that an event names, if it names one."""
    named = event.data.get("message_id")
    return UUID(named) if isinstance(named, str) and is_uuid(named) else None


async def _messages(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> Mapping[UUID, Message]:
    query = select(Message).where(Message.account_id == account_id, Message.id.in_(ids))
    return {row.id: row for row in await session.scalars(query)}
