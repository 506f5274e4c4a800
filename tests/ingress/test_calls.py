"""Phone calls by a provider's webhooks: each is texted at most once, and only who may be."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy import text as sql

from database.engine import Sessions
from database.queries import consumers
from database.queries.consent import (
    Consenting,
    Recorded,
    is_opted_out,
    record_opt_out,
)
from database.restored import STATEMENTS
from database.tables import Account, ConsentEvent, Invitation, Message, PhoneCall
from domain.calls.course import LATE_CHOICE
from domain.calls.kinds import CallOutcome, WhyNot
from domain.consent.sources import ConsentSource
from domain.erasure.kinds import ERASED_CALLER
from domain.numbers.phone_numbers import phone_of
from ingress.call_texts import course_of
from ingress.calls import Calls
from ingress.errors import NotForThisLine, NotFromProvider, NotUnderstood
from ingress.missed_calls import MissedCalls
from providers.contract import WebhookRequest
from providers.voice import Stage
from tests.fixtures.brand import Brand
from tests.ingress.caller import (
    LANDLINE,
    MOBILE,
    PhoneCallOf,
    create_calls,
    make_menu,
    verbs,
    words,
)
from tests.ingress.carrier import create_intake, request

LATER = timedelta(seconds=1) + LATE_CHOICE


@pytest.fixture
def calls(session_factory: Sessions) -> Calls:
    return create_calls(create_intake(session_factory))


async def texts(sessions: Sessions) -> Sequence[Message]:
    async with sessions() as session:
        return (await session.scalars(select(Message).order_by(Message.written_at))).all()


async def call_row(sessions: Sessions, call: PhoneCallOf) -> PhoneCall:
    async with sessions() as session:
        return (
            await session.scalars(select(PhoneCall).where(PhoneCall.provider_call_id == call.sid))
        ).one()


async def answer_missed(sessions: Sessions, at: datetime | None = None) -> None:
    missed = MissedCalls(sessions)
    while await missed.answer_next(at or datetime.now(UTC) + LATER):
        pass


async def opt_out(sessions: Sessions, brand: Brand) -> Consenting:
    async with sessions.begin() as session:
        one = await consumers.with_phone(session, brand.account_id, phone_of(MOBILE))
        await record_opt_out(session, brand.account_id, one.id, Recorded(ConsentSource.api))
    return Consenting(brand.account_id, one.id, brand.line_id)


async def test_a_caller_who_presses_1_is_texted_once_however_often_it_is_posted(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    menu = await make_menu(session_factory, brand, skill=brand.sales)
    call, elsewhere = (
        PhoneCallOf(calls, brand.line_id),
        create_calls(create_intake(session_factory)),
    )
    assert verbs(await call.begin()) == ["Gather"]
    other = PhoneCallOf(elsewhere, brand.line_id)
    other.sid = call.sid
    answers = await asyncio.gather(*(one.press("1") for one in (call, other, call)))
    await call.end("completed")
    answers.append(await call.press("1"))
    assert all("We have texted you" in words(answer) for answer in answers)
    assert all(verbs(answer) == ["Say", "Hangup"] for answer in answers)
    [text] = await texts(session_factory)
    assert "Thank you for calling" in text.text
    async with session_factory() as session:
        [invited] = (await session.scalars(select(Invitation))).all()
        [consent] = (await session.scalars(select(ConsentEvent))).all()
    row = await call_row(session_factory, call)
    assert invited.skill_id == brand.sales
    assert invited.origin_id == str(row.id)
    assert "pressed 1 to continue by text" in invited.context["note"]
    assert (consent.source, consent.kind, consent.text) == ("call", "opted_in", "1")
    assert f"menu {menu}, version 1: pressed 1" in (consent.evidence or "")
    assert "press 1, or say: text me" in (consent.evidence or "")
    await answer_missed(session_factory)
    assert len(await texts(session_factory)) == 1


async def test_nothing_is_kept_of_a_caller_who_was_erased_while_they_called(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand, skill=brand.sales)
    call = PhoneCallOf(calls, brand.line_id)
    await call.begin()
    async with session_factory.begin() as session:
        await session.execute(update(PhoneCall).values(caller=ERASED_CALLER))
    await call.press("1")
    await call.end("completed")
    await answer_missed(session_factory)
    row = await call_row(session_factory, call)
    assert (row.caller, row.asked, row.consumer_id) == (ERASED_CALLER, None, None)
    assert not await texts(session_factory)


async def test_a_call_says_a_text_leaves_only_to_numbers_that_receive_texts(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand)
    told = {
        LANDLINE: "cannot receive text messages",
        "+18005550123": "cannot receive text messages",
        "anonymous": "without a number",
        "+266696687": "without a number",
        "sip:ann@brand.test": "without a number",
        "": "without a number",
    }
    for caller, sentence in told.items():
        call = PhoneCallOf(calls, brand.line_id, caller)
        answer = await call.begin()
        assert sentence in words(answer), caller
        assert verbs(answer)[-1] == "Enqueue"
        assert sentence in words(await call.press("1"))
    assert not await texts(session_factory)


async def test_a_number_that_many_calls_pretend_to_have_is_not_flooded(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand)
    answers = [await PhoneCallOf(calls, brand.line_id).press("1") for _ in range(6)]
    assert "We cannot text you" in words(answers[5])
    assert len(await texts(session_factory)) == 5


async def test_an_opted_out_caller_is_told_of_start_and_stays_opted_out(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand)
    who = await opt_out(session_factory, brand)
    call = PhoneCallOf(calls, brand.line_id)
    await call.begin()
    answer = await call.press("1")
    assert "text the word START to 1 5 5 5 0 1 0 0 0 0 1" in words(answer)
    assert not await texts(session_factory)
    async with session_factory() as session:
        assert await is_opted_out(session, who)
        kinds = list(await session.scalars(select(ConsentEvent.kind)))
    assert kinds == ["opted_out"]
    row = await call_row(session_factory, call)
    assert (row.why_not, row.asked_at is not None) == (WhyNot.opted_out, True)


async def test_a_missed_call_is_texted_where_allowed_once_a_day_and_not_after_an_opt_out(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand, texts_missed=True)
    first, second = (PhoneCallOf(calls, brand.line_id) for _ in range(2))
    await first.end("no-answer")  # it was never answered, so nothing else was posted
    await second.begin()
    await second.end("completed")
    await answer_missed(session_factory)
    [text] = await texts(session_factory)
    assert "Sorry we missed your call" in text.text
    rows = [await call_row(session_factory, one) for one in (first, second)]
    assert [course_of(row).outcome for row in rows] == [CallOutcome.missed, CallOutcome.abandoned]
    assert [row.why_not for row in rows] == [None, WhyNot.texted_today]
    await opt_out(session_factory, brand)
    third = PhoneCallOf(calls, brand.line_id)
    await third.end("busy")
    await answer_missed(session_factory)
    assert (await call_row(session_factory, third)).why_not == WhyNot.opted_out
    assert len(await texts(session_factory)) == 1


async def test_a_missed_call_waits_for_quiet_hours_and_a_pressed_key_does_not(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand, texts_missed=True)
    async with session_factory.begin() as session:
        await session.execute(
            update(Account)
            .where(Account.id == brand.account_id)
            .values(holds_quiet_hours=True, time_zone="UTC")
        )
    call = PhoneCallOf(calls, brand.line_id)
    await call.end("no-answer")
    night = (datetime.now(UTC) + timedelta(days=1)).replace(hour=3)
    async with session_factory.begin() as session:
        await session.execute(update(PhoneCall).values(text_due_at=night, ended_at=night))
    await MissedCalls(session_factory).answer_next(night)
    assert not await texts(session_factory)
    due_at = (await call_row(session_factory, call)).text_due_at
    assert due_at is not None
    assert due_at.hour == 8
    await call.press("1")  # posted late
    assert len(await texts(session_factory)) == 1
    await answer_missed(session_factory, due_at)
    assert len(await texts(session_factory)) == 1


async def test_a_text_that_waited_when_the_database_was_restored_is_marked_as_maybe_sent(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand, texts_missed=True)
    ended = PhoneCallOf(calls, brand.line_id)
    goes_on = PhoneCallOf(calls, brand.line_id, caller="+15550100044")
    await ended.end("no-answer")
    await goes_on.begin()
    async with session_factory.begin() as session:
        for statement in STATEMENTS:
            await session.execute(sql(statement))
    await answer_missed(session_factory)
    await goes_on.press("1")
    began = {(await call_row(session_factory, call)).began_at for call in (ended, goes_on)}
    assert {text.maybe_sent_since for text in await texts(session_factory)} == began


async def test_a_missed_call_is_not_texted_unless_allowed_or_where_consent_is_needed(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand)
    call = PhoneCallOf(calls, brand.line_id)
    await call.end("no-answer")
    assert (await call_row(session_factory, call)).why_not == WhyNot.not_allowed
    await answer_missed(session_factory)
    assert not await texts(session_factory)


async def test_a_call_that_somebody_took_is_not_missed(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    dial = {"kind": "dial", "to": "+15550100077"}
    await make_menu(session_factory, brand, texts_missed=True, keep_waiting=dial)
    call, lost = (PhoneCallOf(calls, brand.line_id) for _ in range(2))
    assert "<Number>+15550100077</Number>" in await call.press("2")
    assert verbs(await call.post(Stage.dialled, DialCallStatus="completed")) == ["Hangup"]
    await call.end("completed")
    assert "Nobody could take your call" in words(
        await lost.post(Stage.dialled, DialCallStatus="no-answer")
    )
    await lost.end("completed")
    outcomes = [course_of(await call_row(session_factory, one)).outcome for one in (call, lost)]
    assert outcomes == [CallOutcome.answered, CallOutcome.abandoned]


async def test_a_caller_in_a_queue_hears_the_offer_again_and_leaves_it_texted(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand, languages=["en", "es"])
    call = PhoneCallOf(calls, brand.line_id)
    waiting = {"step": "waiting", "language": "es"}
    again = await call.post(Stage.wait, waiting)
    assert verbs(again) == ["Pause", "Gather"]
    assert "step=waiting" in again
    spoken = await call.post(Stage.choice, waiting, SpeechResult="Escríbame, por favor")
    assert verbs(spoken) == ["Say", "Leave"]
    assert verbs(await call.post(Stage.left_queue, QueueResult="leave")) == ["Hangup"]
    [text] = await texts(session_factory)
    assert "Gracias por llamar" in text.text


async def test_odd_voice_webhooks_are_answered_and_text_nobody(
    session_factory: Sessions, brand: Brand, calls: Calls
) -> None:
    await make_menu(session_factory, brand)
    odd = PhoneCallOf(calls, brand.line_id)
    nonsense = {"menu": "../x", "version": "9" * 40, "step": "?", "tries": "x", "language": "xx"}
    for position in (None, nonsense, {"menu": "x" * 63, "version": "9" * 40}):
        for pressed in ("1" * 100, "9", "#", "\u0661"):
            assert verbs(await odd.press(pressed, position)) == ["Gather"]
    assert "did not understand" in words(
        await odd.post(Stage.choice, SpeechResult="text me", Confidence="0.1")
    )
    assert "did not understand" in words(
        await odd.post(Stage.choice, SpeechResult="please don't text me", Confidence="nan")
    )
    third = {"tries": "2"}
    assert verbs(await odd.post(Stage.choice, third)) == ["Say", "Enqueue"]
    assert not await texts(session_factory)
    with pytest.raises(NotUnderstood):
        await odd.post(Stage.begin, CallSid="CA-none")
    with pytest.raises(NotForThisLine):
        await PhoneCallOf(calls, brand.line_id).post(Stage.begin, To="+15550100444")
    with pytest.raises(NotFromProvider):
        await calls.take("twilio", Stage.begin, brand.line_id, _unsigned(brand))


def _unsigned(brand: Brand) -> WebhookRequest:
    signed = request(brand.line_id, [("CallSid", "CA" + "0" * 32)], path="voice")
    return WebhookRequest(signed.url, {"X-Twilio-Signature": "x"}, signed.body, "voice")
