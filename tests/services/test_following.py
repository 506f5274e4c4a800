"""Following an account's events without HTTP: each one once, for those it concerns."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from api.live import open_hub
from database.engine import Sessions
from database.queries import events, proofs, stream
from database.queries.events import NewEvent
from database.queries.stream import Batch
from database.queries.visibility import visible
from database.tables import (
    Agent,
    AgentSkill,
    Consumer,
    Conversation,
    Event,
    Participation,
    QueueEntry,
    Session,
)
from domain.people.roles import Role
from security.passwords import digest
from services.caller import Caller, Proof
from services.following.concerns import EVERYTHING, Interest, may_see
from services.following.followers import MOST_PARTS, Follower, Part, PartKind, Wanted
from services.following.following import Following
from services.proving import proven, proven_now
from tests.fixtures.brand import Brand
from tests.fixtures.centre import PATIENCE_SECONDS
from workflows.conversation.messages import Actor

HERE = Interest()


@dataclass(eq=False)
class Ids:
    """Presents events as their ids, and counts for how many streams it did so."""

    presented: list[int] = field(default_factory=list)
    cannot: set[int] = field(default_factory=set)

    async def present(
        self,
        _sessions: Sessions,
        batch: Batch,
        concerned: Mapping[Follower[int], Sequence[Event]],
    ) -> Mapping[Follower[int], Sequence[int]]:
        self.presented.append(len(concerned))
        if self.cannot & {event.id for event in batch.events}:
            raise ValueError("a bug")
        return {follower: [one.id for one in theirs] for follower, theirs in concerned.items()}

    async def beat(
        self, _sessions: Sessions, _follower: Follower[int], _queue_version: int
    ) -> Sequence[int]:
        return ()


@dataclass(frozen=True)
class Account:
    """A brand whose events are followed, and written as if something happened."""

    sessions: Sessions
    brand: Brand
    following: Following

    async def caller(self, who: Actor) -> Caller:
        secret = digest(uuid4().hex)
        ends = datetime.now(UTC) + timedelta(hours=1)
        row = {"token_hash": secret, "agent_id": who.agent_id, "expires_at": ends}
        async with self.sessions.begin() as session:
            await session.execute(insert(Session).values(row))
        return await proven(self.sessions, Proof(secret, is_program=False, acts_for=None))

    async def happens(self, conversation_id: UUID | None = None, count: int = 1) -> list[int]:
        """Append events; returns their ids."""
        one = NewEvent("message_added", datetime.now(UTC), conversation_id)
        async with self.sessions.begin() as session:
            await events.append(session, self.brand.account_id, [one] * count)
            newest = await session.scalars(select(Event.id).order_by(Event.id.desc()).limit(count))
        return sorted(newest)

    async def conversation(self, **values: object) -> UUID:
        brand, one, consumer = self.brand, uuid4(), uuid4()
        about = {"account_id": brand.account_id, "line_id": brand.line_id, "consumer_id": consumer}
        row = about | {
            "id": one,
            "workflow_id": str(one),
            "number": 1,
            "sequence": 1,
            "status": "assigned",
            "pending_side": "agent",
            "skill_id": brand.support,
            "opened_by": "consumer",
            "opened_at": datetime.now(UTC),
        }
        number = f"+1555{one.int % 10**7:07}"
        async with self.sessions.begin() as session:
            who = {"id": consumer, "account_id": brand.account_id, "number": number}
            await session.execute(insert(Consumer).values(who))
            await session.execute(insert(Conversation).values(row | values))
        return one

    async def queue(self, conversation_id: UUID, requested: str | None = None) -> None:
        row = {
            "conversation_id": conversation_id,
            "ticket": 1,
            "account_id": self.brand.account_id,
            "workflow_id": str(conversation_id),
            "skill_id": self.brand.support,
            "requested_agent_id": requested,
            "entered_at": datetime.now(UTC),
        }
        async with self.sessions.begin() as session:
            await session.execute(insert(QueueEntry).values(row))


@pytest.fixture
async def account(
    session_factory: Sessions, database_url: str, brand: Brand
) -> AsyncIterator[Account]:
    async with open_hub(session_factory, database_url, asyncio.Event()) as hub:
        yield Account(session_factory, brand, hub.following)


class Reading:
    """A stream that is being read."""

    def __init__(self, parts: AsyncIterator[Part[int]]) -> None:
        self._parts = parts
        self.seen: list[int] = []
        self.kinds: list[PartKind] = []

    async def next(self) -> Part[int]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            part = await anext(self._parts)
        self.seen += part.items
        self.kinds.append(part.kind)
        return part

    async def begun(self) -> None:
        while (await self.next()).kind is not PartKind.live:
            pass

    async def until(self, event_id: int) -> list[int]:
        while event_id not in self.seen:
            await self.next()
        return self.seen

    async def rest(self) -> list[PartKind]:
        """Read until the stream ends."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return [part.kind async for part in self._parts]


async def test_nothing_is_lost_or_doubled_where_a_stream_catches_up_with_what_happens(
    account: Account,
) -> None:
    mia = await account.caller(account.brand.mia)
    last: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def follow(after: int) -> list[int]:
        async with aclosing(account.following.follow(mia, Wanted(EVERYTHING, Ids()), after)) as all:
            reading = Reading(all)
            while not last.done() or last.result() not in reading.seen:
                await reading.next()
            return reading.seen

    (first,) = await account.happens()
    begun = [(first, asyncio.create_task(follow(first)))]
    for _ in range(15):
        ids = await account.happens(count=20)
        begun += [(one, asyncio.create_task(follow(one))) for one in (first, ids[7])]
    last.set_result((await account.happens(count=450))[-1])  # more than is read at once
    async with account.sessions() as session:
        every = list(await session.scalars(select(Event.id).order_by(Event.id)))
    for after, following in begun:
        assert await following == [one for one in every if one > after]


async def test_what_does_not_concern_a_page_costs_it_nothing(account: Account) -> None:
    brand, ids = account.brand, Ids()
    anns = await account.conversation(agent_id=brand.ann.agent_id)
    bens = await account.conversation(agent_id=brand.ben.agent_id)
    waits = await account.conversation(status="waiting")
    await account.queue(waits)
    callers = [await account.caller(one) for one in (brand.ann, brand.ben, brand.mia)]
    interests = (HERE, replace(HERE, queue=True), replace(HERE, conversation_id=anns))
    async with AsyncExitStack() as stack:
        readings = [
            Reading(
                await stack.enter_async_context(
                    aclosing(account.following.follow(caller, Wanted(interest, ids), None))
                )
            )
            for caller, interest in zip(callers, interests, strict=True)
        ]
        for reading in readings:
            await reading.begun()
        told = [await account.happens(one) for one in (anns, bens, waits, None, bens, anns)]
        ann, ben, mia = readings
        assert await ann.until(told[5][0]) == told[0] + told[5]
        assert await mia.until(told[5][0]) == told[0] + told[5]
        assert await ben.until(told[4][0]) == told[1] + told[2] + told[4]
    assert max(ids.presented) <= 3


async def test_who_may_see_a_conversation_is_what_lists_say(account: Account) -> None:
    brand = account.brand
    ann, ben = brand.ann.agent_id, brand.ben.agent_id
    waiting = {"status": "waiting", "agent_id": None}
    others = [
        await account.conversation(agent_id=ann),
        await account.conversation(agent_id=ben, status="closed"),
        await account.conversation(**waiting, skill_id=brand.sales),
        await account.conversation(**waiting),
        await account.conversation(**waiting, offered_agent_id=ann),
        took_part := await account.conversation(agent_id=ben),
        for_ann := await account.conversation(**waiting, skill_id=brand.sales),
        for_ben := await account.conversation(**waiting),
    ]
    await account.queue(for_ann, ann)
    await account.queue(for_ben, ben)
    async with account.sessions.begin() as session:
        row = {"conversation_id": took_part, "agent_id": ann}
        await session.execute(insert(Participation).values(row))
    (before,) = await account.happens()
    for one in others:
        await account.happens(one)
    batch = await stream.read(account.sessions.direct, brand.account_id, before)
    for who in (brand.ann, brand.ben, brand.mia):
        caller = await account.caller(who)
        reader = (await proven_now(account.sessions, [caller.proof]))[caller.proof]
        async with account.sessions() as session:
            query = select(Conversation.id).where(visible(caller.viewer))
            listed = set(await session.scalars(query))
        assert {one for one, place in batch.places.items() if may_see(place, reader)} == listed


async def test_a_page_that_reads_too_slowly_loads_again_and_a_program_misses_nothing(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.following.gathering.LONGEST_SECONDS", 0)
    mia = await account.caller(account.brand.mia)
    program = Wanted(EVERYTHING, Ids())
    page = replace(program, most_missed=MOST_PARTS)
    async with (
        aclosing(account.following.follow(mia, program, None)) as for_program,
        aclosing(account.following.follow(mia, page, None)) as for_page,
        aclosing(account.following.follow(mia, program, None)) as for_witness,
    ):
        slow, slow_page, quick = Reading(for_program), Reading(for_page), Reading(for_witness)
        for reading in (slow, slow_page, quick):
            await reading.begun()
        ids = []
        for _ in range(MOST_PARTS + 5):
            ids += await account.happens()
            await quick.until(ids[-1])
        assert await slow.until(ids[-1]) == ids
        while (await slow_page.next()).kind is not PartKind.reload:
            pass
        assert slow_page.seen == [], "what waited for it is thrown away"
        assert slow_page.kinds == [PartKind.live, PartKind.reload]
        (later,) = await account.happens()
        assert await slow_page.until(later) == [later]
        # Whoever was too slow is told when it has caught up: notices may have been dropped.
        for reading in (slow_page, slow):
            while reading.kinds.count(PartKind.live) < 2:
                await reading.next()


async def test_an_hour_of_missed_events_is_told_in_parts_or_loaded_again(account: Account) -> None:
    mia = await account.caller(account.brand.mia)
    (first,) = await account.happens()
    ids = await account.happens(count=1500)
    program, page = Wanted(EVERYTHING, Ids()), Wanted(EVERYTHING, Ids(), most_missed=1000)
    async with aclosing(account.following.follow(mia, program, first)) as parts:
        reading = Reading(parts)
        assert await reading.until(ids[-1]) == ids
        assert len(reading.kinds) > 5, "no part is larger than what is read at once"
    async with aclosing(account.following.follow(mia, page, first)) as parts:
        assert await Reading(parts).next() == Part(PartKind.reload, ids[-1])
    async with aclosing(account.following.follow(mia, page, ids[600])) as parts:
        assert await Reading(parts).until(ids[-1]) == ids[601:]


LOSSES = {
    "logged out": delete(Session),
    "expired": update(Session).values(expires_at=datetime.now(UTC)),
    "retired": update(Agent).values(retired_at=datetime.now(UTC)),
    "demoted": update(Agent).values(role="agent"),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_without_any_event_a_stream_ends_when_its_readers_right_does(
    account: Account, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    monkeypatch.setattr("services.following.reader.POLL_SECONDS", 0.05)
    monkeypatch.setattr("services.following.reader.RIGHTS_SECONDS", 0.05)
    mia = await account.caller(account.brand.mia)
    wanted = Wanted(EVERYTHING, Ids(), role=Role.manager)
    async with aclosing(account.following.follow(mia, wanted, None)) as parts:
        reading = Reading(parts)
        await reading.begun()
        async with account.sessions.begin() as session:
            await session.execute(LOSSES[loss])
        assert PartKind.news not in await reading.rest()


async def test_a_page_loads_again_when_its_readers_skills_change_and_is_then_told_by_them(
    account: Account,
) -> None:
    brand, ids = account.brand, Ids()
    ann = await account.caller(brand.ann)
    waits = await account.conversation(status="waiting", skill_id=brand.sales)
    await account.queue(waits)
    wanted = Wanted(replace(HERE, queue=True), ids, is_page=True)
    async with aclosing(account.following.follow(ann, wanted, None)) as parts:
        reading = Reading(parts)
        await reading.begun()
        (before,) = await account.happens(waits)
        async with account.sessions.begin() as session:
            row = {"agent_id": brand.ann.agent_id, "skill_id": brand.sales}
            await session.execute(insert(AgentSkill).values(row))
            await proofs.changed(session, brand.account_id)
        while (await reading.next()).kind is not PartKind.reload:
            pass
        (now,) = await account.happens(waits)
        # The one before may be read late, with the rights of by then: the page has it anyway.
        assert await reading.until(now) in ([now], [before, now])


async def test_an_event_that_cannot_be_shown_stops_nobody(account: Account) -> None:
    mia = await account.caller(account.brand.mia)
    broken, whole = Ids(), Ids()
    async with (
        aclosing(account.following.follow(mia, Wanted(EVERYTHING, broken), None)) as one,
        aclosing(account.following.follow(mia, Wanted(EVERYTHING, whole), None)) as other,
    ):
        reading, beside = Reading(one), Reading(other)
        await reading.begun()
        await beside.begun()
        ids: list[int] = []
        for number in range(3):
            if number == 1:
                broken.cannot = {ids[0] + 1}
            ids += await account.happens()
            await beside.until(ids[-1])
        assert beside.seen == ids
        assert await reading.until(ids[2]) == [ids[0], ids[2]]
        assert PartKind.reload in reading.kinds


async def test_what_is_no_event_is_told_to_one_persons_pages_and_moves_no_position(
    account: Account,
) -> None:
    ids, brand = Ids(), account.brand
    ann, mia = await account.caller(brand.ann), await account.caller(brand.mia)
    wanted = Wanted(HERE, ids)
    async with (
        aclosing(account.following.follow(ann, wanted, None)) as one,
        aclosing(account.following.follow(mia, Wanted(HERE, Ids()), None)) as other,
    ):
        reading, beside = Reading(one), Reading(other)
        await reading.begun()
        await beside.begun()
        for key in (("agent", brand.ann.agent_id), ("agent", brand.mia.agent_id)):
            account.following.tell(brand.account_id, key, ids, [7])
        assert await reading.next() == Part(PartKind.news, None, [7])
        assert (await beside.next()).kind is PartKind.beat


async def test_without_notifications_a_poll_finds_what_is_new(
    session_factory: Sessions, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.following.reader.POLL_SECONDS", 0.05)
    account = Account(session_factory, brand, Following(session_factory))
    mia = await account.caller(brand.mia)
    async with aclosing(account.following.follow(mia, Wanted(EVERYTHING, Ids()), None)) as parts:
        reading = Reading(parts)
        await reading.begun()
        ids = await account.happens()
        assert await reading.until(ids[0]) == ids
    await account.following.close()
