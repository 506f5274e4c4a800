"""Behaviour, section 7: texts that nobody asked for wait for the end of quiet hours."""

from datetime import timedelta

from domain.consent.hold import Hold
from domain.conversation.kinds import CloseReason, DeadlineKind, EventKind, PendingSide, Status
from tests.domain.conversation.test_timers import at, until
from tests.domain.scenario import ANN, RETURNING, SUPPORT, TEN, Scenario, fresh, with_ann

WHY = "quiet hours in Florida (texts leave 08:00 to 20:00, America/New_York)"


def hold(minutes: float) -> Hold:
    return Hold(until=at(minutes), why=WHY, rules="2026-11")


def opened_at_night(minutes: float) -> Scenario:
    held = Scenario(fresh(SUPPORT, RETURNING, "ann"), RETURNING)
    held.does(lambda core: core.opened_by_agent(ANN, "Ready", "key", TEN, hold=hold(minutes)))
    return held


def test_an_agents_first_text_waits_and_its_agent_sees_why_and_until_when() -> None:
    held = opened_at_night(600)
    assert (held.status, held.state.agent_id) == (Status.assigned, "ann")
    assert held.state.pending_side is PendingSide.consumer
    assert held.transcript == []
    (event,) = held.events(EventKind.text_held)
    assert (event.data["why"], event.data["until"]) == (WHY, at(600).isoformat())
    assert held.core.deadlines[DeadlineKind.scheduled_text] == at(600)
    assert held.state.scheduled[0].id == event.data["message_id"]


def test_nothing_closes_or_reminds_before_a_held_text_has_left() -> None:
    held = opened_at_night(600)  # the auto-close comes after four hours
    assert set(held.core.deadlines) == {DeadlineKind.scheduled_text}
    until(held, 600)
    (sent,) = [one for one in held.transcript if one.author == "agent"]
    assert (sent.text, sent.written_at, held.state.scheduled) == ("Ready", at(600), [])
    until(held, 839)
    assert held.status is Status.assigned
    until(held, 841)
    assert held.state.close_reason is CloseReason.auto_close


def test_a_text_soon_after_the_consumer_wrote_is_a_reply_and_is_not_asked_about() -> None:
    held = with_ann()
    held.schedules(ANN, minutes=120)
    assert not held.core.scheduled_texts.must_ask(at(119))
    assert not held.core.scheduled_texts.must_ask(at(120))
    held.schedules(ANN, minutes=240)
    held.state.scheduled.pop(0)
    assert held.core.scheduled_texts.must_ask(at(240))


def test_a_held_text_gives_way_to_one_that_is_due_before_it() -> None:
    held = with_ann()
    held.schedules(ANN, "first", minutes=300)
    held.schedules(ANN, "second", minutes=310)
    held.does(lambda core: core.scheduled_texts.hold_next(hold(600), at(300)))
    assert [text.text for text in held.state.scheduled] == ["second", "first"]
    assert held.core.deadlines[DeadlineKind.scheduled_text] == at(310)
    assert held.core.scheduled_texts.must_ask(at(310) + timedelta(seconds=1))
