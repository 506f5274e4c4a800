"""Keeps what agents' load was, hour by hour."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import LoadHour, ReportReading
from domain.reporting import loads

ONLINE = b"""
    SELECT DISTINCT account_id FROM agent WHERE state = 'online' AND retired_at IS NULL
"""


async def accounts_online(direct: Direct) -> Sequence[str]:
    """Return the accounts of which somebody is online."""
    return [str(row[0]) for row in await direct.fetch_all(ONLINE, {})]


async def take_minute(session: AsyncSession, account_id: str, minute: datetime) -> bool:
    """Say whether it is this transaction that looks in a minute: one does."""
    its = ReportReading.account_id == account_id
    free = ReportReading.looked_at.is_(None) | (ReportReading.looked_at < minute)
    taken = update(ReportReading).where(its, free).values(looked_at=minute)
    found = await session.scalar(taken.returning(ReportReading.account_id))
    return found is not None


async def add(
    session: AsyncSession, account_id: str, looks: Iterable[loads.LoadHour]
) -> Sequence[loads.LoadHour]:
    """Add single looks to their hours. Returns these hours."""
    rows = [
        {
            "account_id": account_id,
            "hour": one.hour,
            "agent_id": one.agent_id or "",
            "looks": one.looks,
            "held": one.held,
            "limit": one.limit,
            "most": one.most,
            "least": one.least,
        }
        for one in looks
    ]
    table, new = LoadHour, insert(LoadHour).values(rows)
    both = {name: getattr(table, name) + new.excluded[name] for name in ("looks", "held")}
    both["most_held"] = table.limit + new.excluded["most_held"]
    both["most"] = func.greatest(table.most, new.excluded["most"])
    both["least"] = func.least(table.least, new.excluded["least"])
    keys = [table.account_id, table.hour, table.agent_id]
    kept = new.on_conflict_do_update(index_elements=keys, set_=both).returning(table)
    found = await session.scalars(kept, execution_options={"populate_existing": True})
    return [_read(row) for row in found]


async def kept(session: AsyncSession, account_id: str) -> Sequence[loads.LoadHour]:
    """Return all hours that are kept."""
    found = await session.scalars(select(LoadHour).where(LoadHour.account_id == account_id))
    return [_read(row) for row in found]


def _read(row: LoadHour) -> loads.LoadHour:
    return loads.LoadHour(
        row.agent_id or None,
        row.hour,
        row.looks,
        row.held,
        row.limit,
        row.most,
        row.least,
    )
