"""Events and passing deadlines become notices: once, for the right people, whatever dies."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from database.queries import notice_writing, notices
from database.tables import Notice, NoticeReading, Participation
from domain.conversation.kinds import EventKind, Status
from runtime.tasks import running
from tests.fixtures.centre import eventually
from tests.fixtures.clocks import OFF, clock
from tests.outgoing.telling import Teller


async def test_texts_of_one_conversation_are_one_notice_until_it_is_answered(
    teller: Teller,
) -> None:
    ann, ben = teller.brand.ann, teller.brand.ben
    talk = await teller.conversation(ann)
    await teller.texts(talk, 2)
    await teller.tell()
    await teller.texts(talk)
    await teller.tell()
    await teller.tell()
    assert await teller.told(ann) == [("text", 3, True)]
    await teller.happens(talk, EventKind.message_added, ann, _key="k", author="agent")
    await teller.texts(talk)
    await teller.tell()
    assert await teller.told(ann) == [("text", 3, False), ("text", 1, True)]
    assert await teller.told(ben) == []


async def test_what_another_has_now_needs_nothing_of_the_one_before(teller: Teller) -> None:
    ann, ben, mia = teller.brand.ann, teller.brand.ben, teller.brand.mia
    talk = await teller.conversation(ann)
    await teller.happens(talk, EventKind.conversation_assigned, ann)
    await teller.texts(talk)
    await teller.tell()
    assert await teller.told(ann) == [("given", 1, True), ("text", 1, True)]
    await teller.change(talk, agent_id=mia.agent_id)
    await teller.happens(
        talk,
        EventKind.conversation_assigned,
        mia,
        how="taken_over",
        from_agent_id=ann.agent_id,
    )
    await teller.tell()
    assert [kind for kind, _, unread in await teller.told(ann) if unread] == ["taken_away"]
    await teller.change(talk, agent_id=None, status=Status.waiting.value)
    await teller.happens(talk, EventKind.conversation_transferred, mia, to_agent_id=ben.agent_id)
    await teller.happens(talk, EventKind.conversation_queued, skill_id=teller.brand.support)
    await teller.change(talk, agent_id=ben.agent_id, status=Status.assigned.value)
    await teller.happens(talk, EventKind.conversation_assigned, ben)
    await teller.tell()
    assert await teller.told(ben) == [("transferred", 1, True)]
    assert await teller.told(mia) == []
    await teller.happens(talk, EventKind.conversation_closed, mia, reason="manager")
    await teller.tell()
    assert await teller.told(ben) == [("transferred", 1, False), ("taken_away", 1, True)]


async def test_a_manager_who_joined_is_told_of_texts_until_they_leave(teller: Teller) -> None:
    ann, mia = teller.brand.ann, teller.brand.mia
    talk = await teller.conversation(ann)
    async with teller.sessions.begin() as session:
        session.add(Participation(conversation_id=talk, agent_id=mia.agent_id))
    await teller.happens(talk, EventKind.manager_joined, mia)
    await teller.texts(talk)
    await teller.tell()
    assert await teller.told(mia) == [("text", 1, True)]
    await teller.happens(talk, EventKind.manager_left, mia)
    await teller.texts(talk)
    await teller.tell()
    assert await teller.told(mia) == [("text", 1, True)]
    assert await teller.told(ann) == [("text", 2, True)]


async def test_several_workers_at_once_write_each_notice_once(teller: Teller) -> None:
    ann = teller.brand.ann
    talks = [await teller.conversation(ann, number=f"+1555010{n:04}") for n in range(12)]
    for talk in talks:
        await teller.texts(talk, 3)
        await teller.happens(talk, EventKind.conversation_assigned, ann)
    await asyncio.gather(*(teller.tell() for _ in range(4)))
    await teller.tell()
    told = await teller.told(ann)
    assert sorted(told) == [("given", 1, True)] * 12 + [("text", 3, True)] * 12


async def test_a_batch_that_was_not_committed_is_read_again(teller: Teller) -> None:
    ann = teller.brand.ann
    talk = await teller.conversation(ann)
    await teller.texts(talk, 2)

    class Killed(Exception):
        pass

    async def dies(*_: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(notice_writing, "announce", dies)
        with pytest.raises(Killed):
            await teller.tell()
    assert await teller.told(ann) == []
    await teller.tell()
    assert await teller.told(ann) == [("text", 2, True)]


async def test_an_answer_that_becomes_overdue_is_told_once_for_each_deadline(
    teller: Teller,
) -> None:
    ann = teller.brand.ann
    now = datetime.now(UTC)
    over, soon = now - timedelta(minutes=5), now + timedelta(hours=3)
    talk = await teller.conversation(ann, response_due_at=over)
    await teller.conversation(ann, number="+15550100002", response_due_at=soon)
    await teller.conversation(ann, number="+15550100003", response_due_at=now - timedelta(days=1))
    telling = teller.telling
    await telling.look()
    await telling.look()
    assert await teller.told(ann) == [("overdue", 1, True)]
    left = telling.next_due - asyncio.get_running_loop().time()
    assert left == pytest.approx(timedelta(hours=3).total_seconds(), abs=60)
    await teller.change(talk, response_due_at=over + timedelta(minutes=1))
    await telling.look()
    assert await teller.told(ann) == [("overdue", 1, True)] * 2


async def test_a_worker_whose_clock_is_ahead_tells_nobody_that_they_are_late(
    teller: Teller,
) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=3)
    await teller.conversation(teller.brand.ann, response_due_at=soon)
    with clock(OFF):
        await teller.telling.look()
    assert await teller.told(teller.brand.ann) == []


async def test_the_task_hears_of_events_and_knows_when_the_next_answer_is_overdue(
    teller: Teller,
) -> None:
    ann = teller.brand.ann
    talk = await teller.conversation(ann)

    async def kinds() -> set[str]:
        return {kind for kind, _, _ in await teller.told(ann)}

    async with running(notices=partial(teller.telling.run)):
        await teller.change(talk, response_due_at=datetime.now(UTC) + timedelta(seconds=1.5))
        await teller.texts(talk)

        async def both() -> bool:
            return await kinds() == {"text", "overdue"}

        await eventually(both)


async def test_a_restored_database_is_read_from_where_it_is(teller: Teller) -> None:
    ann = teller.brand.ann
    talk = await teller.conversation(ann)
    await teller.texts(talk)
    await teller.tell()
    async with teller.sessions.begin() as session:
        reading = await session.get_one(NoticeReading, teller.brand.account_id)
        reading.last_event_id += 1_000_000
    await teller.tell()
    await teller.texts(talk)
    await teller.tell()
    assert await teller.told(ann) == [("text", 2, True)]


async def test_each_person_keeps_their_newest_notices_for_a_time(teller: Teller) -> None:
    ann, now = teller.brand.ann, datetime.now(UTC)
    for days in (0, 1, 2, 40):
        at = now - timedelta(days=days)
        assigned = EventKind.conversation_assigned
        await teller.happens(
            await teller.conversation(ann, number=f"+155501000{days:02}"), assigned, ann, _at=at
        )
    await teller.tell()
    async with teller.sessions.begin() as session:
        await notices.forget(session, before=now - timedelta(days=30), most=2)
        kept = (await session.scalars(select(Notice.at).order_by(Notice.at))).all()
    assert [round((now - at) / timedelta(days=1)) for at in kept] == [1, 0]


async def test_an_alert_is_told_to_managers_and_a_change_of_capacity_to_its_agent(
    teller: Teller,
) -> None:
    ann, mia = teller.brand.ann, teller.brand.mia
    for kind in (EventKind.alert_began, EventKind.alert_ended):
        await teller.happens(None, kind, alert="nobody_online", name="Support")
    await teller.happens(None, EventKind.agent_capacity, ann, by_agent_id=mia.agent_id)
    await teller.tell()
    assert await teller.told(ann) == [("state_set", 1, True)]
    assert await teller.told(mia) == [("alert", 1, True)]
    async with teller.sessions() as session:
        query = select(Notice.data).where(Notice.agent_id == mia.agent_id)
        (told,) = await session.scalars(query)
    assert told == {"alert": "nobody_online", "name": "Support"}
