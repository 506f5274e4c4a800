"""Delivery reports about single parts of a text, and how many parts were delivered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.delivery import delivery_data
from database.queries.events import NewEvent, append
from domain.conversation.kinds import EventKind
from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import below

# Reports of the parts come at once. Each must see what the others wrote.
LOCK = sql("SELECT segments FROM message WHERE id = :message_id FOR UPDATE")

KEEP = sql("""
    INSERT INTO part_report (message_id, provider_message_id, number, total, status, provider_code)
    VALUES (:message_id, :provider_message_id, :number, NULLIF(:total, 0), :status, :provider_code)
    ON CONFLICT (message_id, provider_message_id, number) DO UPDATE
        SET status = excluded.status, provider_code = excluded.provider_code, at = now(),
            total = coalesce(excluded.total, part_report.total)
        WHERE part_report.status = ANY(:lower)
""")

COUNT = sql("""
    SELECT coalesce(max(total), greatest(max(number), :segments)),
        count(*) FILTER (WHERE status = 'delivered')
    FROM part_report
    WHERE message_id = :message_id AND provider_message_id = :provider_message_id
""")

# A text that was sent again has two ids at the provider: the one it has now counts.
SHOW = sql("""
    UPDATE message SET parts = :total, parts_delivered = :delivered
    WHERE id = :message_id
      AND (provider_message_id IS NULL OR provider_message_id = :provider_message_id)
      AND (parts, parts_delivered) IS DISTINCT FROM (:total, :delivered)
    RETURNING account_id, conversation_id, agent_id, status
""")


@dataclass(frozen=True)
class PartNews:
    """What a report says about one part. `total`: 0 if the report does not tell it."""

    message_id: UUID
    provider_message_id: str
    number: int
    total: int
    status: MessageStatus
    provider_code: str | None


@dataclass(frozen=True)
class PartsDelivered:
    """How many parts of a text were delivered, of how many.

    `event`: to be appended if the text's status does not change with them; None: no news.
    """

    delivered: int
    total: int
    account_id: str | None = None
    event: NewEvent | None = None


async def keep(session: AsyncSession, news: PartNews, at: datetime) -> PartsDelivered:
    """Keep a report about a part; its status only ever rises. Locks the text's row.

    Without a total in any report, the text has the segments we counted.
    """
    ids = {"message_id": news.message_id, "provider_message_id": news.provider_message_id}
    segments = await session.scalar(LOCK, {"message_id": news.message_id}) or 0
    await session.execute(
        KEEP,
        ids
        | {
            "number": news.number,
            "total": news.total,
            "status": str(news.status),
            "provider_code": news.provider_code,
            "lower": [str(word) for word in below(news.status)],
        },
    )
    total, delivered = (await session.execute(COUNT, ids | {"segments": segments})).one()
    shown = await session.execute(SHOW, ids | {"total": total, "delivered": delivered})
    row = shown.one_or_none()
    if row is None:
        return PartsDelivered(delivered, total)
    data = delivery_data(news.message_id, MessageStatus(row.status))
    data_of_parts = data | {"parts": total, "parts_delivered": delivered}
    kind = str(EventKind.message_status)
    event = NewEvent(kind, at, row.conversation_id, row.agent_id, data_of_parts)
    return PartsDelivered(delivered, total, row.account_id, event)


async def tell(session: AsyncSession, parts: PartsDelivered) -> None:
    """Append the event that more parts were delivered. Do nothing after it in the transaction."""
    if parts.event and parts.account_id:
        await append(session, parts.account_id, [parts.event])
