"""Events reach their endpoints: in order, none lost, none twice without the same id."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete

from database.queries import endpoint_runs, events
from database.tables import Message
from domain.conversation.kinds import EventKind, Status
from domain.endpoints.retries import MOST_TRIES, PAUSES
from outgoing.endpoints import AT_ONCE
from services.configuring import endpoints
from services.configuring.endpoints import EndpointChange
from tests.database.transcripts import consumer_of, new_conversation
from tests.fixtures.centre import eventually
from tests.fixtures.file_host import answer
from tests.fixtures.receiver import DRIPPING, HANGING_UP, Receiver, receiver
from tests.outgoing.posting import SIGNING, Posting

LONG = timedelta(days=2)


class Choosy(Receiver):
    """Takes all posts but those of one event."""

    refuses: int = 0

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        refused = self.posts[-1].json["data"]["event_id"] == self.refuses
        writer.write(answer(500 if refused else 200))
        await writer.drain()


@pytest.fixture
async def choosy(posting: Posting) -> AsyncIterator[Choosy]:
    there = Choosy()
    server = await asyncio.start_server(there.serve, "127.0.0.1", 0)
    there.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    posting.receiver = there
    yield there
    server.close()


async def test_each_event_is_posted_once_signed_and_in_order_from_the_beginning_on(
    posting: Posting,
) -> None:
    first, second = uuid4(), uuid4()
    await posting.events(first)
    secret = await posting.create(kinds=[EventKind.message_added, EventKind.opted_out])
    ids = await posting.events(first, second, first, None, second)
    await posting.events(first, kind="conversation_closed")
    ended = await posting.run()
    assert (ended.is_retired, ended.pause) == (False, None)
    assert sorted(posting.taken()) == ids
    assert posting.taken(first) == [ids[0], ids[2]]
    post = posting.receiver.posts[0]
    post.verify(secret)
    assert (post.json["type"], post.json["version"]) == ("message_added", 1)
    assert await posting.run() == ended
    assert len(posting.receiver.posts) == 5


async def test_an_event_that_is_not_taken_holds_back_its_conversation_alone(
    posting: Posting, choosy: Choosy, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = timedelta(minutes=5)
    monkeypatch.setattr("domain.endpoints.retries.PAUSES", (pause, *PAUSES[1:]))
    await posting.create()
    first, second = uuid4(), uuid4()
    ids = await posting.events(first, first, second, second)
    choosy.refuses = ids[0]
    ended = await posting.run()
    assert posting.taken(first) == [ids[0]]
    assert posting.taken(second) == ids[2:]
    assert ended.pause
    assert timedelta(0) < ended.pause <= pause * 1.1
    assert await posting.waiting() == [(ids[0], "waiting", 1), (ids[1], "waiting", 0)]
    [later] = await posting.events(first)
    await posting.run()  # woken before the next attempt is due
    assert posting.taken(first) == [ids[0]]
    choosy.refuses = 0
    await posting.later(LONG)
    await posting.run()
    assert posting.taken(first) == [ids[0], ids[0], ids[1], later]
    tries = [post.id for post in choosy.posts if post.json["data"]["event_id"] == ids[0]]
    assert len(tries) == 2
    assert len(set(tries)) == 1
    assert await posting.waiting() == []


async def test_an_event_that_is_never_taken_is_given_up_and_can_be_replayed(
    posting: Posting, choosy: Choosy
) -> None:
    await posting.create()
    first, second = uuid4(), uuid4()
    [bad, after] = await posting.events(first, first)
    choosy.refuses = bad
    for _ in range(MOST_TRIES):
        await posting.events(second)
        await posting.run()
        await posting.later(LONG)
    await posting.run()
    assert posting.taken(first) == [bad] * MOST_TRIES + [after]
    assert await posting.waiting() == [(bad, "given_up", MOST_TRIES)]
    assert (await posting.row()).paused_at is None
    choosy.refuses = 0
    async with posting.sessions.begin() as session:
        await endpoints.replay_one(posting.caller, session, posting.endpoint_id, bad)
    await posting.run()
    assert posting.taken(first)[-1] == bad
    assert len({post.id for post in choosy.posts if post.json["data"]["event_id"] == bad}) == 1
    assert await posting.waiting() == []


async def test_a_receiver_that_is_away_is_tried_now_and_then_and_gets_everything_in_order(
    posting: Posting,
) -> None:
    await posting.create()
    talks = [uuid4() for _ in range(12)]
    there = posting.receiver
    there.usual = HANGING_UP
    ids = await posting.events(*talks, *talks)
    for _ in range(6):  # an hour, at ten minutes each
        ended = await posting.run()
        assert ended.pause
        assert timedelta(0) < ended.pause <= timedelta(minutes=10)
        await posting.later(timedelta(minutes=11))
        ids += await posting.events(*talks)
    assert len(there.posts) < 30
    in_vain, there.usual = len(there.posts), answer(200)
    await posting.run()
    taken = there.posts[in_vain:]
    assert sorted(post.json["data"]["event_id"] for post in taken) == ids
    for talk in talks:
        got = posting.taken(talk)
        assert list(dict.fromkeys(got)) == sorted(set(got))
    assert len({post.id for post in there.posts}) == len(ids)


async def test_a_receiver_that_takes_nothing_for_days_is_paused_told_of_and_resumed(
    posting: Posting,
) -> None:
    await posting.create()
    there = posting.receiver
    there.usual = answer(503)
    ids = await posting.events(*[uuid4() for _ in range(6)])
    await posting.run()
    await posting.later(timedelta(days=3))
    assert (await posting.run()).pause is None
    row = await posting.row()
    assert (row.pause_reason, row.is_waiting) == ("failing", True)
    in_vain = len(there.posts)
    there.usual = answer(200)
    await posting.run()
    assert len(there.posts) == in_vain
    async with posting.sessions.begin() as session:
        await endpoints.resume(posting.caller, session, posting.endpoint_id)
        told = await events.after(session, posting.brand.account_id, ids[-1])
    assert [event.kind for event in told] == ["endpoint_paused", "endpoint_resumed"]
    await posting.run()
    assert sorted(posting.taken()[in_vain:]) == [*ids, *(event.id for event in told)]


async def test_410_pauses_and_429_waits_as_long_as_it_says(posting: Posting) -> None:
    await posting.create()
    there = posting.receiver
    there.answers = [answer(429, Retry_After="3600")]
    [first] = await posting.events(uuid4())
    ended = await posting.run()
    assert ended.pause
    assert timedelta(minutes=59) < ended.pause <= timedelta(hours=1)
    assert await posting.waiting() == [(first, "waiting", 0)]
    there.answers = [answer(410)]
    await posting.later(timedelta(hours=1))
    await posting.run()
    assert (await posting.row()).pause_reason == "gone"


async def test_with_too_many_waiting_nothing_more_is_read_and_nothing_is_lost(
    posting: Posting, choosy: Choosy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.queries.endpoint_runs.MOST_WAITING", 6)
    await posting.create()
    bad = uuid4()
    ids = await posting.events(*[bad] * 4)
    choosy.refuses = ids[0]
    await posting.run()
    more = await posting.events(bad, uuid4(), bad)
    await posting.run()
    assert posting.taken() == [ids[0], more[1]]  # another conversation, and then it is full
    late = await posting.events(uuid4())
    assert (await posting.run()).pause
    assert posting.taken() == [ids[0], more[1]]
    async with posting.sessions.begin() as session:
        await endpoints.give_up(posting.caller, session, posting.endpoint_id, ids[0])
    await posting.run()
    assert sorted(posting.taken()[2:]) == [*ids[1:], more[0], more[2], *late]


async def test_an_endpoint_that_never_answers_keeps_no_other_one_waiting(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outgoing.endpoints.ANSWER_SECONDS", 120.0)  # longer than any machine needs
    async with receiver() as silent:
        silent.usual = DRIPPING
        await posting.create(name="Silent", url=silent.url)
        slow = posting.endpoint_id
        await posting.create(name="Quick")
        ids = await posting.events(*[uuid4() for _ in range(20)])
        dripping = asyncio.create_task(posting.runs.run(slow, lambda: False))

        async def is_dripping() -> bool:
            return bool(silent.posts)

        await eventually(is_dripping)
        await posting.run()
        assert sorted(posting.taken()) == ids
        assert not dripping.done()
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)
        monkeypatch.setattr("outgoing.endpoints.ANSWER_SECONDS", 3.0)
        await posting.runs.run(slow, lambda: False)
    posting.endpoint_id = slow
    assert (await posting.row()).failures >= 8
    assert set(await posting.outcomes()) == {"too_slow"}


async def test_a_worker_that_dies_before_it_wrote_posts_again_under_the_same_ids(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posting.create()
    talk = uuid4()
    ids = await posting.events(talk, talk, None)

    async def die(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as dying:
        dying.setattr(endpoint_runs, "commit", die)
        with pytest.raises(ConnectionError):
            await posting.run()
    await posting.run()
    assert posting.taken(talk) == [ids[0], ids[1]] * 2
    assert len(posting.receiver.posts) == 6
    assert len({post.id for post in posting.receiver.posts}) == 3


async def test_of_two_workers_at_once_the_later_one_counts(posting: Posting) -> None:
    await posting.create()
    talk = uuid4()
    ids = await posting.events(talk, talk)
    answered, ended = posting.receiver._answer, list[object]()

    async def meanwhile(writer: asyncio.StreamWriter) -> None:
        posting.receiver._answer = answered  # type: ignore[method-assign]
        ended.append(await posting.run())
        await answered(writer)

    posting.receiver._answer = meanwhile  # type: ignore[method-assign]
    assert await posting.run() == AT_ONCE
    assert ended
    assert await posting.waiting() == []
    assert (await posting.row()).read_to == ids[-1]
    assert posting.taken(talk) == [ids[0], *ids, ids[1]]
    assert len({post.id for post in posting.receiver.posts}) == 2


async def test_what_people_change_while_events_are_posted_counts_and_the_run_begins_again(
    posting: Posting,
) -> None:
    await posting.create()
    talk = uuid4()
    ids = await posting.events(talk, talk)
    await posting.run()
    more = await posting.events(talk)
    answered = posting.receiver._answer

    async def meanwhile(writer: asyncio.StreamWriter) -> None:
        async with posting.sessions.begin() as session:
            await endpoints.replay(posting.caller, session, posting.endpoint_id, event_id=ids[0])
        await answered(writer)

    posting.receiver._answer = meanwhile  # type: ignore[method-assign]
    assert await posting.run() == AT_ONCE
    posting.receiver._answer = answered  # type: ignore[method-assign]
    await posting.run()
    assert posting.taken(talk) == [*ids, *more, *ids, *more]
    async with posting.sessions.begin() as session:
        await endpoints.retire(posting.caller, session, posting.endpoint_id)
    assert (await posting.run()).is_retired


async def test_texts_go_only_where_they_are_wanted_and_never_after_they_were_erased(
    posting: Posting,
) -> None:
    number = "+15550177"
    talk = await new_conversation(posting.sessions, posting.brand, Status.waiting, number=number)
    message = Message(
        id=uuid4(),
        account_id=posting.brand.account_id,
        line_id=posting.brand.line_id,
        consumer_id=await consumer_of(posting.sessions, talk),
        conversation_id=talk,
        position=1,
        author="consumer",
        text="Where is my order?",
        written_at=datetime.now(UTC),
        status="received",
    )
    await posting.create(includes_texts=True)
    async with posting.sessions.begin() as session:
        session.add(message)
        data = {"message_id": str(message.id)}
        new = events.NewEvent("message_added", message.written_at, talk, data=data)
        await events.append(session, posting.brand.account_id, [new, new])
    await posting.run()
    told = posting.receiver.posts[0].json["data"]
    assert told["message"]["text"] == "Where is my order?"
    assert (told["consumer_number"], told["line_id"]) == (number, posting.brand.line_id)
    async with posting.sessions.begin() as session:
        await session.execute(delete(Message).where(Message.id == message.id))
        wanted = EndpointChange(includes_texts=False)
        await endpoints.replay(
            posting.caller, session, posting.endpoint_id, event_id=told["event_id"]
        )
    await posting.run()
    assert posting.receiver.posts[2].json["data"]["message"] is None
    async with posting.sessions.begin() as session:
        await endpoints.change(posting.caller, session, SIGNING, posting.endpoint_id, wanted)
    await posting.events(talk)
    await posting.run()
    assert not {"message", "consumer_number"} & set(posting.receiver.posts[-1].json["data"])


async def test_a_test_is_posted_with_both_secrets_during_a_rotation(posting: Posting) -> None:
    old = await posting.create()
    async with posting.sessions.begin() as session:
        of = (posting.caller, session)
        new = (await endpoints.rotate_secret(*of, SIGNING, posting.endpoint_id)).secret
        await endpoints.pause(*of, posting.endpoint_id)
        ping = await endpoints.test(*of, posting.endpoint_id)
    await posting.run()
    [post] = posting.receiver.posts
    assert (post.json["type"], post.id) == ("ping", f"ping_{ping}")
    post.verify(old)
    post.verify(new)
    assert await posting.outcomes() == ["taken"]
