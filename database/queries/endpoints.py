"""What people do with endpoints: changes that end a worker's turn, and lists to look at."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import events
from database.queries.endpoint_runs import lane_of
from database.queries.events import CHANNEL_EVENTS, NewEvent, append, notify
from database.tables import Endpoint, EndpointAttempt, EndpointDelivery, Event
from domain.conversation.kinds import EventKind
from domain.endpoints.kinds import DeliveryState


@dataclass(frozen=True)
class Counts:
    """Events of an endpoint that were not taken: those that wait, and those given up."""

    waiting: int = 0
    given_up: int = 0


async def count(session: AsyncSession, account_id: str) -> int:
    """Count an account's endpoints in use."""
    query = select(func.count()).where(
        Endpoint.account_id == account_id, Endpoint.retired_at.is_(None)
    )
    return await session.scalar(query) or 0


async def stir(session: AsyncSession, endpoint: Endpoint) -> None:
    """Have a changed endpoint looked at by a worker, whose turn begins again, after the commit."""
    await session.flush()
    await session.execute(
        update(Endpoint)
        .where(Endpoint.id == endpoint.id)
        .values(turn=Endpoint.turn + 1, is_stirred=True, is_waiting=True)
        .execution_options(synchronize_session=False)
    )
    await notify(session, CHANNEL_EVENTS, endpoint.account_id)


async def resume(session: AsyncSession, endpoint: Endpoint, now: datetime) -> None:
    """Go on where an endpoint stopped. Call it last in a transaction: it appends an event."""
    endpoint.paused_at = endpoint.pause_reason = None
    endpoint.failures, endpoint.failing_since, endpoint.hold_until = 0, None, None
    await session.execute(
        update(EndpointDelivery)
        .where(
            EndpointDelivery.endpoint_id == endpoint.id,
            EndpointDelivery.state == DeliveryState.waiting.value,
        )
        .values(due_at=now)
    )
    await stir(session, endpoint)
    event = NewEvent(EventKind.endpoint_resumed, now, data={"endpoint": endpoint.id})
    await append(session, endpoint.account_id, [event])


async def replay_from(session: AsyncSession, endpoint: Endpoint, event_id: int) -> None:
    """Read events again from one on; what waits of them is forgotten, because it is read again."""
    endpoint.read_to = min(endpoint.read_to, event_id - 1)
    await session.execute(
        delete(EndpointDelivery).where(
            EndpointDelivery.endpoint_id == endpoint.id,
            EndpointDelivery.event_id > endpoint.read_to,
        )
    )
    await stir(session, endpoint)


async def replay_one(session: AsyncSession, endpoint: Endpoint, event: Event) -> None:
    """Post one event again, now; one that was not looked at yet comes by itself."""
    if event.id > endpoint.read_to:
        return
    fresh = {"state": DeliveryState.waiting.value, "tries": 0, "due_at": func.now()}
    row = upsert(EndpointDelivery).values(
        endpoint_id=endpoint.id, event_id=event.id, lane=lane_of(event.conversation_id), **fresh
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[EndpointDelivery.endpoint_id, EndpointDelivery.event_id], set_=fresh
        )
    )
    await stir(session, endpoint)


async def give_up(session: AsyncSession, endpoint: Endpoint, event_id: int) -> bool:
    """Give an event up that waits; the later ones of its conversation go on. False: none waits."""
    given_up = (
        update(EndpointDelivery)
        .where(
            EndpointDelivery.endpoint_id == endpoint.id,
            EndpointDelivery.event_id == event_id,
            EndpointDelivery.state == DeliveryState.waiting.value,
        )
        .values(state=DeliveryState.given_up.value, due_at=func.now())
        .returning(EndpointDelivery.event_id)
    )
    found = (await session.execute(given_up)).first() is not None
    if found:
        await stir(session, endpoint)
    return found


async def forget(session: AsyncSession, endpoint: Endpoint) -> None:
    """Forget what an endpoint that is taken out of use did not take."""
    await session.execute(
        delete(EndpointDelivery).where(EndpointDelivery.endpoint_id == endpoint.id)
    )
    await stir(session, endpoint)


async def event_of(session: AsyncSession, account_id: str, event_id: int) -> Event | None:
    """Return an account's event."""
    query = select(Event).where(Event.account_id == account_id, Event.id == event_id)
    return await session.scalar(query)


async def first_since(session: AsyncSession, account_id: str, at: datetime) -> int | None:
    """Return the id of the first event from a time on; None: there is none so new.

    Events are in the order of their ids, and of their times but for moments.
    """
    low, high = 0, await events.latest_id(session, account_id) + 1
    while low + 1 < high:
        middle = (low + high) // 2
        if await _is_early(session, account_id, middle, at):
            low = middle
        else:
            high = middle
    query = (
        select(Event.id)
        .where(Event.account_id == account_id, Event.id > low, Event.at >= at)
        .order_by(Event.id)
        .limit(1)
    )
    return await session.scalar(query)


async def _is_early(session: AsyncSession, account_id: str, event_id: int, at: datetime) -> bool:
    """Say whether the first event from an id on was before a time."""
    query = (
        select(Event.at)
        .where(Event.account_id == account_id, Event.id >= event_id)
        .order_by(Event.id)
        .limit(1)
    )
    first = await session.scalar(query)
    return first is not None and first < at


async def attempts(
    session: AsyncSession,
    endpoint_id: str,
    *,
    before: int | None,
    limit: int,
    but_taken: bool = False,
) -> Sequence[EndpointAttempt]:
    """Return attempts, newest first, before the one with the id `before`."""
    query = (
        select(EndpointAttempt)
        .where(EndpointAttempt.endpoint_id == endpoint_id)
        .order_by(EndpointAttempt.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(EndpointAttempt.id < before)
    if but_taken:
        query = query.where(EndpointAttempt.outcome != "taken")
    return (await session.scalars(query)).all()


async def deliveries(
    session: AsyncSession, endpoint_id: str, *, after: int, limit: int
) -> Sequence[tuple[EndpointDelivery, str | None]]:
    """Return events that were not taken, each with its kind, in order, after an event."""
    query = (
        select(EndpointDelivery, Event.kind)
        .outerjoin(Event, Event.id == EndpointDelivery.event_id)
        .where(EndpointDelivery.endpoint_id == endpoint_id, EndpointDelivery.event_id > after)
        .order_by(EndpointDelivery.event_id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def counts(session: AsyncSession, endpoint_ids: Collection[str]) -> Mapping[str, Counts]:
    """Count the events of endpoints that were not taken."""
    query = (
        select(EndpointDelivery.endpoint_id, EndpointDelivery.state, func.count())
        .where(EndpointDelivery.endpoint_id.in_(endpoint_ids))
        .group_by(EndpointDelivery.endpoint_id, EndpointDelivery.state)
    )
    found: dict[str, dict[str, int]] = {endpoint_id: {} for endpoint_id in endpoint_ids}
    for endpoint_id, state, number in await session.execute(query):
        found[endpoint_id][state] = number
    return {endpoint_id: Counts(**of) for endpoint_id, of in found.items()}


async def paused(session: AsyncSession, account_id: str) -> Sequence[Endpoint]:
    """Return an account's paused endpoints, by name."""
    query = (
        select(Endpoint)
        .where(
            Endpoint.account_id == account_id,
            Endpoint.paused_at.is_not(None),
            Endpoint.retired_at.is_(None),
        )
        .order_by(Endpoint.name, Endpoint.id)
    )
    return (await session.scalars(query)).all()
