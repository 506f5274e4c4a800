"""Behaviour, section 3: auto-close. SUPPORT closes after four hours of the consumer's silence."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain.conversation.kinds import CloseReason, DeadlineKind, EventKind, Status
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    SALES,
    SUPPORT,
    TEN,
    Scenario,
    answered,
    closed,
    in_survey,
    opened_by_ann,
    waiting,
    with_ann,
    with_texts,
)

FOUR_HOURS = timedelta(hours=4)


def auto_close_at(scenario: Scenario) -> datetime | None:
    return scenario.core.deadlines.get(DeadlineKind.auto_close)


def test_silence_of_the_consumer_closes_exact_to_the_second() -> None:
    silent = answered()
    silent.passes(hours=3, minutes=59, seconds=59)
    assert silent.status is Status.assigned
    silent.passes(seconds=1)
    assert (silent.status, silent.state.close_reason) == (Status.closed, CloseReason.auto_close)
    assert silent.state.closed_at == TEN + FOUR_HOURS


def test_auto_close_is_silent_by_default_and_asks_for_no_rating() -> None:
    silent = answered()
    silent.passes(days=1)
    assert (silent.said, silent.state.survey) == ([], None)


def test_auto_close_says_so_where_the_text_is_on() -> None:
    silent = answered(with_texts(SUPPORT, auto_closed="We close this now."))
    silent.passes(days=1)
    assert (silent.said, silent.state.survey) == (["auto_closed"], None)


def test_it_comes_late_when_the_clock_was_stopped_and_still_closes() -> None:
    silent = answered()
    silent.does(lambda core: core.time_passed(TEN + timedelta(days=3)))
    assert silent.status is Status.closed


@pytest.mark.parametrize(
    "pending_agent", [waiting, with_ann], ids=["waiting in the queue", "assigned, not answered"]
)
def test_it_never_closes_while_the_agent_is_to_write_next(
    pending_agent: Callable[[], Scenario],
) -> None:
    held = pending_agent()
    assert held.core.next_deadline is None
    held.passes(days=365)
    assert held.state.closed_at is None


def test_a_conversation_an_agent_opened_closes_when_nobody_answers() -> None:
    assert auto_close_at(opened_by_ann()) == TEN + FOUR_HOURS


def _consumer_texts_and_is_answered(scenario: Scenario) -> None:
    scenario.texts("thanks")
    scenario.replies(ANN)


@pytest.mark.parametrize(
    "restart",
    [
        lambda scenario: scenario.replies(ANN),
        _consumer_texts_and_is_answered,
        lambda scenario: _asks_for_help_and_is_answered(scenario),
    ],
    ids=["agent", "consumer and agent", "HELP and agent"],
)
def test_every_message_of_a_person_restarts_it(
    restart: Callable[[Scenario], None],
) -> None:
    held = answered()
    held.passes(hours=3)
    restart(held)
    assert auto_close_at(held) == TEN + timedelta(hours=7)


def _asks_for_help_and_is_answered(scenario: Scenario) -> None:
    scenario.texts("HELP")
    assert auto_close_at(scenario) is None, "an agent owes an answer"
    scenario.replies(ANN)


@pytest.mark.parametrize(
    "harmless",
    [
        lambda scenario: scenario.notes(ANN),
        lambda scenario: scenario.notes(MIA),
        lambda scenario: scenario.core.check_reply(ANN, "typing"),
        lambda scenario: scenario.core.next_deadline,
        lambda scenario: scenario.routes_to(BEN),
    ],
    ids=["note", "manager's note", "typing", "reading", "stale choice"],
)
def test_messages_of_the_system_leave_auto_close_alone(
    harmless: Callable[[Scenario], object],
) -> None:
    held = answered()
    held.passes(hours=3)
    harmless(held)
    assert auto_close_at(held) == TEN + FOUR_HOURS


def test_automatic_messages_leave_it_alone() -> None:
    held = answered()
    held.passes(hours=1)
    held.takes_over(MIA)
    assert held.said == ["agent_joined"]
    assert auto_close_at(held) == TEN + FOUR_HOURS


def test_the_consumers_text_stops_it_until_somebody_answers() -> None:
    held = answered()
    held.passes(hours=3)
    held.texts("still there?")
    assert auto_close_at(held) is None
    assert held.state.auto_close_at is None


def test_a_transfer_makes_it_pending_the_agent_and_so_stops_it() -> None:
    for to in (SALES, BEN):
        held = answered()
        held.transfers(ANN, to)
        assert auto_close_at(held) is None


def test_a_return_owes_an_answer_which_stops_it_until_somebody_writes() -> None:
    held = answered()
    held.passes(hours=3)
    held.returns(ANN)
    held.routes_to(BEN)
    held.passes(days=365)
    assert (held.status, auto_close_at(held)) == (Status.assigned, None)
    held.replies(BEN)
    assert auto_close_at(held) == held.now + FOUR_HOURS


def test_the_time_of_the_destination_skill_holds_after_a_transfer() -> None:
    held = answered()
    held.transfers(ANN, SALES.model_copy(update={"auto_close_after": timedelta(minutes=25)}))
    held.routes_to(BEN)
    held.replies(BEN)
    assert auto_close_at(held) == TEN + timedelta(minutes=25)


def test_the_row_carries_the_deadline_operators_see() -> None:
    assert answered().state.auto_close_at == TEN + FOUR_HOURS
    assert in_survey().state.auto_close_at is None
    assert closed().state.auto_close_at is None


def test_the_reason_is_told_to_the_live_stream() -> None:
    silent = answered()
    silent.passes(days=1)
    (event,) = silent.events(EventKind.conversation_closed)
    assert event.data == {
        "reason": "auto_close",
        "survey": False,
        "survey_gate": "silent_close",
    }
    assert event.agent_id is None
