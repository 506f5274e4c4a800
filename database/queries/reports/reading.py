"""SplitBy which clock an account's facts were made, and how far they are being made anew."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import AgentStatePeriod, Conversation, ReportReading

BEHIND = b"""
    SELECT account.id FROM account
    LEFT JOIN report_reading ON report_reading.account_id = account.id
    WHERE report_reading.is_recounting
        OR report_reading.time_zone IS DISTINCT FROM account.time_zone
"""


async def behind(direct: Direct) -> Sequence[str]:
    """Return the accounts whose facts are to be made anew, or were never made."""
    return [str(row[0]) for row in await direct.fetch_all(BEHIND, {})]


async def lead(
    session: AsyncSession, account_id: str, *, waits: bool = False
) -> ReportReading | None:
    """Lock how far an account's facts are made anew; None while another process does it.

    `waits`: for that process.
    """
    name = func.hashtextextended(f"recount/{account_id}", 0)
    if waits:
        await session.execute(select(func.pg_advisory_xact_lock(name)))
    elif not await session.scalar(select(func.pg_try_advisory_xact_lock(name))):
        return None
    found = await session.get(ReportReading, account_id)
    if found is None:
        found = ReportReading(account_id=account_id, time_zone="", is_recounting=False)
        session.add(found)
    return found


async def conversations(
    session: AsyncSession, account_id: str, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Return the next conversations of an account, by their ids."""
    query = select(Conversation.id).where(Conversation.account_id == account_id)
    if after is not None:
        query = query.where(Conversation.id > after)
    return (await session.scalars(query.order_by(Conversation.id).limit(limit))).all()


async def agents_with_states(session: AsyncSession, account_id: str) -> Sequence[str]:
    """Return the agents who were in states that ended."""
    table = AgentStatePeriod
    query = select(table.agent_id).where(table.account_id == account_id).distinct()
    return (await session.scalars(query)).all()
