"""An endpoint between its posts: it is woken, rests, and forgets what is old."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import update

from activities.maintenance import forget_attempts
from database.tables import Endpoint, EndpointAttempt
from domain.conversation.kinds import EventKind
from outgoing.endpoint_wakes import EndpointWakes
from outgoing.endpoints import AT_ONCE, Ended, Pace
from tests.fixtures.centre import eventually
from tests.fixtures.file_host import answer
from tests.outgoing.posting import Posting


async def test_an_endpoint_is_woken_once_for_what_it_wants_and_not_for_the_rest(
    posting: Posting, database_url: str
) -> None:
    await posting.create(kinds=[EventKind.message_added])
    woken = list[str]()

    async def wake(endpoint_id: str) -> None:
        woken.append(endpoint_id)

    wakes = EndpointWakes(posting.sessions, database_url, wake)
    account = [posting.brand.account_id]
    await posting.run()
    await posting.events(uuid4(), kind="conversation_closed")
    await wakes.look(account)
    assert woken == []
    await posting.events(uuid4(), uuid4())
    await asyncio.gather(wakes.look(account), wakes.look(account))
    await wakes.look(account)
    assert woken == [posting.endpoint_id]
    await posting.run()
    await posting.events(uuid4())
    await wakes.look(account)
    assert woken == [posting.endpoint_id] * 2


async def test_events_that_it_did_not_choose_do_not_keep_it_from_its_rest(
    posting: Posting,
) -> None:
    await posting.create(kinds=[EventKind.opted_out])
    runs = replace(posting.runs, pace=Pace(linger=0.2))
    running = asyncio.create_task(runs.run(posting.endpoint_id, lambda: False))

    async def goes_on() -> bool:
        await posting.events(uuid4())
        posting.wakes.wake([posting.brand.account_id])
        return running.done()

    await eventually(goes_on)
    assert (await running).pause is None
    assert (await posting.row()).is_waiting


async def test_where_many_want_to_post_each_run_makes_room_after_its_round(
    posting: Posting,
) -> None:
    await posting.create()
    crowded = replace(posting.runs, pace=Pace(linger=60, crowd=1))
    ids = await posting.events(uuid4(), uuid4())
    async with asyncio.timeout(45):
        assert await crowded.run(posting.endpoint_id, lambda: False) == AT_ONCE
        assert await crowded.run(posting.endpoint_id, lambda: False) == Ended()
    assert sorted(posting.taken()) == ids
    assert (await posting.row()).is_waiting
    alone = replace(posting.runs, pace=Pace(linger=60, crowd=2))
    await posting.events(uuid4())
    run = asyncio.create_task(alone.run(posting.endpoint_id, lambda: False))
    await eventually(lambda: _is_true(len(posting.taken()) == 3))
    assert not run.done()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)


async def _is_true(found: bool) -> bool:
    return found


async def test_an_endpoint_beyond_the_newest_event_of_a_restored_database_goes_on_from_there(
    posting: Posting,
) -> None:
    await posting.create()
    await posting.events(uuid4())
    await posting.run()
    async with posting.sessions.begin() as session:
        await session.execute(update(Endpoint).values(read_to=Endpoint.read_to + 10**9))
    await posting.run()
    ids = await posting.events(uuid4())
    await posting.run()
    assert posting.taken()[1:] == ids


async def test_attempts_are_kept_for_a_time_and_those_that_were_taken_for_a_shorter_one(
    posting: Posting,
) -> None:
    await posting.create()
    posting.receiver.answers = [answer(500)]
    await posting.events(uuid4(), uuid4())
    await posting.run()
    now = datetime.now(UTC)
    for days, left in ((1, 2), (5, 1), (15, 0)):
        async with posting.sessions.begin() as session:
            ago = timedelta(days=days)
            await session.execute(update(EndpointAttempt).values(at=now - ago))
        await forget_attempts(posting.sessions, now - timedelta(days=14))
        assert len(await posting.outcomes()) == left
