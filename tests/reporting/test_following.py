"""What is kept of conversations follows their events: each once, whatever dies."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from psycopg import OperationalError
from psycopg.errors import DeadlockDetected
from sqlalchemy import select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.records import reading, unread
from database.tables import UnreadEvent
from domain.conversation.kinds import EventKind
from reporting import following, recounting, setting_aside
from reporting.writers import Writer
from runtime.tasks import running
from tests.fixtures.brand import new_brand
from tests.fixtures.centre import eventually
from tests.reporting.recording import Recorder, Written


async def test_conversations_are_written_once_for_a_batch_of_their_events(
    recorder: Recorder,
) -> None:
    written, of_status = Written(), Written()
    follower = recorder.following(
        Writer(written.write), Writer(of_status.write, frozenset({EventKind.message_added}))
    )
    account = [recorder.brand.account_id]
    talk = await recorder.conversation()
    other = await recorder.conversation(number="+15550124")
    for _ in range(3):
        await recorder.happens(talk, EventKind.message_added)
    await recorder.happens(None, EventKind.agent_state, recorder.brand.ann)
    await follower.read(account)
    assert written.calls == of_status.calls == [sorted([talk, other])]
    await follower.read(account)
    assert len(written.calls) == 1, "nothing happened since"
    await recorder.happens(talk, EventKind.message_added, carried_from=str(other))
    await follower.read(account)
    assert written.calls[1:] == [sorted([talk, other])], "the other one lost a text"
    assert len(of_status.calls) == 1


async def test_what_was_not_written_is_read_again_and_one_process_at_a_time_reads(
    recorder: Recorder,
) -> None:
    written, account = Written(), [recorder.brand.account_id]

    async def breaks(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
        await written.write(session, account_id, ids)
        raise OperationalError

    talk = await recorder.conversation()
    with pytest.raises(OperationalError):
        await recorder.following(Writer(breaks)).read(account)
    assert await reading.behind(recorder.sessions.direct) == account
    async with recorder.sessions.begin() as session:
        assert await reading.lead(session, recorder.brand.account_id)
        await recorder.following(Writer(written.write)).read(account)
        assert len(written.calls) == 1, "another process reads on"
    follower = recorder.following(Writer(written.write))
    async with running(records=follower.run):
        await eventually(lambda: asyncio.sleep(0, len(written.calls) == 2))
    assert written.calls == [[talk], [talk]]
    assert not await reading.behind(recorder.sessions.direct)


async def test_what_happens_while_another_process_writes_is_read_as_soon_as_it_ends(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recount holds an account for seconds, and of its last event nobody is told again."""
    monkeypatch.setattr(following, "SWEEP_SECONDS", 3600.0)
    written, was_busy = Written(), asyncio.Event()
    follower = recorder.following(Writer(written.write))
    one_round = follower._round

    async def looks(account_ids: Iterable[str]) -> following.Round:
        done = await one_round(account_ids)
        if done.busy:
            was_busy.set()
        return done

    monkeypatch.setattr(follower, "_round", looks)
    async with running(records=follower.run):
        async with recorder.sessions.begin() as session:
            assert await reading.lead(session, recorder.brand.account_id)
            talk = await recorder.conversation()
            await asyncio.wait_for(was_busy.wait(), 60)
        await eventually(lambda: asyncio.sleep(0, written.calls == [[talk]]))


async def test_nobody_waits_for_an_account_that_is_far_behind_or_cannot_be_read(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "BATCH", 2)
    written, other = Written(), await new_brand(recorder.sessions)
    far = [await recorder.conversation(number=f"+155501{place:05}") for place in range(6)]
    near = await replace(recorder, brand=other).conversation()
    follower = recorder.following(Writer(written.write))
    await follower.read([recorder.brand.account_id, other.account_id])
    assert sorted(one for call in written.calls for one in call) == sorted([*far, near])
    assert [near] in written.calls[:2]

    broken, calls = recorder.brand.account_id, list[str]()

    async def breaks(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
        calls.append(account_id)
        if account_id == broken:
            raise DeadlockDetected

    await recorder.happens(far[0], EventKind.message_added)
    await replace(recorder, brand=other).happens(near, EventKind.message_added)
    behind = recorder.following(Writer(breaks))
    async with running(records=behind.run):
        await eventually(lambda: asyncio.sleep(0, calls.count(broken) > 1))
        await eventually(lambda: asyncio.sleep(0, other.account_id in calls))
    assert await reading.behind(recorder.sessions.direct) == [broken]


async def test_a_conversation_of_very_many_texts_is_written_once_for_many_of_them(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "CONVERSATIONS", 3)
    written = Written()
    others = [await recorder.conversation(number=f"+155501{place:05}") for place in range(4)]
    long = await recorder.conversation()
    for _ in range(450):
        await recorder.happens(long, EventKind.message_added)
    await recorder.following(Writer(written.write)).read([recorder.brand.account_id])
    assert written.calls == [sorted(others[:3]), sorted([others[3], long])]


async def test_what_the_database_has_no_room_or_no_time_for_is_set_aside(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver raises the same errors for these as for a server that is away."""
    monkeypatch.setattr(following, "FAILED_SECONDS", 0.0)
    written = Written()
    good, too_long, endless = [
        await recorder.conversation(number=f"+155501{place:05}") for place in range(3)
    ]

    async def breaks(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
        if too_long in ids:
            await session.execute(sql("SELECT CAST(repeat('a', 3000) AS tsvector)"))
        if endless in ids:
            await session.execute(sql("SELECT set_config('statement_timeout', '20ms', true)"))
            await session.execute(sql("SELECT pg_sleep(60)"))
        await written.write(session, account_id, ids)

    async def read() -> bool:
        return not await reading.behind(recorder.sessions.direct)

    async with running(records=recorder.following(Writer(breaks)).run):
        await eventually(read)
    assert written.calls == [[good]]
    async with recorder.sessions() as session:
        aside = await unread.conversations(session, recorder.brand.account_id)
        assert aside == {too_long, endless}


async def test_a_recount_writes_all_again_and_goes_on_where_it_was_stopped(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [await recorder.conversation(number=f"+155501{place:05}") for place in range(5)]
    monkeypatch.setattr(recounting, "BATCH", 2)
    written, account_id = Written(), recorder.brand.account_id

    async def breaks(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
        if len(written.calls) == 2:
            raise OperationalError
        await written.write(session, account_id, ids)

    with pytest.raises(OperationalError):
        await recounting.recount(recorder.sessions, account_id, writers=[Writer(breaks)])
    again = [Writer(written.write)]
    assert await recounting.recount(recorder.sessions, account_id, writers=again) == 1
    assert [one for call in written.calls for one in sorted(call)] == [
        *sorted(made[:2]),
        *sorted(made[2:4]),
        made[4],
    ]
    assert await recounting.recount(recorder.sessions, account_id) == 5
    assert len(await recorder.records()) == 5


async def test_what_cannot_be_read_is_set_aside_and_holds_up_nothing(recorder: Recorder) -> None:
    written, account_id = Written(), recorder.brand.account_id
    broken = await recorder.conversation()
    good = await recorder.conversation(number="+15550124")
    is_broken = True

    async def breaks(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
        if is_broken and broken in ids:
            raise ZeroDivisionError
        await written.write(session, account_id, ids)

    async def aside() -> list[tuple[UUID | None, str, int]]:
        async with recorder.sessions() as session:
            rows = await session.scalars(select(UnreadEvent))
            return [(row.conversation_id, row.error, row.tries) for row in rows]

    async def nothing_aside() -> bool:
        return not await aside()

    async def past(**values: object) -> None:
        async with recorder.sessions.begin() as session:
            earlier = {"try_at": datetime.now(UTC) - timedelta(minutes=1)}
            await session.execute(update(UnreadEvent).values(earlier | values))

    follower = recorder.following(Writer(breaks))
    await follower.read([account_id])
    assert (written.calls, await aside()) == ([[good]], [(broken, "ZeroDivisionError", 1)])
    await recorder.happens(broken, EventKind.message_added)
    await recorder.happens(good, EventKind.message_added)
    await follower.read([account_id])
    assert (written.calls[1:], len(await aside())) == ([[good]], 1), "all of it waits"
    assert not await reading.behind(recorder.sessions.direct)

    for tries in (2, 3):
        await past()
        await setting_aside.try_again(recorder.sessions, follower.writers)
        assert await aside() == [(broken, "ZeroDivisionError", tries)]
    await past(tries=unread.MOST_TRIES - 1)
    await setting_aside.try_again(recorder.sessions, follower.writers)
    async with recorder.sessions() as session:
        assert await session.scalar(select(UnreadEvent.try_at)) is None
        assert await unread.count(session) == 1

    await recounting.begin(recorder.sessions, account_id)
    assert await recounting.recount(recorder.sessions, account_id, writers=follower.writers) == 2
    assert [one[0] for one in await aside()] == [broken]
    is_broken = False
    await past(try_at=None)
    async with running(records=follower.run):  # a worker starts anew
        await eventually(nothing_aside)
    assert [broken] in written.calls


async def test_an_event_that_names_no_conversation_where_it_should_holds_up_nothing(
    recorder: Recorder,
) -> None:
    written = Written()
    talk = await recorder.conversation()
    await recorder.happens(talk, EventKind.message_added, carried_from="nowhere")
    other = await recorder.conversation(number="+15550124")
    await recorder.following(Writer(written.write)).read([recorder.brand.account_id])
    assert written.calls == [sorted([talk, other])]
