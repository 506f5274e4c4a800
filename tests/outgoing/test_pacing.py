"""How fast a line's texts leave, who leaves first, and what a slow provider holds up."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import insert, select, true, update
from structlog.testing import capture_logs

from database.queries import lanes, sending
from database.queries.unsent_texts import count_left_alone, unsent
from database.tables import Account, Conversation, Line, Message
from domain.delivery.delays import IN_TURN, reasons
from outgoing.time_outs import TimeOuts
from tests.fixtures.logs import events
from tests.outgoing.queued import conversation, texts
from tests.outgoing.way_out import WayOut


async def left_in_order(out: WayOut) -> list[tuple[str, datetime]]:
    """Return the texts that left the line, in the order of their attempts."""
    query = (
        select(Message.text, Message.attempted_at)
        .where(Message.line_id == out.brand.line_id, Message.attempted_at.is_not(None))
        .order_by(Message.attempted_at)
    )
    async with out.sessions() as session:
        rows = await session.execute(query)
        return [(row[0], row[1]) for row in rows if row[1]]


async def room_given(out: WayOut, text: str | None = None) -> list[datetime]:
    """Return when the line gave room to the texts that left, or to those with such words.

    None left before its time, however long after it that was.
    """
    query = (
        select(Message.leaves_at, Message.attempted_at)
        .where(Message.line_id == out.brand.line_id, Message.attempted_at.is_not(None))
        .where(Message.text == text if text else true())
        .order_by(Message.leaves_at)
    )
    async with out.sessions() as session:
        rows = (await session.execute(query)).all()
    times = [(room_at, left_at) for room_at, left_at in rows if room_at and left_at]
    assert all(left_at >= room_at for room_at, left_at in times)
    return [room_at for room_at, _ in times]


async def one_has_left(out: WayOut) -> None:
    async with asyncio.timeout(90):
        while True:
            if await left_in_order(out):
                return
            await asyncio.sleep(0.02)


async def test_two_workers_together_keep_to_the_pace_of_a_line(out: WayOut) -> None:
    await out.set_pace(5)
    queued = [
        (await texts(out, await conversation(out, f"+1555012{number:02}"), f"{number}"))[0]
        for number in range(20)
    ]
    # Each attempt is a sender of its own, as in another process: only the database is shared.
    await asyncio.gather(*(out.sends(text) for text in queued))
    times = await room_given(out)
    assert len(times) == 20
    # Five may leave at once, as if the first had left earlier, one each fifth of a second.
    assert times[-1] - times[0] >= timedelta(seconds=3.8)


async def test_a_long_text_takes_up_its_line_for_all_its_segments(out: WayOut) -> None:
    await out.set_pace(4)
    queued = await texts(
        out, await conversation(out, "+15550130"), "First", "Second", "Third", segments=4
    )
    await out.sends(*queued)
    assert [text for text, _ in await left_in_order(out)] == ["First", "Second", "Third"]
    second = timedelta(seconds=1)
    assert all(after - before >= second for before, after in pairwise(await room_given(out)))


async def test_a_reply_leaves_before_the_proactive_texts_that_were_queued_first(
    out: WayOut,
) -> None:
    await out.set_pace(1)  # slowly: a busy machine is to see the reply leave before the last ones
    agent = out.brand.ann.agent_id
    bulk = [
        (await texts(out, await conversation(out, f"+1555014{n:02}", opened_by=agent), "Bulk"))[0]
        for n in range(24)
    ]
    reply = await texts(out, await conversation(out, "+15550150"), "A", "B", "C")
    under_way = [asyncio.create_task(out.sends(text)) for text in bulk]
    await one_has_left(out)
    await out.sends(*reply)
    await out.hurry()
    await asyncio.gather(*under_way)
    left = [text for text, _ in await left_in_order(out)]
    assert left.count("Bulk") == 24
    assert left[left.index("C") :].count("Bulk") >= 3


async def test_without_a_pace_replies_leave_as_they_come_and_proactive_texts_as_the_kind_may(
    out: WayOut,
) -> None:
    await out.set_pace(None)
    agent = out.brand.ann.agent_id
    bulk = [
        (await texts(out, await conversation(out, f"+1555016{n:02}", opened_by=agent), "Bulk"))[0]
        for n in range(20)
    ]
    reply = await texts(out, await conversation(out, "+15550170"), "A", "B", "C", segments=5)
    *_, told = await asyncio.gather(*(out.send(text) for text in bulk), out.send(*reply))
    assert told, "no reply had to ask again"
    left = await left_in_order(out)
    assert [text for text, _ in left if text != "Bulk"] == ["A", "B", "C"]
    rows = [await out.row(text) for text in bulk]
    planned = sorted((row.leaves_at, row.id) for row in rows if row.leaves_at)
    assert planned[-1][0] > left[-1][1]
    await asyncio.gather(*(out.sends(text) for _, text in planned[:2]))
    times = await room_given(out, "Bulk")
    assert times[1] - times[0] >= timedelta(seconds=1)


async def in_quiet_hours(out: WayOut, *, ends_in: int) -> None:
    """Let quiet hours be, which end in some hours; numbers of tests have no place of their own."""
    hour = (8 - ends_in - datetime.now(UTC).hour) % 24
    offset = hour if hour <= 12 else hour - 24
    async with out.sessions.begin() as session:
        await session.execute(
            update(Account)
            .where(Account.id == out.brand.account_id)
            .values(holds_quiet_hours=True, time_zone=f"Etc/GMT{-offset:+}")
        )


async def test_a_proactive_text_that_waited_into_quiet_hours_waits_for_their_end(
    out: WayOut,
) -> None:
    await in_quiet_hours(out, ends_in=2)
    agent = out.brand.ann.agent_id
    made = await conversation(out, "+15550160", opened_by=agent)
    (offer,) = await texts(out, made, "Offer")
    (reply,) = await texts(out, await conversation(out, "+15550161"), "Reply")
    for text in (offer, reply):
        await out.change(text, written_at=datetime.now(UTC) - timedelta(minutes=10))
    assert await out.send(offer) is None
    assert (await out.row(offer)).attempts == 0
    assert await out.send(reply) is not None
    async with out.sessions.begin() as session:
        wrote = update(Conversation).where(Conversation.id == made)
        await session.execute(wrote.values(consumer_texted_at=datetime.now(UTC)))
    assert await out.send(offer) is not None


async def test_a_proactive_text_that_quiet_hours_hold_for_too_long_fails_and_says_why(
    out: WayOut,
) -> None:
    await in_quiet_hours(out, ends_in=5)
    made = await conversation(out, "+15550160", opened_by=out.brand.ann.agent_id)
    (offer,) = await texts(out, made, "Offer")
    await out.change(offer, written_at=datetime.now(UTC) - timedelta(minutes=10))
    await out.sends(offer)
    row = await out.row(offer)
    assert (row.status, row.failure_code) == ("failed", "quiet_hours")


async def test_conversations_take_turns_on_a_paced_line(out: WayOut) -> None:
    await out.set_pace(0.5)
    many = await texts(out, await conversation(out, "+15550160"), *(f"many {n}" for n in range(8)))
    one = await texts(out, await conversation(out, "+15550161"), "one")
    sending_many = asyncio.create_task(out.sends(*many))
    await one_has_left(out)
    await out.sends(*one)
    assert (await out.row(many[-1])).status == "queued"
    await out.set_pace(None)  # nothing is left to wait for
    await sending_many
    words = [text for text, _ in await left_in_order(out) if text != "one"]
    assert words == [f"many {number}" for number in range(8)]


async def test_an_unlimited_line_has_no_budget_to_keep(out: WayOut) -> None:
    text = await out.text()
    assert await out.send(text)
    assert (await out.row(text)).leaves_at is None


async def test_a_text_whose_worker_died_while_it_waited_leaves_once(out: WayOut) -> None:
    await out.set_pace(0.05)
    first, second = await out.text("First"), await out.text("Second")
    assert await out.send(first, second) is None  # the first left, the second waits
    assert await out.status(second) == "queued"
    await out.change(second, leaves_at=datetime.now(UTC))
    # Its worker is killed here; two others are given the attempt.
    results = await asyncio.gather(out.sends(first, second), out.sends(first, second))
    assert all(results)
    assert await out.phone() == ["First", "Second"]


async def test_a_text_that_waits_for_its_turn_says_so_and_is_not_missed(out: WayOut) -> None:
    await out.set_pace(0.01)
    first, second = await out.text("First"), await out.text("Second")
    assert await out.send(first, second, time_outs=TimeOuts()) is None
    assert out.conversation_id
    now = datetime.now(UTC)
    async with out.sessions() as session:
        waits = reasons(await unsent(session, out.conversation_id), now)
        assert waits == {second: IN_TURN}
        a_little_later = now + timedelta(seconds=5)
        assert await count_left_alone(session, a_little_later, after=timedelta(seconds=1)) == 0


async def test_a_text_that_would_wait_for_hours_fails_and_says_why(out: WayOut) -> None:
    await out.set_pace(0.1)
    await out.set_connector(give_up_seconds=300)
    long = await out.text("Long")
    await out.change(long, segments=100)
    late = await out.text("Late")
    result = await out.send(long, late)
    assert result
    assert result.statuses == ("queued", "failed")
    row = await out.row(late)
    assert row.failure_code == "line_busy"
    assert row.failure_sentence == (
        "This text could not be sent in time. The line has more texts to send than the provider "
        "takes. Send it again later if it still matters."
    )


async def test_a_throttled_line_waits_in_order_beside_a_free_one(out: WayOut) -> None:
    other = f"{out.brand.line_id}-free"
    await out.fault("too_many_requests", retry_after=5)
    first, second, third = [await out.text(word) for word in ("First", "Second", "Third")]
    with capture_logs() as logs:
        assert await out.send(first, second, third) is None
        assert await out.send(first, second, third) is None
    assert events("line", logs) == ["line_throttled"]
    async with out.sessions.begin() as session:
        here = select(Line).where(Line.id == out.brand.line_id)
        line = (await session.scalars(here)).one()
        values = {"id": other, "account_id": line.account_id, "connector_id": line.connector_id}
        values |= {"name": "Free", "kind": line.kind, "entry_skill_id": line.entry_skill_id}
        await session.execute(insert(Line).values(address="+15550100077", **values))
    free = await out.standalone("Free")
    await out.change(free, line_id=other)
    found = await sending.look(out.sessions.direct, free)
    assert found
    assert await out.sender().holds.by_line(found) is None
    assert await out.status(third) == "queued"
    assert await out.sends(first, second, third)
    assert await out.phone() == ["First", "Second", "Third"]


async def test_a_line_that_is_throttled_again_and_again_pauses_longer_each_time(
    out: WayOut,
) -> None:
    now, pauses = datetime.now(UTC), []
    for _ in range(8):
        until, _ = await lanes.throttle(out.sessions.direct, out.brand.line_id, None, now)
        pauses.append((until - now).total_seconds())
        now = until + timedelta(seconds=1)
    assert pauses == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60])
    later = now + timedelta(minutes=5)
    until, was_slow = await lanes.throttle(out.sessions.direct, out.brand.line_id, None, later)
    assert (until - later, was_slow) == (timedelta(seconds=1), False)


async def test_texts_that_are_refused_together_pause_their_line_once(out: WayOut) -> None:
    now = datetime.now(UTC)
    found = await asyncio.gather(
        *(lanes.throttle(out.sessions.direct, out.brand.line_id, None, now) for _ in range(5))
    )
    assert max(until for until, _ in found) <= now + timedelta(seconds=2)
