"""Actions for many conversations: each is done once, or refused with the reason, and undone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import func, insert, select, update

from database.queries import bulk as rows
from database.queries import labels
from database.tables import Agent, BulkItem, BulkJob, Conversation, Event, Label
from domain.board.kinds import BulkKind, BulkStatus, ItemState
from domain.conversation.kinds import Status
from domain.errors import Conflict, Invalid, NotAllowed
from domain.people.roles import Role
from domain.settings.priorities import Priority
from services import labelling, prioritising
from services.backends import Backends
from services.caller import Caller
from services.supervising import bulk
from services.supervising.bulk import JobShown
from services.supervising.inputs import BulkAction, BulkFilters, BulkInput
from services.supervising.working import AGAIN_AFTER, BulkWork
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre, eventually
from tests.services.callers import person


@pytest.fixture
def work(centre: Centre) -> BulkWork:
    return BulkWork(Backends(centre.sessions, centre.conversations))


class Dead(BaseException):
    """What ends a process."""


async def dies(*_: object, **__: object) -> None:
    raise Dead


def caller(centre: Centre, role: Role = Role.manager) -> Caller:
    brand = centre.brand
    return person(brand.account_id, brand.mia if role is Role.manager else brand.ann)


async def waiting(centre: Centre, count: int) -> list[UUID]:
    """Open conversations with so many consumers; they wait for Support."""
    for number in range(count):
        thread = await new_thread(centre.sessions, centre.brand, f"+155501234{number}")
        await centre.text("hello", thread)

    async def all_wait() -> list[UUID]:
        async with centre.sessions() as session:
            query = select(Conversation.id).where(Conversation.status == "waiting")
            found = (await session.scalars(query.order_by(Conversation.opened_at))).all()
        return list(found) if len(found) == count else []

    return await eventually(all_wait)


async def give(centre: Centre, action: BulkAction, ids: Sequence[UUID]) -> UUID:
    async with centre.sessions.begin() as session:
        given = BulkInput(action=action, conversations=list(ids))
        return (await bulk.give(caller(centre), session, given)).job.id


async def shown(centre: Centre, job_id: UUID) -> JobShown:
    async with centre.sessions() as session:
        return await bulk.find(caller(centre), session, job_id)


async def sentences(centre: Centre, job_id: UUID) -> list[str | None]:
    async with centre.sessions() as session:
        query = select(BulkItem.sentence).where(BulkItem.job_id == job_id)
        return list(await session.scalars(query.order_by(BulkItem.position)))


async def skills_of(centre: Centre, ids: Sequence[UUID]) -> list[str | None]:
    async with centre.sessions() as session:
        found = {row.id: row.skill_id for row in await session.scalars(select(Conversation))}
    return [found[one] for one in ids]


async def test_many_are_transferred_refused_with_the_reason_and_brought_back(
    centre: Centre, work: BulkWork
) -> None:
    brand, ids = centre.brand, await waiting(centre, 4)
    async with centre.sessions.begin() as session:
        await session.execute(
            update(Conversation).where(Conversation.id == ids[3]).values(status="closed")
        )
    to_sales = BulkAction(kind=BulkKind.transfer, skill=brand.sales, note="Too many here.")
    job_id = await give(centre, to_sales, [*ids, ids[0], uuid4()])
    assert (await shown(centre, job_id)).progress.waiting == 4, "each once, and no strangers"
    assert await work.work()
    found = await shown(centre, job_id)
    assert (found.job.status, found.progress.done, found.progress.refused) == ("done", 3, 1)
    assert "closed" in str((await sentences(centre, job_id))[3])
    assert await skills_of(centre, ids[:3]) == [brand.sales] * 3

    async with centre.sessions.begin() as session:
        moved_on = update(Conversation).where(Conversation.id == ids[1])
        await session.execute(moved_on.values(skill_id=brand.support))
        back = await bulk.undo(caller(centre), session, job_id)
    assert await work.work()
    found = await shown(centre, back.job.id)
    assert (found.progress.done, found.progress.refused) == (2, 1)
    assert await skills_of(centre, [ids[0], ids[2]]) == [brand.support] * 2
    assert "moved since" in str(sorted(map(str, await sentences(centre, back.job.id))))
    async with centre.sessions.begin() as session:
        with pytest.raises(Conflict, match="undone before"):
            await bulk.undo(caller(centre), session, job_id)
        ended = await session.scalars(
            select(Event.data).where(Event.kind == "bulk_ended").order_by(Event.id)
        )
        assert [one["done"] for one in ended] == [3, 2]


async def test_who_had_an_agent_goes_back_to_their_skill_and_to_the_agent(
    centre: Centre, work: BulkWork
) -> None:
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    ids = [(await centre.conversation()).id]
    job_id = await give(centre, BulkAction(kind=BulkKind.transfer, skill=brand.sales), ids)
    assert await work.work()
    assert await skills_of(centre, ids) == [brand.sales]
    async with centre.sessions.begin() as session:
        back = await bulk.undo(caller(centre), session, job_id)
    assert await work.work()
    assert (await shown(centre, back.job.id)).progress.done == 1
    assert await skills_of(centre, ids) == [brand.support]
    async with centre.sessions() as session:
        assert await rows.requested_agent(session, ids[0]) == brand.ann.agent_id


async def test_whoever_dies_in_the_middle_leaves_nothing_done_twice(
    centre: Centre, work: BulkWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await waiting(centre, 3)
    job_id = await give(centre, BulkAction(kind=BulkKind.transfer, skill=centre.brand.sales), ids)

    with monkeypatch.context() as patched:
        patched.setattr(rows, "settle", dies)
        with pytest.raises(Dead):
            await work.work()
    assert not await work.work(), "it belongs to whoever died, for half a minute"
    async with centre.sessions.begin() as session:
        await session.execute(update(BulkJob).values(due_at=datetime.now(UTC)))
    assert await work.work()
    assert (await shown(centre, job_id)).progress.done == 3
    async with centre.sessions() as session:
        query = select(func.count()).where(Event.kind == "conversation_transferred")
        assert await session.scalar(query) == 3


async def priorities_of(centre: Centre, ids: Sequence[UUID]) -> list[str]:
    async with centre.sessions() as session:
        found = {row.id: row.priority for row in await session.scalars(select(Conversation))}
    return [found[one] for one in ids]


async def test_the_priority_of_many_is_set_and_put_back_where_nobody_set_it_since(
    centre: Centre, work: BulkWork
) -> None:
    ids = await waiting(centre, 3)
    async with centre.sessions.begin() as session:
        await prioritising.set_priority(caller(centre), session, ids[0], Priority.low)
    urgent = BulkAction(kind=BulkKind.priority, priority=Priority.urgent)
    job_id = await give(centre, urgent, ids)
    await work.work()
    assert await priorities_of(centre, ids) == ["urgent"] * 3
    async with centre.sessions.begin() as session:
        wanted = bulk.filters_of(BulkFilters(priority=[Priority.urgent]))
        assert await rows.count_matching(session, caller(centre).viewer, wanted, limit=9) == 3
        await prioritising.set_priority(caller(centre), session, ids[1], Priority.high)
        back = await bulk.undo(caller(centre), session, job_id)
    await work.work()
    assert await priorities_of(centre, ids) == ["low", "high", "normal"]
    assert "set since" in str(await sentences(centre, back.job.id))


async def test_what_was_under_way_when_a_job_was_cancelled_is_told_and_taken_back(
    centre: Centre, work: BulkWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand, ids = centre.brand, await waiting(centre, 6)
    job_id = await give(centre, BulkAction(kind=BulkKind.transfer, skill=brand.sales), ids)

    with monkeypatch.context() as patched:
        patched.setattr(rows, "settle", dies)
        with pytest.raises(Dead):
            await work.work()

    async def are_transferred() -> bool:
        return (await skills_of(centre, ids)).count(brand.sales) == 4

    await eventually(are_transferred)
    async with centre.sessions.begin() as session:
        cancelled = await bulk.cancel(caller(centre), session, job_id)
        assert (cancelled.job.status, cancelled.job.ended_at) == ("cancelled", None)
        with pytest.raises(Conflict, match="still under way"):
            await bulk.undo(caller(centre), session, job_id)
        await session.execute(update(BulkJob).values(due_at=datetime.now(UTC)))
    assert await work.work()
    found = await shown(centre, job_id)
    assert (found.job.status, found.progress.done, found.progress.waiting) == ("cancelled", 4, 2)
    assert found.job.ended_at
    assert not await work.work()
    async with centre.sessions.begin() as session:
        back = await bulk.undo(caller(centre), session, job_id)
    assert await work.work()
    assert (await shown(centre, back.job.id)).progress.done == 4
    assert await skills_of(centre, ids) == [brand.support] * 6


async def test_what_was_under_way_when_somebody_lost_the_right_is_found_out(
    centre: Centre, work: BulkWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand, ids = centre.brand, await waiting(centre, 5)
    job_id = await give(centre, BulkAction(kind=BulkKind.opt_out), ids[:1])
    moved = await give(centre, BulkAction(kind=BulkKind.transfer, skill=brand.sales), ids[1:])

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(rows, "settle", dies)
            with pytest.raises(Dead):
                await work.work()

    async def are_transferred() -> bool:
        return (await skills_of(centre, ids)).count(brand.sales) == 4

    await eventually(are_transferred)
    async with centre.sessions.begin() as session:
        await session.execute(update(BulkJob).values(due_at=datetime.now(UTC)))
        await session.execute(update(Agent).values(role="agent"))
    assert await work.work()
    assert await work.work()
    async with centre.sessions() as session:
        query = select(BulkItem.state, func.count()).group_by(BulkItem.state)
        assert (await session.execute(query)).all() == [(ItemState.done, 5)]
        jobs = (await session.scalars(select(BulkJob))).all()
    assert {one.id: one.status for one in jobs} == dict.fromkeys((job_id, moved), "stopped")
    assert all(one.ended_at for one in jobs)


async def test_a_label_that_somebody_took_off_is_not_put_on_by_a_second_attempt(
    centre: Centre, work: BulkWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand, ids = centre.brand, await waiting(centre, 1)
    label = f"{brand.account_id}-refund"
    async with centre.sessions.begin() as session:
        values = {"id": label, "account_id": brand.account_id, "name": "Refund", "colour": "red"}
        await session.execute(insert(Label).values(**values))
    job_id = await give(centre, BulkAction(kind=BulkKind.label, add=[label]), ids)
    settle = rows.settle

    async def dies_afterwards(*given: Any, **named: Any) -> None:
        await settle(*given, **named)
        raise psycopg.OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(rows, "settle", dies_afterwards)
        assert await work.work()
    async with centre.sessions.begin() as session:
        assert not await labels.on_conversation(session, ids[0]), "all or nothing"
        await labelling.change_labels(caller(centre), session, ids[0], add=[label])
        await session.execute(update(BulkJob).values(due_at=datetime.now(UTC)))
        await session.execute(update(BulkItem).values(due_at=datetime.now(UTC)))
    assert await work.work()
    async with centre.sessions.begin() as session:
        await bulk.undo(caller(centre), session, job_id)
    assert await work.work()
    async with centre.sessions() as session:
        assert await labels.on_conversation(session, ids[0]) == [label], "it was there before"


async def test_a_lost_connection_holds_a_job_up_for_a_moment_only(
    centre: Centre, work: BulkWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await waiting(centre, 2)
    job_id = await give(centre, BulkAction(kind=BulkKind.transfer, skill=centre.brand.sales), ids)

    async def loses_its_connection(*_: object, **__: object) -> None:
        raise psycopg.OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(rows, "settle", loses_its_connection)
        with pytest.raises(psycopg.OperationalError):
            await work.work()
    async with centre.sessions.begin() as session:
        job = await session.get_one(BulkJob, job_id)
        assert job.due_at <= datetime.now(UTC) + AGAIN_AFTER
        job.due_at = datetime.now(UTC)
    assert await work.work()
    assert (await shown(centre, job_id)).progress.done == 2


async def test_closing_labelling_and_opting_out_many(centre: Centre, work: BulkWork) -> None:
    brand, ids = centre.brand, await waiting(centre, 2)
    label = {"id": f"{brand.account_id}-refund", "account_id": brand.account_id}
    async with centre.sessions.begin() as session:
        await session.execute(insert(Label).values(name="Refund", colour="red", **label))
    put_on = await give(centre, BulkAction(kind=BulkKind.label, add=[label["id"]]), ids)
    await work.work()
    async with centre.sessions.begin() as session:
        found = await rows.count_matching(
            session,
            caller(centre).viewer,
            bulk.filters_of(BulkFilters(label=[label["id"]])),
            limit=9,
        )
        assert found == 2
        await bulk.undo(caller(centre), session, put_on)
    await work.work()
    unlabelled = BulkFilters(label=[label["id"]])
    close = BulkInput(action=BulkAction(kind=BulkKind.close), filters=unlabelled)
    with pytest.raises(Invalid, match="No conversation"):
        async with centre.sessions.begin() as session:
            await bulk.give(caller(centre), session, close)
    closed = await give(centre, BulkAction(kind=BulkKind.close), ids[:1])
    await work.work()
    assert (await shown(centre, closed)).progress.done == 1
    opted_out = await give(centre, BulkAction(kind=BulkKind.opt_out), ids)
    await work.work()
    assert (await shown(centre, opted_out)).progress.done == 2

    async def both_closed() -> bool:
        async with centre.sessions() as session:
            return set(await session.scalars(select(Conversation.status))) == {Status.closed}

    await eventually(both_closed)
    async with centre.sessions.begin() as session:
        for job_id in (closed, opted_out):
            with pytest.raises(Conflict, match="cannot be undone"):
                await bulk.undo(caller(centre), session, job_id)


async def test_only_managers_do_it_and_only_while_they_are_managers(
    centre: Centre, work: BulkWork
) -> None:
    ids = await waiting(centre, 2)
    close = BulkInput(action=BulkAction(kind=BulkKind.close), conversations=ids)
    async with centre.sessions.begin() as session:
        with pytest.raises(NotAllowed):
            await bulk.give(caller(centre, Role.agent), session, close)
    job_id, cancelled = await give(centre, close.action, ids), await give(centre, close.action, ids)
    async with centre.sessions.begin() as session:
        await bulk.cancel(caller(centre), session, cancelled)
        await session.execute(update(Agent).values(role="agent"))
    await work.work()
    assert (await shown(centre, job_id)).job.status == BulkStatus.stopped
    assert (await shown(centre, cancelled)).job.status == BulkStatus.cancelled
    assert not await work.work()
    async with centre.sessions() as session:
        states = set(await session.scalars(select(BulkItem.state)))
        assert states == {ItemState.waiting}
        assert await session.scalar(select(func.count()).where(Conversation.status == "waiting"))
