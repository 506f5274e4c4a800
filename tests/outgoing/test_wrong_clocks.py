"""Workers whose clocks are five minutes off, beside others whose are right."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from database.queries import pauses
from database.tables import ConnectorPause
from outgoing.time_outs import TimeOuts
from tests.fixtures.centre import eventually
from tests.fixtures.clocks import OFF, clock
from tests.outgoing.queued import conversation, texts
from tests.outgoing.way_out import WayOut


def connector(out: WayOut) -> str:
    return f"{out.brand.account_id}-twilio"


@pytest.mark.parametrize(("claimed_by", "looked_up_by"), [(-OFF, OFF * 0), (OFF * 0, OFF)])
async def test_no_worker_sends_a_text_again_that_another_is_just_sending(
    out: WayOut, monkeypatch: pytest.MonkeyPatch, claimed_by: timedelta, looked_up_by: timedelta
) -> None:
    async def not_yet(*_: object) -> None:
        """Answer as a provider whose list lags behind what it takes."""

    monkeypatch.setattr(out.twilio, "find", not_yet)
    await out.set_connector(resend_unconfirmed=True)
    await out.fault("slow_answer", seconds=4)
    text = await out.text()

    async def is_claimed() -> bool:
        return (await out.row(text)).attempts == 1

    with clock(claimed_by):
        sending = asyncio.create_task(out.send(text, time_outs=TimeOuts()))
        await eventually(is_claimed)
    with clock(looked_up_by):
        await out.lookups(TimeOuts()).ask_due()
    assert await sending
    row = await out.row(text)
    assert (row.resent, row.attempts, row.status) == (False, 1, "sending")
    assert len(await out.phone()) == 1


async def test_a_worker_whose_clock_is_ahead_sends_no_paced_text_before_its_turn(
    out: WayOut,
) -> None:
    await out.set_pace(0.01)
    first = await texts(out, await conversation(out, "+15550160"), "First")
    second = await texts(out, await conversation(out, "+15550161"), "Second")
    assert await out.send(*first)
    assert await out.send(*second) is None
    with clock(OFF):
        assert await out.send(*second) is None
    assert (await out.row(second[0])).attempts == 0


async def test_a_worker_whose_clock_is_ahead_sends_no_proactive_text_at_once(out: WayOut) -> None:
    await out.set_pace(0.01)
    agent = out.brand.ann.agent_id
    bulk = [
        (await texts(out, await conversation(out, f"+155501{n}", opened_by=agent), "Bulk"))[0]
        for n in range(60, 63)
    ]
    with clock(OFF):
        for text in bulk:
            await out.send(text)
    assert [(await out.row(text)).attempts for text in bulk] == [1, 0, 0]


async def test_a_worker_whose_clock_is_ahead_does_not_delay_the_texts_of_others(
    out: WayOut,
) -> None:
    await out.set_pace(1)
    ahead, right = await out.text("Ahead"), await out.text("Right")
    with clock(OFF):
        assert await out.send(ahead)
    assert await out.send(right) is None
    leaves_at = (await out.row(right)).leaves_at
    assert leaves_at
    assert leaves_at < datetime.now(UTC) + timedelta(seconds=10)


async def test_a_slow_line_is_still_careful_for_a_worker_whose_clock_is_ahead(
    out: WayOut,
) -> None:
    await out.fault("too_many_requests", retry_after=1)
    first = await out.text("First")
    assert await out.send(first) is None
    assert await out.sends(first)
    second = await out.text("Second")
    with clock(OFF):
        assert await out.sends(second)
    assert (await out.row(second)).leaves_at


async def test_a_line_of_a_worker_whose_clock_is_behind_keeps_its_pace(out: WayOut) -> None:
    await out.set_pace(0.01)
    queued = [
        (await texts(out, await conversation(out, f"+155501{n}"), "Reply"))[0]
        for n in range(60, 63)
    ]
    with clock(-OFF):
        for text in queued:
            await out.send(text)
    rows = [await out.row(text) for text in queued]
    assert [row.attempts for row in rows] == [1, 0, 0]
    times = [row.leaves_at for row in rows[1:] if row.leaves_at]
    assert times[0] > datetime.now(UTC)


@pytest.mark.parametrize("off", [-OFF, OFF])
async def test_a_broken_connector_is_tried_at_its_time_whoevers_clock_is_wrong(
    out: WayOut, off: timedelta
) -> None:
    await out.fault("suspended", count=2)
    text = await out.text()
    with clock(off):
        assert await out.send(text) is None
    async with out.sessions() as session:
        pause = await pauses.of_connector(session, connector(out))
    assert pause
    assert timedelta() < pause.try_at - datetime.now(UTC) < timedelta(seconds=16)
    with clock(OFF):
        assert await out.send(text) is None
    assert (await out.row(text)).attempts == 1
    async with out.sessions.begin() as session:
        await session.execute(update(ConnectorPause).values(try_at=datetime.now(UTC)))
    with clock(-OFF):
        assert await out.send(text) is None
    assert (await out.row(text)).attempts == 2


async def test_a_text_alone_is_sent_by_a_worker_whose_clock_is_behind(out: WayOut) -> None:
    text = await out.standalone()
    with clock(-OFF):
        assert await out.send_standalone()
    assert (await out.row(text)).provider_message_id
