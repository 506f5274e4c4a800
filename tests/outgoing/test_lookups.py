"""Look-ups: one worker at a time finds out what became of a text, and not for ever."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from database.queries.consent import Consenting, is_opted_out, record_keyword
from database.tables import Conversation, Event
from domain.consent.keyword import Keyword
from outgoing.time_outs import TimeOuts
from tests.fixtures.centre import eventually
from tests.outgoing.way_out import WayOut

SECOND = timedelta(seconds=1)
LONG = timedelta(minutes=10)
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def consumer(out: WayOut) -> Consenting:
    async with out.sessions() as session:
        row = (await session.scalars(select(Conversation))).one()
    return Consenting(out.brand.account_id, row.consumer_id, out.brand.line_id)


async def test_a_text_whose_callbacks_were_lost_is_looked_up_and_settled(out: WayOut) -> None:
    text = await out.text()
    await out.send(text)
    assert await out.status(text) == "sending"
    await out.phone()
    await out.ask()
    row = await out.row(text)
    assert (row.status, row.look_up_at) == ("delivered", None)


async def test_a_text_that_did_not_arrive_says_why_and_its_opt_out_is_recorded(out: WayOut) -> None:
    await out.fault("undelivered", error_code=21610)
    text = await out.text()
    await out.send(text)
    await out.phone()
    out.conversations.is_away = True
    await out.ask()
    assert await out.status(text) == "sending"  # the opt-out must be signalled first
    out.conversations.is_away = False
    await out.change(text, look_up_at=NOW)
    await out.ask()
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("undelivered", "opted_out")
    assert row.failure_sentence
    assert row.provider_code == "21610"
    assert len(out.conversations.opted_out_of) == 1
    async with out.sessions() as session:
        assert await is_opted_out(session, await consumer(out))


async def test_an_opt_out_found_late_does_not_close_what_opened_after_start(out: WayOut) -> None:
    await out.fault("undelivered", error_code=21610)
    text = await out.text()
    await out.send(text)
    await out.phone()
    who = await consumer(out)
    async with out.sessions.begin() as session:
        await record_keyword(session, who, Keyword.start, text="START", inbound_id=uuid4())
    await out.ask()
    assert (await out.row(text)).failure_code == "opted_out"
    assert out.conversations.opted_out_of == []
    async with out.sessions() as session:
        assert not await is_opted_out(session, who)


async def test_a_text_is_not_looked_up_before_its_time_or_once_settled(out: WayOut) -> None:
    text = await out.text()
    await out.send(text, time_outs=TimeOuts())
    await out.phone()
    await out.ask()
    assert not out.twilio.asked
    await out.change(text, status="failed", look_up_at=NOW)
    await out.ask()
    assert not out.twilio.asked


async def test_several_workers_ask_about_each_text_once(out: WayOut) -> None:
    texts = [await out.text(f"Answer {number}") for number in range(12)]
    for three in range(0, 12, 3):
        await out.send(*texts[three : three + 3])
    await out.phone()
    workers = [out.lookups(TimeOuts()) for _ in range(3)]
    await asyncio.gather(*(worker.ask_due() for worker in workers))
    await asyncio.gather(*(worker.ask_due() for worker in workers))
    assert {await out.status(text) for text in texts} == {"delivered"}
    assert set(out.twilio.asked.values()) == {1}
    assert len(out.twilio.asked) == 12


async def test_a_look_up_that_fails_is_repeated_after_a_while(out: WayOut) -> None:
    text = await out.text()
    await out.send(text)
    await out.set_connector(api_url="http://127.0.0.1:1")
    await out.ask(first_check=LONG)
    row = await out.row(text)
    assert (row.status, row.look_ups) == ("sending", 1)
    assert row.look_up_at is not None
    assert row.look_up_at > datetime.now(UTC)


def test_checks_come_in_growing_pauses_and_end_after_a_day() -> None:
    time_outs = TimeOuts()
    at, asked = NOW + time_outs.first_check, 0
    asked_at = []
    while at is not None:
        asked_at.append(int((at - NOW).total_seconds()) // 60)
        asked += 1
        later = time_outs.next_check(NOW, asked, at)
        if later is None:
            break
        at = later
    assert asked_at == [1, 5, 21, 85, 341, 1365]


async def test_a_text_whose_sender_died_in_the_call_is_found(out: WayOut) -> None:
    text = await out.text()
    await out.send(text)
    sid = (await out.row(text)).provider_message_id
    await out.phone()
    await out.killed_in_the_call(text)
    await out.ask(doubt=LONG)
    row = await out.row(text)
    assert (row.status, row.provider_message_id) == ("delivered", sid)
    assert await out.phone() == ["Answer"]


async def test_a_text_that_is_not_listed_is_looked_up_again_and_then_left_unconfirmed(
    out: WayOut,
) -> None:
    text = await out.text()
    await out.killed_in_the_call(text)
    await out.ask(doubt=LONG)
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("unknown", "finding_out")
    await out.change(text, look_up_at=NOW)
    await out.ask()
    row = await out.row(text)
    assert (row.status, row.failure_code, row.look_up_at) == ("unknown", "unconfirmed", None)
    async with out.sessions() as session:
        told = [
            event.data.get("failure_code")
            for event in await session.scalars(select(Event).order_by(Event.id))
        ]
    assert told == ["finding_out", "unconfirmed"]
    assert await out.phone() == []


async def test_a_list_that_cannot_be_read_leaves_the_text_in_doubt_for_longer(out: WayOut) -> None:
    text = await out.text()
    await out.killed_in_the_call(text)
    await out.set_connector(api_url="http://127.0.0.1:1")
    await out.ask()
    assert (await out.row(text)).failure_code == "finding_out"
    await out.change(text, look_up_at=NOW)
    await out.ask(listing=SECOND)
    assert (await out.row(text)).failure_code == "unconfirmed"


async def test_a_text_in_doubt_is_found_hours_later_when_the_provider_is_back(out: WayOut) -> None:
    await out.fault("reset_after_taking")
    text = await out.text()
    await out.send(text)
    await out.phone()
    await out.set_connector(api_url="http://127.0.0.1:1")
    for back in (timedelta(hours=2), timedelta(hours=20)):
        at = datetime.now(UTC) - back
        await out.change(text, attempted_at=at, look_up_at=NOW)
        await out.ask()
        assert (await out.row(text)).failure_code == "finding_out"
    await out.set_connector(api_url=out.url)
    await out.change(text, look_up_at=NOW)
    await out.ask()
    assert await out.status(text) == "delivered"


async def test_a_text_whose_provider_is_back_after_a_day_is_left_unconfirmed(out: WayOut) -> None:
    text = await out.text()
    await out.killed_in_the_call(text, back=timedelta(hours=25))
    await out.set_connector(api_url="http://127.0.0.1:1")
    await out.ask()
    assert (await out.row(text)).failure_code == "unconfirmed"


async def test_a_text_in_doubt_is_not_sent_again_hours_later(out: WayOut) -> None:
    await out.set_connector(resend_unconfirmed=True)
    text = await out.text()
    await out.change(text, written_at=datetime.now(UTC) - timedelta(hours=5))
    await out.killed_in_the_call(text, back=timedelta(hours=5))
    await out.ask()
    assert (await out.row(text)).failure_code == "unconfirmed"
    assert await out.phone() == []


async def test_a_provider_that_is_back_after_many_failed_look_ups_is_asked_again(
    out: WayOut,
) -> None:
    text = await out.text()
    await out.send(text)
    await out.phone()
    await out.set_connector(api_url="http://127.0.0.1:1")
    for _ in range(8):
        await out.change(text, look_up_at=NOW)
        await out.ask()
    row = await out.row(text)
    assert row.look_ups == 3
    assert row.look_up_at is not None
    await out.set_connector(api_url=out.url)
    await out.change(text, look_up_at=NOW)
    await out.ask()
    assert await out.status(text) == "delivered"


async def test_an_unlisted_text_is_sent_once_more_by_one_worker_if_the_connector_says_so(
    out: WayOut,
) -> None:
    await out.set_connector(resend_unconfirmed=True)
    text = await out.text()
    await out.killed_in_the_call(text)
    workers = [out.lookups() for _ in range(3)]
    await asyncio.gather(*(worker.ask_due() for worker in workers))
    row = await out.row(text)
    assert row.resent
    assert row.provider_message_id
    assert await out.phone() == ["Answer"]


async def test_a_text_is_sent_once_more_at_most(out: WayOut) -> None:
    await out.set_connector(resend_unconfirmed=True)
    text = await out.text()
    await out.killed_in_the_call(text)
    await out.fault("reset_before_taking")
    await out.ask()
    assert (await out.row(text)).failure_code == "finding_out"
    await out.ask()
    row = await out.row(text)
    assert (row.failure_code, row.attempts) == ("unconfirmed", 2)
    assert await out.phone() == []


async def test_a_resend_that_the_provider_does_not_take_is_tried_later(out: WayOut) -> None:
    await out.set_connector(resend_unconfirmed=True)
    text = await out.text()
    await out.killed_in_the_call(text)
    await out.fault("unavailable")
    await out.ask()
    assert not (await out.row(text)).resent
    await out.ask()
    assert await out.phone() == ["Answer"]


async def test_a_text_in_doubt_is_not_sent_again_after_an_opt_out(out: WayOut) -> None:
    await out.set_connector(resend_unconfirmed=True)
    await out.fault("undelivered", error_code=21610)
    first, text = await out.text("First"), await out.text()
    await out.send(first)
    await out.killed_in_the_call(text)
    await out.change(text, look_up_at=datetime.now(UTC) + timedelta(days=1))

    async def the_first_is_refused() -> bool:
        await out.change(first, look_up_at=NOW)
        await out.ask()
        return (await out.row(first)).status == "undelivered"

    await eventually(the_first_is_refused)
    await out.change(text, look_up_at=NOW)
    await out.ask()
    row = await out.row(text)
    assert (row.failure_code, row.resent) == ("unconfirmed", False)
    assert await out.phone() == []


async def test_two_texts_in_doubt_that_read_the_same_share_no_message(out: WayOut) -> None:
    texts = [await out.text("Yes") for _ in range(2)]
    await out.send(texts[0])
    await out.phone()
    for text in texts:
        await out.killed_in_the_call(text)
    await out.ask(doubt=LONG)
    owned = [(await out.row(text)).provider_message_id for text in texts]
    assert sorted(owned, key=str).count(None) == 1
    assert await out.phone() == ["Yes"]


@pytest.mark.parametrize("late", ["unavailable", "answer"])
async def test_a_sender_that_wakes_late_does_not_undo_what_was_found_out(
    out: WayOut, late: str
) -> None:
    """The worker is frozen in the call while its text is doubted and later texts are sent."""
    text = await out.text()
    if late == "unavailable":
        await out.fault("unavailable")
    send = out.twilio.send

    async def frozen(*call: object) -> object:
        try:
            return await send(*call)  # type: ignore[arg-type]
        finally:
            await out.ask(doubt=LONG)

    out.twilio.send = frozen  # type: ignore[method-assign, assignment]
    await out.send(text)
    expected = "unknown" if late == "unavailable" else "delivered"
    await out.phone()
    await out.change(text, look_up_at=NOW)
    await out.ask(doubt=LONG)
    assert await out.status(text) == expected
