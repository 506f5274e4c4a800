"""Endpoints whose workflow is to be woken: for new events, for a change, or because it was lost."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Endpoint, EndpointDelivery, Event
from domain.endpoints.kinds import DeliveryState
from domain.endpoints.planning import MOST_WAITING

LOST_AFTER = timedelta(minutes=3)
"""After this time without a word, the worker of a turn counts as dead and its workflow as not told.
Ours: above the time in which Temporal notices a dead worker and begins again.
"""
SKIPPED = 1000
"""Ids of events without a chosen one after which an idle endpoint moves on, so that they are looked
through once. Ours.
"""


async def claim(session: AsyncSession, account_ids: Collection[str]) -> Sequence[str]:
    """Claim the endpoints of accounts that have something to do, in the order of their ids.

    Each is claimed once until its turn ends: whoever claims it wakes its workflow.
    """
    query = (
        select(Endpoint)
        .where(Endpoint.account_id.in_(account_ids), Endpoint.is_waiting, _has_a_workflow())
        .order_by(Endpoint.id)
        # Not SKIP LOCKED: whoever holds the lock may have looked before the newest event.
        .with_for_update()
    )
    rows = (await session.scalars(query)).all()
    claimed = [row for row in rows if await _is_wanted(session, row)]
    return await _claimed(session, [row.id for row in claimed])


def _has_a_workflow() -> ColumnElement[bool]:
    """Say whether an endpoint is in use, or its workflow is still to be told that it is not."""
    return or_(Endpoint.retired_at.is_(None), and_(Endpoint.is_stirred, Endpoint.is_waiting))


async def _is_wanted(session: AsyncSession, row: Endpoint) -> bool:
    if row.is_stirred:
        return True
    if row.paused_at is not None or await _is_held(session, row):
        return False
    newest = await session.scalar(
        select(func.max(Event.id)).where(Event.account_id == row.account_id)
    )
    if newest is None or newest <= row.read_to:
        return (newest or 0) < row.read_to  # of a restored database: it is to be put right
    chosen = Event.kind.in_(row.kinds) if row.kinds is not None else Event.id > 0
    is_new = and_(
        Event.account_id == row.account_id, Event.id > row.read_to, Event.id <= newest, chosen
    )
    if await session.scalar(select(exists().where(is_new))):
        return not await _is_full(session, row)
    if newest - row.read_to > SKIPPED:
        row.read_to = newest
    return False


async def _is_full(session: AsyncSession, row: Endpoint) -> bool:
    """Say whether so many events wait that a new one would not be read."""
    waiting = select(func.count()).where(
        EndpointDelivery.endpoint_id == row.id,
        EndpointDelivery.state == DeliveryState.waiting.value,
    )
    return (await session.scalar(waiting) or 0) >= MOST_WAITING


async def _is_held(session: AsyncSession, row: Endpoint) -> bool:
    """Say whether an endpoint waits for a time before which nothing is posted to it."""
    held = select(Endpoint.hold_until > func.now()).where(Endpoint.id == row.id)
    return bool(row.hold_until and await session.scalar(held))


async def claim_lost(session: AsyncSession) -> Sequence[str]:
    """Claim endpoints whose workflow must have been lost, or was never told."""
    silent = Endpoint.seen_at < func.now() - LOST_AFTER
    overdue = Endpoint.due_at < func.now() - LOST_AFTER
    lost = or_(~Endpoint.is_waiting & silent, Endpoint.is_waiting & overdue)
    query = (
        select(Endpoint.id)
        .where(Endpoint.retired_at.is_(None), lost)
        .order_by(Endpoint.id)
        .with_for_update(skip_locked=True)
    )
    return await _claimed(session, (await session.scalars(query)).all())


async def accounts(session: AsyncSession) -> Sequence[str]:
    """Return the accounts that have endpoints."""
    query = select(Endpoint.account_id).where(_has_a_workflow()).distinct()
    return (await session.scalars(query)).all()


async def _claimed(session: AsyncSession, ids: Sequence[str]) -> Sequence[str]:
    if ids:
        values: dict[str, Any] = {"is_waiting": False, "seen_at": func.now(), "due_at": None}
        await session.execute(update(Endpoint).where(Endpoint.id.in_(ids)).values(values))
    return ids


async def unclaim(session: AsyncSession, endpoint_id: str) -> None:
    """Give an endpoint back whose workflow could not be woken: somebody tries again."""
    await session.execute(
        update(Endpoint).where(Endpoint.id == endpoint_id).values(is_waiting=True, is_stirred=True)
    )
