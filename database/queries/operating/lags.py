"""Queues of all accounts, and what is refused or paused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.operating.waiting import RECENT
from database.tables import (
    CatchUp,
    Connector,
    ConnectorPause,
    Endpoint,
    Line,
    LineRefusal,
    QueueEntry,
)

MOST = 50
"""Rows of one kind that are shown."""


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
