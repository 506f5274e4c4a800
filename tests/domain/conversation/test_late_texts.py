"""Texts that arrive long after they were sent: nothing said about them is untrue."""

from datetime import timedelta

import pytest

from domain.conversation.effects import MediaRef
from domain.conversation.kinds import CloseReason, EventKind, Status
from domain.hours.open_hours import Interval, OpenHours
from domain.policy.policy import Policy
from tests.domain.scenario import (
    ANN,
    SUPPORT,
    TEN,
    answered,
    closed,
    in_survey,
    scenario,
    waiting,
    with_ann,
)

HOUR = timedelta(hours=1)
CLOSED_NOW = SUPPORT.model_copy(
    update={
        "hours": OpenHours(
            intervals=(Interval(opens_at=TEN + 5 * HOUR, closes_at=TEN + 9 * HOUR),),
            known_until=TEN + timedelta(days=30),
        )
    }
)
CARD = MediaRef(url="https://example.test/1", content_type="text/x-vcard")


def timed(**values: object) -> Policy:
    return SUPPORT.model_copy(update=values)


def silent_after(span: timedelta) -> Policy:
    """Return a policy under which an agent's conversation goes back after a silence."""
    return timed(agent_silent=SUPPORT.agent_silent.model_copy(update={"reroute": span}))


@pytest.mark.parametrize("policy", [SUPPORT, CLOSED_NOW])
def test_a_late_text_opens_a_conversation_without_a_welcome(policy: Policy) -> None:
    case = scenario(policy)
    case.texts("hello", late=HOUR, media=(CARD,))
    assert case.status is Status.waiting
    assert case.said == []


def test_a_late_text_outside_hours_is_not_told_about_them() -> None:
    case = with_ann(CLOSED_NOW)
    case.texts("anybody there?", late=HOUR)
    assert case.said == []


def test_a_text_that_comes_in_time_after_a_late_one_is_told_about_the_hours() -> None:
    case = scenario(CLOSED_NOW)
    case.texts("hello", late=HOUR)
    case.texts("hello?")
    assert len(case.said) == 1


def test_the_transcript_says_when_a_late_text_was_sent_and_when_it_arrived() -> None:
    case = scenario()
    case.texts("hello", late=HOUR)
    [message] = case.messages
    assert (message.sent_at, message.written_at) == (TEN - HOUR, TEN)


def test_a_consumer_waits_since_they_texted() -> None:
    case = scenario(timed(response_time=2 * HOUR))
    case.texts("hello", late=HOUR)
    assert case.state.waiting_since == TEN - HOUR
    assert case.state.response_due_at == TEN + HOUR
    assert case.state.age_since == TEN - HOUR


def test_a_late_text_makes_a_consumer_wait_longer_than_their_text_that_came_in_time() -> None:
    case = with_ann(timed(response_time=2 * HOUR))
    case.replies(ANN)
    case.passes(minutes=30)
    case.texts("are you there?")
    case.texts("where is my order?", late=2 * HOUR)
    assert case.state.waiting_since == case.now - 2 * HOUR
    assert case.state.response_due_at == case.now


def test_a_late_text_does_not_shorten_a_promise_made_by_hand() -> None:
    case = with_ann(timed(response_time=2 * HOUR))
    case.promises(ANN, 5 * HOUR)
    promised = case.state.response_due_at
    case.texts("and this", late=HOUR)
    assert case.state.response_due_at == promised


def test_an_agent_is_not_taken_for_silent_before_the_late_text_came() -> None:
    case = answered(silent_after(timedelta(minutes=20)))
    case.passes(minutes=30)
    case.texts("where is my order?", late=HOUR)
    case.passes(minutes=19)
    assert case.state.agent_id == ANN.agent_id
    case.passes(minutes=1)
    assert case.status is Status.waiting


def test_a_late_text_gives_a_silent_agent_no_more_time() -> None:
    case = answered(silent_after(timedelta(minutes=20)))
    case.texts("hello?")
    case.passes(minutes=10)
    case.texts("where is my order?", late=HOUR)
    case.passes(minutes=10)
    assert case.status is Status.waiting


def test_a_filed_text_opens_a_conversation_that_closes_at_once() -> None:
    case = scenario()
    case.texts("hello", late=30 * HOUR, is_filed=True)
    assert (case.status, case.state.close_reason) == (Status.closed, CloseReason.system)
    assert case.state.closed_at_once
    assert [message.text for message in case.messages] == ["hello"]


def test_a_filed_text_changes_nothing_in_an_open_conversation() -> None:
    case = answered()
    before = case.state.model_copy()
    case.texts("never mind", late=30 * HOUR, is_filed=True)
    assert case.transcript[-1].text == "never mind"
    assert case.state.waiting_since is None
    assert case.state.pending_side == before.pending_side
    assert case.core.deadlines.keys() == answered().core.deadlines.keys()


def test_a_filed_text_is_no_answer_to_the_survey() -> None:
    case = in_survey()
    case.texts("5", late=30 * HOUR, is_filed=True)
    assert case.status is Status.survey
    assert case.transcript[-1].text == "5"


def test_a_filed_text_is_no_late_answer() -> None:
    case = closed()
    assert not case.core.takes(case.incoming("5", late=30 * HOUR, is_filed=True))


def test_a_stop_that_came_too_late_opts_out_without_a_word() -> None:
    case = waiting()
    case.texts("STOP", late=30 * HOUR, is_filed=True)
    assert case.state.is_opted_out
    assert case.status is Status.closed
    assert case.events(EventKind.opted_out)
    assert case.said == []


def test_a_late_stop_is_confirmed() -> None:
    case = waiting()
    case.texts("STOP", late=HOUR)
    assert case.state.is_opted_out
    assert "opted_out" in [message.automatic for message in case.messages]


def test_a_late_text_is_overdue_at_once_when_its_time_is_over() -> None:
    case = scenario(timed(response_time=timedelta(minutes=30)))
    case.texts("hello", late=HOUR)
    assert case.state.response_due_at is not None
    assert case.state.response_due_at < case.now
