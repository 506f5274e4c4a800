"""How far lines were compared with their providers' lists of texts, and what is missing here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import CatchUp, Connector, InboundKey, Line

WITH_LINES = exists().where(Line.connector_id == Connector.id, Line.retired_at.is_(None))


BEHIND_AFTER = timedelta(minutes=35)
"""A line that was last complete so long ago is behind. Ours: three runs, and what a run leaves."""


@dataclass(frozen=True)
class Standing:
    """How far a line was compared: all texts until `complete_until` are here.

    `next_page`, `began_at`: set while a list that is too long for one run is read in several.
    """

    line_id: str
    created_at: datetime
    complete_until: datetime
    next_page: str | None = None
    began_at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """How a line stands, for people. `found`: how many texts were ever fetched."""

    line_name: str
    complete_until: datetime
    failing_since: datetime | None
    last_run_at: datetime | None
    found: int


async def connectors_in_use(session: AsyncSession) -> dict[str, str]:
    """Return the provider of each connector that has a line in service, by the connector's id."""
    query = select(Connector.id, Connector.provider).where(
        Connector.retired_at.is_(None), WITH_LINES
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def lines_of(session: AsyncSession, connector_id: str) -> Sequence[Standing]:
    """Return the lines in service of a connector. A line was complete when it was made.

    The line that was looked at longest ago comes first, so that each has its turn.
    """
    until = func.coalesce(CatchUp.complete_until, Line.created_at)
    query = (
        select(Line.id, Line.created_at, until, CatchUp.next_page, CatchUp.began_at)
        .outerjoin(CatchUp, CatchUp.line_id == Line.id)
        .where(Line.connector_id == connector_id, Line.retired_at.is_(None))
        .order_by(CatchUp.last_run_at.nulls_first(), Line.id)
    )
    return [Standing(*row) for row in await session.execute(query)]


async def filed_after(session: AsyncSession, connector_id: str) -> int:
    """Return after how many seconds a connector's late texts are only filed."""
    query = select(Connector.filed_after_seconds).where(Connector.id == connector_id)
    return (await session.scalars(query)).one()


async def unknown(
    session: AsyncSession, connector_id: str, provider_ids: Collection[str]
) -> frozenset[str]:
    """Return those of some provider's ids of texts that are not here."""
    query = select(InboundKey.provider_message_id).where(
        InboundKey.connector_id == connector_id, InboundKey.provider_message_id.in_(provider_ids)
    )
    return frozenset(provider_ids) - set((await session.scalars(query)).all())


async def advance(session: AsyncSession, at: Standing, now: datetime, *, found: int) -> None:
    """Record a run that could read the list. `complete_until` never moves back."""
    values = {
        "complete_until": at.complete_until,
        "next_page": at.next_page,
        "began_at": at.began_at,
        "last_run_at": now,
        "failing_since": None,
        "failure_code": None,
        "last_found_at": now if found else None,
    }
    row = upsert(CatchUp).values(line_id=at.line_id, found=found, **values)
    changes = values | {
        "complete_until": func.greatest(CatchUp.complete_until, at.complete_until),
        "found": CatchUp.found + found,
        "last_found_at": func.coalesce(row.excluded.last_found_at, CatchUp.last_found_at),
    }
    await session.execute(row.on_conflict_do_update(index_elements=["line_id"], set_=changes))


async def postpone(
    session: AsyncSession, at: Standing, now: datetime, *, code: str, found: int
) -> None:
    """Record a run that could not read the list. The next one begins again where this one did."""
    row = upsert(CatchUp).values(
        line_id=at.line_id,
        complete_until=at.complete_until,
        last_run_at=now,
        failing_since=now,
        failure_code=code,
        found=found,
        last_found_at=now if found else None,
    )
    changes = {
        "next_page": None,
        "began_at": None,
        "last_run_at": now,
        "failing_since": func.coalesce(CatchUp.failing_since, now),
        "failure_code": code,
        "found": CatchUp.found + found,
        "last_found_at": func.coalesce(row.excluded.last_found_at, CatchUp.last_found_at),
    }
    await session.execute(row.on_conflict_do_update(index_elements=["line_id"], set_=changes))


async def progress(session: AsyncSession, connector_id: str) -> Sequence[Progress]:
    """Return how each line in service of a connector stands, by name."""
    query = (
        select(
            Line.name,
            func.coalesce(CatchUp.complete_until, Line.created_at),
            CatchUp.failing_since,
            CatchUp.last_run_at,
            func.coalesce(CatchUp.found, 0),
        )
        .outerjoin(CatchUp, CatchUp.line_id == Line.id)
        .where(Line.connector_id == connector_id, Line.retired_at.is_(None))
        .order_by(Line.name)
    )
    return [Progress(*row) for row in await session.execute(query)]


async def count_found(session: AsyncSession) -> int:
    """Return how many texts were ever fetched, on all lines."""
    return int(await session.scalar(sql("SELECT coalesce(sum(found), 0) FROM catch_up")) or 0)


async def count_behind(session: AsyncSession, providers: Collection[str], before: datetime) -> int:
    """Return how many lines of these providers have not been complete since `before`."""
    query = (
        select(func.count())
        .select_from(Line)
        .join(Connector, Connector.id == Line.connector_id)
        .outerjoin(CatchUp, CatchUp.line_id == Line.id)
        .where(
            Connector.provider.in_(providers),
            Connector.retired_at.is_(None),
            Line.retired_at.is_(None),
            Line.created_at < before,
            or_(CatchUp.complete_until.is_(None), CatchUp.complete_until < before),
        )
    )
    return int(await session.scalar(query) or 0)
