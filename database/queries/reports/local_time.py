"""An account's clock for reports: its zone, and its working hours as they were set over time."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import hours
from database.tables import Account, HoursVersion, Skill
from domain.hours.written import read
from domain.reporting.local_time import HoursSince, LocalTime


async def load(session: AsyncSession, account_id: str) -> LocalTime:
    """Return the clock of an account. What has no version is as it is set now."""
    account = await session.get_one(Account, account_id)
    found: dict[str | None, list[HoursSince]] = {}
    query = select(HoursVersion).where(HoursVersion.account_id == account_id)
    for row in await session.scalars(query.order_by(HoursVersion.since, HoursVersion.id)):
        version = HoursSince(row.since, read(row.calendar) if row.calendar else None)
        found.setdefault(row.skill_id, []).append(version)
    own = select(Skill.id).where(Skill.account_id == account_id, Skill.has_own_hours)
    for skill_id in [None, *await session.scalars(own)]:
        if skill_id not in found:
            calendar = await hours.load(session, account_id, skill_id)
            found[skill_id] = [HoursSince(account.created_at, calendar)]
    return LocalTime(ZoneInfo(account.time_zone), found)
