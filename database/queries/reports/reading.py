"""By which clock an account's facts were made, and how far they are being made anew."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries.records import reading as records
from database.tables import AgentStatePeriod, ReportReading

BEHIND = b"""
    SELECT account.id FROM account
    LEFT JOIN report_reading ON report_reading.account_id = account.id
    WHERE report_reading.is_recounting
        OR report_reading.time_zone IS DISTINCT FROM account.time_zone
"""


async def behind(direct: Direct) -> Sequence[str]:
    """Return the accounts whose facts are to be made anew, or were never made."""
    return [str(row[0]) for row in await direct.fetch_all(BEHIND, {})]


async def lead(session: AsyncSession, account_id: str) -> ReportReading:
    """Lock how far an account's facts are made anew; waits for whoever else writes its facts."""
    await records.wait(session, account_id)
    found = await session.get(ReportReading, account_id)
    if found is None:
        found = ReportReading(account_id=account_id, time_zone="", is_recounting=False)
        session.add(found)
    return found


async def is_of_zone(session: AsyncSession, account_id: str, zone: str) -> bool:
    """Say whether an account's facts, if there are any, were cut by the clock of a zone."""
    query = select(ReportReading.time_zone).where(ReportReading.account_id == account_id)
    return await session.scalar(query) in (None, zone)


async def agents_with_states(session: AsyncSession, account_id: str) -> Sequence[str]:
    """Return the agents who were in states that ended."""
    table = AgentStatePeriod
    query = select(table.agent_id).where(table.account_id == account_id).distinct()
    return (await session.scalars(query)).all()
