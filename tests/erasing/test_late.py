"""An erasure that nobody goes on with is started in growing pauses, and shown when it is late."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from activities.erasing import Erasing
from database.engine import Sessions
from database.queries import erasures
from database.tables import Erasure
from domain.erasure.kinds import ErasureStatus
from domain.errors import Unavailable
from media.opening import create_store
from routing.neglected import erasure_watch
from services.backends import Backends
from services.installation import Installation
from services.operating.freeing import Asked, Outcome, free
from services.operating.stuck import find, find_without_temporal
from services.operating.troubles import Remedy, Trouble
from tests.fixtures.brand import Brand, new_thread
from tests.fixtures.centre import Centre
from workflows.erasure.messages import workflow_id

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


async def asked_for(sessions: Sessions, brand: Brand, asked_at: datetime) -> Erasure:
    consumer_id = UUID((await new_thread(sessions, brand)).consumer_id)
    erasure = Erasure(
        id=uuid4(),
        account_id=brand.account_id,
        consumer_id=consumer_id,
        consumer_ids=[str(consumer_id)],
        numbers=[],
        reason="They asked",
        status=str(ErasureStatus.closing),
        asked_at=asked_at,
        due_at=asked_at,
    )
    async with sessions.begin() as session:
        session.add(erasure)
    return erasure


async def pauses(sessions: Sessions, erasure: Erasure, times: int) -> list[timedelta]:
    """Return how long it is left alone after each start in vain."""
    found = []
    due_at = erasure.due_at
    for _ in range(times):
        assert due_at is not None
        async with sessions.begin() as session:
            [left] = await erasures.neglected(session, due_at, 20)
            await erasures.count_start(session, left, due_at)
        async with sessions() as session:
            again = await session.get_one(Erasure, erasure.id)
        assert again.due_at is not None
        found.append(again.due_at - due_at)
        due_at = again.due_at
    return found


async def test_an_erasure_whose_workflow_fails_each_time_is_started_in_growing_pauses(
    centre: Centre,
) -> None:
    sessions = centre.sessions
    erasure = await asked_for(sessions, centre.brand, NOW)
    minutes = [pause / timedelta(minutes=1) for pause in await pauses(sessions, erasure, 9)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    erasing = Erasing(sessions, create_store(centre.settings.media), centre.conversations)
    await erasing.go_on(erasure.id)
    async with sessions.begin() as session:
        await session.execute(update(Erasure).values(due_at=NOW))
    erasure.due_at = NOW
    assert await pauses(sessions, erasure, 2) == [timedelta(minutes=1), timedelta(minutes=2)]


async def test_a_late_erasure_is_shown_as_stuck_and_started_again_by_its_button(
    centre: Centre,
) -> None:
    sessions, backends = centre.sessions, Backends(centre.sessions, centre.conversations)
    now = datetime.now(UTC)
    late = await asked_for(sessions, centre.brand, now - timedelta(hours=2))
    async with sessions.begin() as session:
        await session.execute(update(Erasure).values(due_at=now + timedelta(hours=1), starts=7))
    workflow = workflow_id(late.account_id, late.consumer_id)
    for found in (
        await find(Installation(), backends),
        await find_without_temporal(Installation(), backends),
    ):
        [one] = found.of(Trouble.erasure_late)
        assert (one.subject, one.account_id, one.tries) == (workflow, late.account_id, 7)
    asked = Asked(remedy=Remedy.restart, subject=workflow)
    assert await free(Installation(), backends, asked) is Outcome.done
    async with sessions.begin() as session:
        [again] = await erasures.neglected(session, datetime.now(UTC) + timedelta(minutes=1), 20)
    assert (again.id, again.starts) == (late.id, 0)


@dataclass
class Starting:
    """What starts erasures' workflows, of which nothing goes on; some calls do not arrive."""

    sessions: Sessions
    arrives: bool = True
    goes_on: bool = False

    async def start(self, _account_id: str, _consumer_id: UUID, erasure_id: UUID) -> None:
        if not self.arrives:
            raise Unavailable
        if self.goes_on:
            async with self.sessions.begin() as session:
                heard = update(Erasure).where(Erasure.id == erasure_id)
                await session.execute(heard.values(due_at=NOW + timedelta(days=9), starts=0))


@pytest.mark.parametrize(
    ("arrives", "goes_on", "starts"), [(True, False, 8), (False, False, 7), (True, True, 0)]
)
async def test_a_start_of_an_erasure_that_temporal_did_not_take_is_not_counted(
    brand: Brand, session_factory: Sessions, arrives: bool, goes_on: bool, starts: int
) -> None:
    asked_at = datetime.now(UTC) - timedelta(hours=2)
    erasure = await asked_for(session_factory, brand, asked_at)
    async with session_factory.begin() as session:
        await session.execute(update(Erasure).values(starts=7))
    watch = erasure_watch(session_factory, Starting(session_factory, arrives, goes_on))
    with nullcontext() if arrives else pytest.raises(Unavailable):
        await watch.start_neglected()
    async with session_factory() as session:
        now = await session.get_one(Erasure, erasure.id)
    assert now.starts == starts
    assert now.due_at is not None
    again_in = now.due_at - datetime.now(UTC)
    assert (again_in < timedelta(minutes=1)) is not arrives, "it is tried again in a minute"
    await watch.start_neglected()  # others leave it alone meanwhile
