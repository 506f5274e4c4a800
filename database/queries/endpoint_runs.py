"""What a worker reads and writes while it posts to an endpoint: in its turn, or not at all.

A turn is a number that each worker and each change by people raises. What a worker writes under an
older turn changes nothing, so that two workers, or a worker and a person, never mix.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import NewEvent, append, latest_id
from database.tables import Endpoint, EndpointAttempt, EndpointDelivery, Event
from domain.conversation.kinds import EventKind
from domain.endpoints.kinds import DeliveryState, PauseReason
from domain.endpoints.planning import MOST_WAITING, Unread, Waiting
from domain.endpoints.settling import Health, Settled

READ_AT_ONCE = 100
"""New events of one round. Ours."""
SCANNED_AT_ONCE = 5000
"""Events that are looked through for chosen ones at once. Ours: some 10 ms."""


@dataclass(frozen=True)
class Turn:
    """An endpoint in a worker's turn, at the database's time `now`."""

    endpoint: Endpoint
    now: datetime

    @property
    def health(self) -> Health:
        row = self.endpoint
        return Health(row.failures, row.failing_since, row.hold_until)

    @property
    def row(self) -> Any:
        """Return the condition for the endpoint's row, as long as this turn lasts."""
        return (Endpoint.id == self.endpoint.id) & (Endpoint.turn == self.endpoint.turn)


@dataclass(frozen=True)
class Found:
    """Events for an endpoint. `read_to`: as far as was looked; `is_full`: no more may wait."""

    waiting: Sequence[Waiting]
    unread: Sequence[Unread]
    read_to: int
    is_full: bool = False


@dataclass(frozen=True)
class Attempt:
    """A post to an endpoint and what became of it. `event_id`: None for a test."""

    event_id: int | None
    kind: str
    conversation_id: UUID | None
    webhook_id: str
    at: datetime
    milliseconds: int
    status: int | None
    outcome: str
    answer: str


async def begin(session: AsyncSession, endpoint_id: str) -> Turn | None:
    """Begin a turn; None for an endpoint that is retired or does not exist."""
    taken = (
        update(Endpoint)
        .where(Endpoint.id == endpoint_id, Endpoint.retired_at.is_(None))
        .values(turn=Endpoint.turn + 1, is_waiting=False, is_stirred=False, seen_at=func.now())
        .returning(Endpoint, func.clock_timestamp())
    )
    row = (await session.execute(taken)).one_or_none()
    return Turn(row[0], row[1]) if row else None


async def still(session: AsyncSession, turn: Turn) -> Turn | None:
    """Return the endpoint as it is now; None when this worker's turn is over."""
    query = select(Endpoint, func.clock_timestamp()).where(turn.row)
    row = (await session.execute(query)).one_or_none()
    return Turn(row[0], row[1]) if row else None


async def find(session: AsyncSession, endpoint: Endpoint) -> Found:
    """Return the events to post next."""
    rows = await session.execute(
        select(EndpointDelivery)
        .where(
            EndpointDelivery.endpoint_id == endpoint.id,
            EndpointDelivery.state == DeliveryState.waiting.value,
        )
        .order_by(EndpointDelivery.event_id)
    )
    waiting = [
        Waiting(row.event_id, row.lane, row.tries, row.due_at, row.tried_at)
        for row in rows.scalars()
    ]
    room = min(READ_AT_ONCE, MOST_WAITING - len(waiting))
    if room <= 0:
        return Found(waiting, (), endpoint.read_to, is_full=True)
    unread, read_to = await _unread(session, endpoint, room)
    return Found(waiting, unread, read_to)


async def _unread(
    session: AsyncSession, endpoint: Endpoint, limit: int
) -> tuple[Sequence[Unread], int]:
    scanned = (
        select(Event.id)
        .where(Event.account_id == endpoint.account_id, Event.id > endpoint.read_to)
        .order_by(Event.id)
        .limit(SCANNED_AT_ONCE)
        .subquery()
    )
    furthest = await session.scalar(select(func.max(scanned.c.id)))
    if furthest is None:
        # Events beyond the newest were of a database that was restored to an earlier time.
        return (), min(endpoint.read_to, await latest_id(session, endpoint.account_id))
    query = (
        select(Event.id, Event.conversation_id)
        .where(
            Event.account_id == endpoint.account_id,
            Event.id > endpoint.read_to,
            Event.id <= furthest,
            _is_chosen(endpoint),
        )
        .order_by(Event.id)
        .limit(limit)
    )
    unread = [Unread(row.id, lane_of(row.conversation_id)) for row in await session.execute(query)]
    return unread, unread[-1].event_id if len(unread) == limit else furthest


def _is_chosen(endpoint: Endpoint) -> Any:
    return True if endpoint.kinds is None else Event.kind.in_(endpoint.kinds)


def lane_of(conversation_id: UUID | None) -> str:
    """Return the lane of an event: it is ordered with the others of its conversation."""
    return str(conversation_id) if conversation_id else ""


async def commit(session: AsyncSession, turn: Turn, read_to: int, settled: Settled) -> bool:
    """Write what a round led to; returns whether it was still this worker's turn.

    Call it last in a transaction: it may append an event.
    """
    values: dict[str, Any] = {
        "read_to": read_to,
        "failures": settled.health.failures,
        "failing_since": settled.health.failing_since,
        "hold_until": settled.health.hold_until,
        "seen_at": func.now(),
    }
    if settled.pause is not None:
        values |= {"paused_at": turn.now, "pause_reason": settled.pause.value}
    kept = await session.execute(
        update(Endpoint).where(turn.row).values(values).returning(Endpoint.id)
    )
    if kept.first() is None:
        return False
    await _keep(session, turn.endpoint.id, settled)
    if settled.pause is not None:
        await tell_paused(session, turn.endpoint, settled.pause, turn.now)
    return True


async def _keep(session: AsyncSession, endpoint_id: str, settled: Settled) -> None:
    if settled.done:
        await session.execute(
            delete(EndpointDelivery).where(
                EndpointDelivery.endpoint_id == endpoint_id,
                EndpointDelivery.event_id.in_(settled.done),
            )
        )
    if not settled.kept:
        return
    rows = [
        {
            "endpoint_id": endpoint_id,
            "event_id": one.event_id,
            "lane": one.lane,
            "state": one.state.value,
            "tries": one.tries,
            "due_at": one.due_at,
            "tried_at": one.tried_at,
            "outcome": one.outcome.value if one.outcome else None,
        }
        for one in settled.kept
    ]
    row = upsert(EndpointDelivery).values(rows)
    changed = ("state", "tries", "due_at", "tried_at", "outcome")
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[EndpointDelivery.endpoint_id, EndpointDelivery.event_id],
            set_={name: row.excluded[name] for name in changed},
        )
    )


async def tell_paused(
    session: AsyncSession, endpoint: Endpoint, reason: PauseReason, now: datetime
) -> None:
    """Append the event that an endpoint was paused."""
    data = {"endpoint": endpoint.id, "reason": reason.value}
    event = NewEvent(EventKind.endpoint_paused, now, data=data)
    await append(session, endpoint.account_id, [event])


async def log(session: AsyncSession, endpoint: Endpoint, attempts: Sequence[Attempt]) -> None:
    """Keep what was tried, whoever's turn it is."""
    if attempts:
        of = {"account_id": endpoint.account_id, "endpoint_id": endpoint.id}
        rows = [of | vars(one) for one in attempts]
        await session.execute(insert(EndpointAttempt).values(rows))  # in one statement


async def drop(session: AsyncSession, turn: Turn, event_ids: Sequence[int]) -> None:
    """Forget waiting events that do not exist any more."""
    await session.execute(
        delete(EndpointDelivery).where(
            EndpointDelivery.endpoint_id == turn.endpoint.id,
            EndpointDelivery.event_id.in_(event_ids),
        )
    )


async def pinged(session: AsyncSession, turn: Turn) -> None:
    """Note that the test that somebody asked for was made."""
    same = Endpoint.ping_id == turn.endpoint.ping_id
    await session.execute(
        update(Endpoint).where(Endpoint.id == turn.endpoint.id, same).values(ping_id=None)
    )


async def rest(session: AsyncSession, turn: Turn, pause: timedelta | None) -> bool:
    """End a turn: who has something for the endpoint must wake its workflow from now on.

    Returns whether it was still this worker's turn. `pause`: after which the workflow looks again
    by itself.
    """
    due_at = None if pause is None else func.now() + pause
    ended = (
        update(Endpoint)
        .where(turn.row)
        .values(is_waiting=True, due_at=due_at, seen_at=func.now())
        .returning(Endpoint.id)
    )
    return (await session.execute(ended)).first() is not None


async def take_back(session: AsyncSession, turn: Turn) -> bool:
    """Go on after all, if events came while the turn ended and nobody else was woken for them.

    An event that is committed before the end of the turn is seen here; for a later one, somebody
    finds the endpoint waiting, and wakes it.
    """
    endpoint = turn.endpoint
    has_event = exists().where(
        Event.account_id == endpoint.account_id,
        Event.id > endpoint.read_to,
        _is_chosen(endpoint),
    )
    taken = (
        update(Endpoint)
        .where(Endpoint.id == endpoint.id, Endpoint.is_waiting, has_event)
        .values(is_waiting=False)
        .returning(Endpoint.id)
    )
    return (await session.execute(taken)).first() is not None


async def forget_attempts(
    session: AsyncSession, taken_before: datetime, before: datetime, limit: int
) -> int:
    """Delete old attempts, at most `limit`; returns how many. Those that were taken go sooner."""
    is_old = EndpointAttempt.at < case(
        (EndpointAttempt.outcome == "taken", taken_before), else_=before
    )
    old = select(EndpointAttempt.id).where(EndpointAttempt.at < max(taken_before, before), is_old)
    gone = delete(EndpointAttempt).where(EndpointAttempt.id.in_(old.limit(limit)))
    return len((await session.execute(gone.returning(EndpointAttempt.id))).all())


async def forget_given_up(session: AsyncSession, before: datetime) -> None:
    """Delete the rows of events that were given up before a time; the events themselves stay."""
    await session.execute(
        delete(EndpointDelivery).where(
            EndpointDelivery.state == DeliveryState.given_up.value,
            EndpointDelivery.due_at < before,
        )
    )
