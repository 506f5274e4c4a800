"""Blocks of consumers: the current one, and the ledger of all."""

from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.consent import Recorded
from database.queries.events import CHANNEL_OPT_OUTS, notify
from database.tables import BlockEvent, Consumer

BLOCKED, UNBLOCKED = "blocked", "unblocked"


async def block(session: AsyncSession, consumer: Consumer, reason: str, by: Recorded) -> bool:
    """Block a consumer; returns whether they were not blocked before."""
    return await _set(session, consumer, BLOCKED, reason, by)


async def unblock(session: AsyncSession, consumer: Consumer, by: Recorded) -> bool:
    """End the block of a consumer; returns whether they were blocked."""
    return await _set(session, consumer, UNBLOCKED, None, by)


async def _set(
    session: AsyncSession, consumer: Consumer, kind: str, reason: str | None, by: Recorded
) -> bool:
    is_block = kind == BLOCKED
    changed = (
        update(Consumer)
        .where(Consumer.id == consumer.id, Consumer.blocked_at.is_(None) == is_block)
        .values(blocked_at=func.now() if is_block else None, blocked_reason=reason)
        .returning(Consumer.id)
    )
    if await session.scalar(changed) is None:
        return False
    await _record(session, consumer.account_id, consumer.id, kind, reason, by)
    await session.refresh(consumer)
    return True


async def _record(
    session: AsyncSession,
    account_id: str,
    consumer_id: UUID,
    kind: str,
    reason: str | None,
    by: Recorded,
) -> None:
    row = {"account_id": account_id, "consumer_id": consumer_id, "kind": kind, "reason": reason}
    row |= {"agent_id": by.agent_id, "token_id": by.token_id}
    await session.execute(insert(BlockEvent).values(row))
    if kind == BLOCKED:
        await notify(session, CHANNEL_OPT_OUTS, str(consumer_id))
