"""Time zones as PostgreSQL reads them: it cuts the days of figures, while Python keeps all hours.

Each has tables of its own, of whatever version.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Account
from domain.errors import Invalid
from domain.settings.zones import Offsets, moments, offsets

IS_KNOWN = sql("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = :zone)")
# What is an abbreviation is one first, in whatever case, and never looked up as a zone.
# https://www.postgresql.org/docs/current/datetime-input-rules.html
IS_ABBREVIATION = sql(
    "SELECT EXISTS (SELECT FROM pg_timezone_abbrevs WHERE upper(abbrev) = upper(:zone))"
)
OFFSETS = sql("""
    SELECT name, array_agg(
        timezone(name, moment) - timezone('UTC', moment) ORDER BY moment
    ) AS offsets
    FROM pg_timezone_names, unnest(CAST(:moments AS timestamptz[])) AS moment
    WHERE name = ANY(:zones)
    GROUP BY name
""")


async def check(session: AsyncSession, zone: str) -> None:
    """Raise `Invalid` for a time zone that PostgreSQL does not know, or takes for something else.

    It reads CET and the like as abbreviations, whose offset is the same in summer and winter.
    """
    if not await session.scalar(IS_KNOWN, {"zone": zone}):
        raise Invalid(f"PostgreSQL does not know the time zone {zone}. Choose another one.")
    if await session.scalar(IS_ABBREVIATION, {"zone": zone}) and await differing(session, [zone]):
        raise Invalid(
            f"PostgreSQL takes {zone} for an offset without summer time. Choose the zone of a "
            "place, such as Europe/Berlin."
        )


async def differing(session: AsyncSession, zones: Sequence[str]) -> list[str]:
    """Return those of some zones that PostgreSQL or Python lacks, or whose clocks differ.

    Each month of some years is compared.
    """
    at = moments((await session.scalars(select(func.now()))).one())
    theirs = await offsets_of(session, zones, at)
    return [zone for zone in zones if zone not in theirs or theirs[zone] != offsets(zone, at)]


async def offsets_of(
    session: AsyncSession, zones: Sequence[str], at: Sequence[datetime]
) -> dict[str, Offsets]:
    """Return PostgreSQL's offsets from UTC of the zones that it knows, at moments in order."""
    rows = await session.execute(OFFSETS, {"zones": list(zones), "moments": list(at)})
    return {row.name: tuple(row.offsets) for row in rows}


async def in_use(session: AsyncSession) -> Sequence[str]:
    """Return the time zones of all accounts."""
    query = select(Account.time_zone).distinct().order_by(Account.time_zone)
    return (await session.scalars(query)).all()
