"""Texts without a conversation, as reports count them: also those that one answers and shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import BatchRecipient, Invitation, Message
from domain.reporting.alone import TextAlone
from domain.reporting.sources import BATCH


@dataclass(frozen=True)
class Place:
    """Where a page of texts ends."""

    consumer_id: UUID
    id: UUID


@dataclass(frozen=True)
class AloneRow:
    """A text, and where it counts. `source`: None for one that answers or confirms by itself."""

    place: Place
    line_id: str
    source: str | None
    text: TextAlone


async def of_ids(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> Sequence[AloneRow]:
    """Return those of some texts that were written without a conversation."""
    is_alone = Message.conversation_id.is_(None) | Invitation.message_id.is_not(None)
    return await _read(session, _texts(account_id).where(Message.id.in_(ids), is_alone))


async def page(
    session: AsyncSession, account_id: str, after: Place | None, *, answered: bool, limit: int
) -> Sequence[AloneRow]:
    """Return the next texts without a conversation, in a lasting order.

    `answered`: those that were answered, which a conversation shows since.
    """
    order = (Message.consumer_id, Message.id)
    query = _texts(account_id).order_by(*order).limit(limit)
    if answered:
        query = query.where(
            Message.conversation_id.is_not(None), Invitation.message_id.is_not(None)
        )
    else:
        query = query.where(Message.conversation_id.is_(None))
    if after is not None:
        query = query.where(tuple_(*order) > (after.consumer_id, after.id))
    return await _read(session, query)


Texts = Select[Message, str, str, bool]


def _texts(account_id: str) -> Texts:
    is_of_batch = exists().where(BatchRecipient.message_id == Message.id)
    return (
        select(Message, Invitation.kind, Invitation.skill_id, is_of_batch)
        .outerjoin(Invitation, Invitation.message_id == Message.id)
        .where(
            Message.account_id == account_id,
            Message.author != "consumer",
        )
        .execution_options(populate_existing=True)
    )


async def _read(session: AsyncSession, query: Texts) -> Sequence[AloneRow]:
    return [
        AloneRow(
            Place(row.consumer_id, row.id),
            row.line_id,
            BATCH if is_of_batch else kind,
            TextAlone(
                row.status,
                row.written_at,
                skill_id,
                row.segments,
                row.price,
                row.price_currency,
            ),
        )
        for row, kind, skill_id, is_of_batch in await session.execute(query)
    ]
