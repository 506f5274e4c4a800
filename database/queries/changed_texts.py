"""What is needed to show texts that have just changed, of several conversations at once.

Live streams ask for it with each batch of events, so most are direct statements.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries.parts import JoinedText, LongTexts
from database.tables import Event, Message
from domain.conversation.kinds import EventKind

# The kinds stand in the statement: only so does PostgreSQL take their index.
EVENTS = b"""
    SELECT id, conversation_id, kind, data, command_key, at FROM event
    WHERE conversation_id = ANY(%(conversations)s)
      AND kind IN ('message_added', 'text_scheduled', 'opened_nothing')
      AND data->>'message_id' = ANY(%(messages)s)
    ORDER BY id
"""
SURVEYS = b"""
    SELECT id, closed_at FROM conversation
    WHERE id = ANY(%(conversations)s) AND survey_asked_at IS NOT NULL
"""
LONG = b"""
    SELECT inbound.id, inbound.part_total, count(part.id), CAST(NULL AS uuid)
    FROM inbound LEFT JOIN inbound_part AS part
        ON part.inbound_id = inbound.id AND NOT part.is_copy AND part.late_id IS NULL
    WHERE inbound.id = ANY(%(messages)s) AND inbound.part_total IS NOT NULL
    GROUP BY inbound.id, inbound.part_total
    UNION ALL
    SELECT late_id, NULL, NULL, inbound_id FROM inbound_part WHERE late_id = ANY(%(messages)s)
"""
MESSAGES = select(Message).where(
    Message.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    Message.conversation_id == any_(bindparam("conversations", type_=ARRAY(Uuid))),
)


@dataclass(frozen=True)
class TextEvents:
    """Events of texts: those that added them, when scheduled ones were written, and which texts
    opened nothing.
    """

    added: Sequence[Event] = ()
    planned: Mapping[UUID, datetime] = field(default_factory=dict)
    idle: Collection[UUID] = ()


async def text_events(
    direct: Direct,
    account_id: str,
    conversation_ids: Collection[UUID],
    message_ids: Collection[UUID],
) -> TextEvents:
    """Return what events tell of texts. Raises `psycopg.Error`."""
    values = {
        "conversations": list(conversation_ids),
        "messages": [str(one) for one in message_ids],
    }
    added, planned, idle = [], {}, set()
    for event_id, conversation_id, kind, data, key, at in await direct.fetch_all(EVENTS, values):
        message_id = UUID(data["message_id"])
        if kind == EventKind.text_scheduled:
            planned[message_id] = at
        elif kind == EventKind.opened_nothing:
            idle.add(message_id)
        else:
            event = Event(
                id=event_id,
                account_id=account_id,
                conversation_id=conversation_id,
                kind=kind,
                data=data,
                command_key=key,
                at=at,
            )
            added.append(event)
    return TextEvents(added, planned, idle)


async def survey_times(
    direct: Direct, conversation_ids: Collection[UUID]
) -> Mapping[UUID, datetime]:
    """Return since when texts belong to surveys, of conversations that were rated or asked."""
    values = {"conversations": list(conversation_ids)}
    return dict(await direct.fetch_all(SURVEYS, values))


async def long_texts(direct: Direct, message_ids: Collection[UUID]) -> LongTexts:
    """Return what is known about parts of texts: `database.queries.parts.long_texts`."""
    joined, late = {}, {}
    for message_id, total, count, text_id in await direct.fetch_all(
        LONG, {"messages": list(message_ids)}
    ):
        if text_id is None:
            joined[message_id] = JoinedText(total, count)
        else:
            late[message_id] = text_id
    return LongTexts(joined, late)


async def messages(
    session: AsyncSession, conversation_ids: Collection[UUID], ids: Collection[UUID]
) -> Mapping[UUID, Message]:
    """Return messages of conversations by their ids."""
    values = {"ids": list(ids), "conversations": list(conversation_ids)}
    return {message.id: message for message in await session.scalars(MESSAGES, values)}
