"""Behaviour, section 3: an agent's text that is sent at a set time."""

from datetime import timedelta

import pytest

from domain.conversation.kinds import DeadlineKind, EventKind, PendingSide, Status
from domain.errors import (
    ConsumerOptedOut,
    ConversationClosed,
    ConversationNotAssigned,
    DomainError,
    Invalid,
    MessageTooLong,
    NotFound,
    TooManyScheduledTexts,
)
from domain.text.limits import OUTGOING
from tests.domain.conversation.test_timers import MINUTE, at, timed, told, until
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    SUPPORT,
    Scenario,
    answered,
    closed,
    in_survey,
    opted_out,
    with_ann,
)


def sent(scenario: Scenario, by: float) -> list[tuple[object, str]]:
    """Return which scheduled texts were sent, and when, by so many minutes after ten."""
    until(scenario, by)
    return [(m.written_at, m.text) for m in scenario.transcript if m.author == "agent"]


def reasons(scenario: Scenario) -> list[object]:
    return [e.data["reason"] for e in scenario.events(EventKind.scheduled_text_cancelled)]


def test_a_text_leaves_at_its_time_as_its_agents_reply() -> None:
    held = with_ann(SUPPORT.model_copy(update={"response_time": 30 * MINUTE}))
    text_id = held.schedules(ANN, "As promised.", minutes=20)
    assert held.core.deadlines[DeadlineKind.scheduled_text] == at(20)
    assert held.state.pending_side is PendingSide.agent
    assert sent(held, 20) == [(at(20), "As promised.")]
    message, state = held.transcript[-1], held.state
    assert (message.message_id, message.agent_id, message.is_to_send) == (text_id, "ann", True)
    assert (state.pending_side, state.waiting_since, state.response_due_at) == (
        PendingSide.consumer,
        None,
        None,
    )
    assert (state.quiet_since, state.scheduled) == (at(20), [])


def test_it_restarts_the_consumers_silence_and_the_auto_close() -> None:
    held = answered(timed(consumer_silent=30))
    held.schedules(ANN, minutes=20)
    assert told(held, "consumer_silent", 60) == [at(50)]
    assert held.core.deadlines[DeadlineKind.auto_close] == at(260)


def test_texts_leave_by_their_times_and_at_the_same_time_as_they_were_written() -> None:
    held = answered()
    for minutes, text in ((20, "third"), (10, "first"), (20, "fourth"), (15, "second")):
        held.schedules(ANN, text, minutes=minutes)
    assert [text for _, text in sent(held, 20)][1:] == ["first", "second", "third", "fourth"]


def test_it_leaves_while_the_conversation_waits_or_is_with_somebody_else() -> None:
    held = with_ann()
    held.schedules(ANN, "one", minutes=10)
    held.schedules(ANN, "two", minutes=20)
    held.returns(ANN)
    assert sent(held, 10) == [(at(10), "one")]
    assert held.status is Status.waiting
    held.routes_to(BEN)
    assert sent(held, 20)[1:] == [(at(20), "two")]
    assert held.state.agent_id == "ben"


@pytest.mark.parametrize("text", ["thanks", "Info"])
def test_an_answer_of_the_consumer_cancels_it_where_that_was_chosen(text: str) -> None:
    held = answered()
    held.schedules(ANN, "chaser", unless_answered=True, minutes=10)
    held.schedules(ANN, "promised", minutes=10)
    held.texts(text)
    assert reasons(held) == ["answered"]
    assert [text for _, text in sent(held, 60)][1:] == ["promised"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda held: held.closes(ANN), "closed"),
        (lambda held: held.texts("STOP"), "opted_out"),
        (lambda held: held.does(lambda core: core.consumer_opted_out(held.now)), "opted_out"),
        (lambda held: held.does(lambda core: core.ended_by_operator(held.now)), "closed"),
        (lambda held: held.passes(hours=4), "closed"),
    ],
    ids=["close", "STOP", "refusal", "operator", "auto-close"],
)
def test_a_close_and_an_opt_out_cancel_it(end: object, reason: str) -> None:
    held = answered()
    held.schedules(ANN, "one", hours=5)
    held.schedules(ANN, "two", days=2)
    assert callable(end)
    end(held)
    assert (reasons(held), held.state.scheduled) == ([reason, reason], [])
    assert DeadlineKind.scheduled_text not in held.core.deadlines


def test_its_writer_the_holder_and_managers_cancel_it_and_nobody_else() -> None:
    held = answered()
    texts = [held.schedules(ANN, minutes=10 + number) for number in range(3)]
    held.returns(ANN)
    held.routes_to(BEN)
    other = held.schedules(BEN, minutes=30)
    with pytest.raises(ConversationNotAssigned):
        held.cancels(ANN, other)
    for person, text_id in zip((ANN, BEN, MIA), texts, strict=True):
        held.cancels(person, text_id)
    assert (reasons(held), len(held.state.scheduled)) == (["cancelled"] * 3, 1)
    with pytest.raises(NotFound):
        held.cancels(ANN, texts[0])


def test_a_text_that_was_sent_cannot_be_cancelled() -> None:
    held = answered()
    text_id = held.schedules(ANN, minutes=1)
    until(held, 1)
    with pytest.raises(NotFound):
        held.cancels(ANN, text_id)


@pytest.mark.parametrize(
    ("held", "text", "span", "refusal"),
    [
        (answered(), "x", timedelta(seconds=59), Invalid),
        (answered(), "x", timedelta(days=90, seconds=1), Invalid),
        (answered(), "x", -timedelta(days=1), Invalid),
        (answered(), "x" * (OUTGOING + 1), timedelta(days=1), MessageTooLong),
        (closed(), "x", timedelta(days=1), ConversationClosed),
        (in_survey(), "x", timedelta(days=1), DomainError),
        (opted_out(), "x", timedelta(days=1), ConsumerOptedOut),
    ],
)
def test_a_text_that_could_not_be_sent_later_is_refused_now(
    held: Scenario, text: str, span: timedelta, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        held.schedules(ANN, text, seconds=span.total_seconds())
    assert held.state.scheduled == []


def test_only_people_who_may_reply_may_schedule() -> None:
    held = answered()
    for person in (BEN, MIA):
        with pytest.raises(ConversationNotAssigned):
            held.schedules(person, minutes=10)
    held.joins(MIA)
    held.schedules(MIA, minutes=10)


def test_ten_texts_may_wait() -> None:
    held = answered()
    for _ in range(10):
        held.schedules(ANN, minutes=10)
    with pytest.raises(TooManyScheduledTexts):
        held.schedules(ANN, minutes=10)


def test_a_worker_that_was_away_sends_a_late_text_before_it_would_close() -> None:
    held = answered()
    held.schedules(ANN, minutes=200)
    held.now = at(2000)
    held.does(lambda core: core.time_passed(held.now))
    assert [m.author for m in held.messages] == ["agent"]
    assert held.core.deadlines[DeadlineKind.auto_close] == at(2240)


def test_a_text_of_after_the_closing_does_not_leave_however_late_that_comes() -> None:
    held = answered()
    held.schedules(ANN, minutes=300)
    held.now = at(2000)
    held.does(lambda core: core.time_passed(held.now))
    assert (held.status, reasons(held), held.messages) == (Status.closed, ["closed"], [])


def test_it_waits_on_through_a_transfer() -> None:
    held = answered()
    held.schedules(ANN, minutes=30)
    held.transfers(ANN)
    assert len(held.state.scheduled) == 1
