"""A text without a conversation is sent like the others, in order with them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from database.queries.consent import Recorded, is_opted_out, record_opt_out
from database.queries.unsent_texts import count_left_alone, unsent
from database.tables import Event
from domain.consent.sources import ConsentSource
from domain.delivery.delays import BEFORE_UNCONFIRMED, reasons
from outgoing.time_outs import TimeOuts
from tests.outgoing.way_out import WayOut


@pytest.fixture(autouse=True)
async def hurry(out: WayOut) -> None:
    """Such texts are proactive, and would leave as slowly as providers usually allow."""
    await out.set_pace(1000)


HOUR = timedelta(hours=1)
NOBODY = "http://127.0.0.1:1"


async def test_a_text_without_a_conversation_reaches_its_phone_once(out: WayOut) -> None:
    text = await out.standalone("Your parcel is here")
    workers = [out.sends_standalone() for _ in range(3)]
    await asyncio.gather(*(worker.send_due() for worker in workers))
    await asyncio.gather(*(worker.send_due() for worker in workers))
    assert await out.phone() == ["Your parcel is here"]
    row = await out.row(text)
    assert (row.conversation_id, row.position, row.attempts) == (None, None, 1)
    assert (row.segments, row.encoding) == (1, "GSM-7")


async def test_a_text_that_is_written_twice_is_one(out: WayOut) -> None:
    text = await out.standalone("Once")
    assert not await out.written(text, "Once")
    await out.send_standalone()
    assert not await out.written(text, "Once")
    await out.send_standalone()
    assert await out.phone() == ["Once"]


async def test_its_delivery_is_an_event_of_no_conversation(out: WayOut) -> None:
    text = await out.standalone()
    await out.send_standalone()
    await out.phone()
    await out.ask()
    assert await out.status(text) == "delivered"
    async with out.sessions() as session:
        told = (await session.scalars(select(Event).order_by(Event.id))).all()
    assert {event.conversation_id for event in told} == {None}
    assert [event.data["status"] for event in told][-1] == "delivered"
    assert {event.data["message_id"] for event in told} == {str(text)}


async def test_an_answer_that_was_lost_leaves_one_text(out: WayOut) -> None:
    await out.fault("reset_after_taking")
    text = await out.standalone("Once")
    await out.send_standalone()
    assert await out.status(text) == "unknown"
    await out.send_standalone()
    await out.ask()
    assert await out.status(text) in ("sent", "sending", "delivered")
    assert await out.phone() == ["Once"]


async def test_a_sender_that_died_in_the_call_is_found_out_about(out: WayOut) -> None:
    text = await out.standalone("Once")
    await out.send_standalone()
    await out.killed_in_the_call(text)
    await out.send_standalone()
    await out.ask()
    assert await out.status(text) in ("sent", "sending", "delivered")
    assert await out.phone() == ["Once"]


async def test_a_sender_that_died_before_the_call_keeps_nobody_waiting_for_long(
    out: WayOut,
) -> None:
    text = await out.standalone("Once")
    await out.change(text, look_up_at=datetime.now(UTC) + timedelta(minutes=1))
    assert not await out.send_standalone()
    await out.change(text, look_up_at=datetime.now(UTC))
    await out.send_standalone()
    assert await out.phone() == ["Once"]


async def test_a_text_that_a_restored_database_shows_as_queued_is_not_sent_twice(
    out: WayOut,
) -> None:
    text = await out.standalone("Once")
    await out.send_standalone()
    back = datetime.now(UTC) - HOUR
    lost = {"provider_message_id": None, "attempted_at": None, "attempts": 0}
    await out.change(text, status="queued", written_at=back, look_up_at=back, **lost)
    await out.send_standalone(TimeOuts())
    assert (await out.row(text)).provider_message_id
    assert await out.phone() == ["Once"]


async def test_a_consumer_who_opted_out_gets_only_the_confirmation(out: WayOut) -> None:
    text = await out.standalone("News")
    answer = await out.standalone("You will get no more texts.", is_consent_reply=True)
    to = await out.to()
    async with out.sessions.begin() as session:
        await record_opt_out(session, to.account_id, to.consumer_id, Recorded(ConsentSource.api))
    await out.send_standalone()
    await out.send_standalone()
    assert await out.phone() == ["You will get no more texts."]
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("failed", "opted_out")
    assert await out.status(answer) != "failed"


async def test_an_opt_out_reported_by_the_provider_is_stored_for_the_line(out: WayOut) -> None:
    await out.fault("undelivered", error_code=21610)
    text = await out.standalone()
    await out.send_standalone()
    await out.phone()
    await out.ask()
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("undelivered", "opted_out")
    to = await out.to()
    assert out.conversations.opted_out_of == [to.workflow_id]
    async with out.sessions() as session:
        assert await is_opted_out(session, to)


async def test_an_opt_out_for_which_the_provider_refuses_it_is_kept_for_the_line(
    out: WayOut,
) -> None:
    await out.fault("refused", error_code=21610)
    text = await out.standalone()
    await out.send_standalone()
    row = await out.row(text)
    assert (row.status, row.failure_code) == ("failed", "opted_out")
    to = await out.to()
    async with out.sessions() as session:
        assert await is_opted_out(session, to)


async def test_an_unlisted_text_is_sent_once_more_if_the_connector_says_so(out: WayOut) -> None:
    await out.set_connector(resend_unconfirmed=True)
    await out.fault("server_error", body="plain")
    text = await out.standalone("Once")
    await out.send_standalone()
    assert await out.status(text) == "unknown"
    await out.ask()
    assert await out.phone() == ["Once"]
    assert (await out.row(text)).resent


async def test_a_text_that_the_provider_refuses_for_now_is_tried_until_the_outage_is_too_long(
    out: WayOut,
) -> None:
    await out.set_connector(api_url=NOBODY)
    text = await out.standalone("Late")
    await out.send_standalone()
    row = await out.row(text)
    assert (row.status, row.attempts) == ("queued", 1)
    assert row.look_up_at
    assert not await out.send_standalone(), "it has a minute"
    await out.set_connector(api_url=out.url)
    await out.change(text, look_up_at=datetime.now(UTC))
    await out.send_standalone()
    assert await out.phone() == ["Late"]
    late = await out.standalone("Too late", age=timedelta(hours=5))
    await out.set_connector(provider="pigeon")
    await out.send_standalone()
    assert (await out.row(late)).failure_code == "provider_unavailable"


async def test_texts_without_a_conversation_leave_in_their_order(out: WayOut) -> None:
    for words in ("One", "Two", "Three"):
        await out.standalone(words)
    while await out.send_standalone(TimeOuts()):
        pass
    assert await out.phone() == ["One", "Two", "Three"]


async def test_a_text_that_is_tried_again_is_not_overtaken_by_the_next(out: WayOut) -> None:
    first, second = await out.standalone("One"), await out.standalone("Two")
    await out.change(first, look_up_at=datetime.now(UTC) + HOUR, attempts=1)
    assert not await out.send_standalone()
    await out.change(first, look_up_at=datetime.now(UTC))
    await out.send_standalone()
    await out.send_standalone()
    assert await out.phone() == ["One", "Two"]
    assert await out.status(second) != "queued"


async def test_texts_with_and_without_a_conversation_wait_for_each_other(
    out: WayOut,
) -> None:
    reply, notice = await out.text("Reply"), await out.standalone("Notice")
    later = await out.text("Later")
    waiting = TimeOuts()
    assert not await out.send_standalone(waiting)
    assert await out.send(reply, later, time_outs=waiting) is None
    assert [await out.status(text) for text in (notice, later)] == ["queued", "queued"]
    assert await out.send_standalone(waiting)
    assert await out.send(reply, later, time_outs=waiting)
    assert await out.phone() == ["Reply", "Notice", "Later"]


async def test_texts_of_both_kinds_hold_each_other_up_for_seconds_only(out: WayOut) -> None:
    notice, reply = await out.standalone("Notice"), await out.text("Reply")
    await out.change(notice, look_up_at=datetime.now(UTC) + HOUR)
    assert await out.send(reply), "the provider does not take the notice: the reply is tried"
    stuck, after = await out.text("Stuck"), await out.standalone("After")
    await out.change(notice, status="delivered")
    assert await out.send_standalone()
    assert (await out.status(stuck), await out.status(after)) != ("queued", "queued")
    assert await out.phone() == ["Reply", "After"]


async def test_in_strict_order_a_reply_waits_for_a_notice_in_doubt_and_says_so(
    out: WayOut,
) -> None:
    await out.set_connector(may_overtake_unconfirmed=False)
    notice, reply = await out.standalone("Notice"), await out.text("Reply")
    now = datetime.now(UTC)
    doubt = {"status": "unknown", "attempted_at": now - HOUR, "attempts": 1}
    await out.change(notice, **doubt, look_up_at=now + HOUR)
    assert await out.send(reply) is None
    assert out.conversation_id
    async with out.sessions() as session:
        waits = reasons(await unsent(session, out.conversation_id), now)
    assert waits == {reply: BEFORE_UNCONFIRMED}
    await out.change(notice, look_up_at=None)
    assert await out.send(reply)


async def test_another_phone_waits_for_nobody(out: WayOut) -> None:
    notice = await out.standalone("Notice")
    await out.change(notice, look_up_at=datetime.now(UTC) + HOUR)
    other = await out.standalone("Other", number="+15550999")
    assert await out.send_standalone(TimeOuts())
    assert await out.status(other) != "queued"


async def test_a_text_that_no_worker_handles_is_counted_as_left_alone(out: WayOut) -> None:
    first = await out.standalone(age=HOUR)
    await out.standalone(age=timedelta(minutes=30))
    async with out.sessions() as session:
        assert await count_left_alone(session, datetime.now(UTC)) == 1
    await out.change(first, look_up_at=datetime.now(UTC))
    async with out.sessions() as session:
        assert await count_left_alone(session, datetime.now(UTC)) == 0
    await out.text(age=timedelta(minutes=10))
    async with out.sessions() as session:
        assert await count_left_alone(session, datetime.now(UTC)) == 1
    await out.change(first, status="unknown")
    async with out.sessions() as session:
        assert await count_left_alone(session, datetime.now(UTC)) == 0, "they wait for it"
