"""What waits in the whole installation, since when, and what is refused or paused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import (
    CatchUp,
    Connector,
    ConnectorPause,
    Endpoint,
    Inbound,
    Line,
    LineRefusal,
    Message,
    QueueEntry,
    StaleDay,
)

UNKNOWN = sql("message.status = 'unknown'")
"""Written out, so that the index of texts that were not sent fits."""
RECENT = timedelta(days=1)
"""Refusals and texts in doubt of so long ago are shown. Ours."""
MOST_BEHIND = 1000
"""Events behind that are counted in one account. Ours: more is as bad."""
MOST = 50
"""Rows of one kind that are shown."""

BEHIND = """
    SELECT coalesce(sum(late.events), 0), min(late.oldest) FROM ({readers}) AS reader
    CROSS JOIN LATERAL (
        SELECT count(*) AS events, min(at) AS oldest FROM (
            SELECT at FROM event
            WHERE event.account_id = reader.account_id AND event.id > reader.last_event_id
            ORDER BY event.id LIMIT :most
        ) AS unread
    ) AS late
"""
OF_ACCOUNTS = """
    SELECT account.id AS account_id, coalesce(place.last_event_id, 0) AS last_event_id
    FROM account LEFT JOIN {table} AS place ON place.account_id = account.id
"""
OF_ENDPOINTS = """
    SELECT account_id, read_to AS last_event_id FROM endpoint
    WHERE retired_at IS NULL AND paused_at IS NULL AND kinds IS NULL
"""
READERS = {
    "records": OF_ACCOUNTS.format(table="record_reading"),
    "notices": OF_ACCOUNTS.format(table="notice_reading"),
    "endpoints": OF_ENDPOINTS,
}
"""Who follows events. Endpoints that chose kinds move on only with those, so none is counted."""


@dataclass(frozen=True)
class Waiting:
    """How many wait, and since when the first of them."""

    count: int
    since: datetime | None


@dataclass(frozen=True)
class Queue:
    """Conversations of an account that wait for an agent."""

    account_id: str
    count: int
    since: datetime | None


@dataclass(frozen=True)
class Halted:
    """A connector, line or endpoint that is paused, refused or behind. `name`: as people call it.

    `word`: a code of ours that says why. `count`: how often, where that is counted.
    """

    account_id: str
    name: str
    since: datetime
    word: str
    count: int = 0


async def not_handed_over(session: AsyncSession) -> Waiting:
    """Return consumers' texts that Temporal has not got, without those that wait for parts."""
    query = select(func.count(), func.min(Inbound.received_at)).where(
        Inbound.handed_over_at.is_(None), Inbound.joining_until.is_(None)
    )
    return Waiting(*(await session.execute(query)).one())


async def in_doubt(session: AsyncSession, now: datetime) -> Waiting:
    """Return recent texts of which nobody knows whether the provider took them."""
    query = select(func.count(), func.min(Message.status_at)).where(
        UNKNOWN, Message.status_at > now - RECENT
    )
    return Waiting(*(await session.execute(query)).one())


async def behind(session: AsyncSession) -> dict[str, Waiting]:
    """Return how many events each follower has not read, of all accounts."""
    found = {}
    for name, readers in READERS.items():
        rows = await session.execute(sql(BEHIND.format(readers=readers)), {"most": MOST_BEHIND})
        events, oldest = rows.one()
        found[name] = Waiting(int(events), oldest)
    days = await session.scalar(select(func.count()).select_from(StaleDay))
    return found | {"figures": Waiting(days or 0, None)}


async def queues(session: AsyncSession) -> Sequence[Queue]:
    """Return how many conversations wait in each account, the oldest wait first."""
    oldest = func.min(QueueEntry.entered_at)
    query = (
        select(QueueEntry.account_id, func.count(), oldest)
        .group_by(QueueEntry.account_id)
        .order_by(oldest)
        .limit(MOST)
    )
    return [Queue(*row) for row in await session.execute(query)]


async def paused_connectors(session: AsyncSession) -> Sequence[Halted]:
    """Return connectors whose whole account the provider refuses."""
    query = (
        select(
            *(ConnectorPause.account_id, Connector.name, ConnectorPause.paused_at),
            *(ConnectorPause.code, ConnectorPause.tries),
        )
        .join(Connector, Connector.id == ConnectorPause.connector_id)
        .where(ConnectorPause.resumed_at.is_(None))
        .order_by(ConnectorPause.paused_at)
        .limit(MOST)
    )
    return [Halted(*row) for row in await session.execute(query)]


async def refused_lines(session: AsyncSession, now: datetime) -> Sequence[Halted]:
    """Return lines whose webhook recently got texts that were not for them."""
    query = (
        select(
            *(Line.account_id, Line.name, LineRefusal.last_at),
            *(LineRefusal.reason, LineRefusal.times),
        )
        .join(Line, Line.id == LineRefusal.line_id)
        .where(Line.retired_at.is_(None), LineRefusal.last_at > now - RECENT)
        .order_by(LineRefusal.last_at.desc())
        .limit(MOST)
    )
    return [Halted(*row) for row in await session.execute(query)]


async def unread_lists(session: AsyncSession, now: datetime) -> Sequence[Halted]:
    """Return lines whose provider does not let its list of texts be read."""
    query = (
        select(Line.account_id, Line.name, CatchUp.failing_since, CatchUp.failure_code)
        .join(Line, Line.id == CatchUp.line_id)
        .where(Line.retired_at.is_(None), CatchUp.failing_since.is_not(None))
        .order_by(CatchUp.failing_since)
        .limit(MOST)
    )
    return [
        Halted(row[0], row[1], row[2] or now, row[3] or "") for row in await session.execute(query)
    ]


async def halted_endpoints(session: AsyncSession) -> Sequence[Halted]:
    """Return endpoints that get no events: paused by themselves or by hand, or failing."""
    since = func.coalesce(Endpoint.paused_at, Endpoint.failing_since)
    query = (
        select(
            *(Endpoint.account_id, Endpoint.name, since),
            *(func.coalesce(Endpoint.pause_reason, "down"), Endpoint.failures),
        )
        .where(Endpoint.retired_at.is_(None), since.is_not(None))
        .order_by(since)
        .limit(MOST)
    )
    return [Halted(*row) for row in await session.execute(query)]
