"""Behaviour, section 5: the response time runs in working hours, from the first open text."""

from datetime import timedelta

import pytest

from domain.conversation.kinds import EventKind
from domain.hours.open_hours import Interval, OpenHours
from domain.policy.policy import Policy
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    RETURNING,
    SALES,
    SUPPORT,
    TEN,
    closed,
    waiting,
    with_ann,
    with_texts,
)

HOUR = timedelta(hours=1)
MONTHS = TEN + timedelta(days=60)


def timed(policy: Policy = SUPPORT, **more: object) -> Policy:
    return policy.model_copy(update={"response_time": HOUR, **more})


def open_from(*hours: tuple[int, int]) -> OpenHours:
    """Return hours that are open from and until so many hours after ten."""
    return OpenHours(
        intervals=tuple(
            Interval(opens_at=TEN + a * HOUR, closes_at=TEN + b * HOUR) for a, b in hours
        ),
        known_until=MONTHS,
    )


def test_the_clock_starts_at_the_first_text_and_later_ones_leave_it() -> None:
    waits = waiting(timed())
    waits.passes(minutes=10)
    waits.texts("hello?")
    assert waits.state.response_due_at == TEN + HOUR


def test_an_answer_ends_it_and_the_next_text_starts_it_anew() -> None:
    held = with_ann(timed())
    held.passes(minutes=10)
    held.replies(ANN)
    assert held.state.response_due_at is None
    held.passes(minutes=10)
    held.texts("and?")
    assert held.state.response_due_at == held.now + HOUR


def test_without_a_time_nothing_is_due() -> None:
    assert waiting().state.response_due_at is None


def test_a_first_conversation_has_a_time_of_its_own() -> None:
    quick = timed(first_response_time=timedelta(minutes=5))
    assert waiting(quick).state.response_due_at == TEN + timedelta(minutes=5)
    assert waiting(quick, RETURNING).state.response_due_at == TEN + HOUR
    assert waiting(timed()).state.response_due_at == TEN + HOUR


def test_closed_hours_do_not_count_and_the_next_opening_is_told() -> None:
    night = waiting(timed(hours=open_from((14, 23))))
    assert night.state.response_due_at == TEN + 15 * HOUR
    assert night.state.next_open_at == TEN + 14 * HOUR
    evening = waiting(timed(hours=open_from((-2, 0), (14, 23)), response_time=2 * HOUR))
    assert evening.state.response_due_at == TEN + 16 * HOUR
    day = waiting(timed(hours=open_from((0, 8))))
    assert day.state.next_open_at is None


def test_a_transfer_counts_by_the_destinations_time_from_the_text_that_waits() -> None:
    held = with_ann(timed())
    held.passes(minutes=10)
    held.transfers(ANN, timed(SALES, response_time=2 * HOUR))
    assert held.state.response_due_at == TEN + 2 * HOUR
    held.routes_to(BEN)
    held.replies(BEN)
    held.passes(minutes=10)
    held.transfers(BEN, timed())
    assert held.state.response_due_at == held.now + HOUR


def test_a_response_time_set_by_hand_stays_until_the_answer() -> None:
    held = with_ann(timed())
    held.promises(ANN, 3 * HOUR)
    held.passes(minutes=10)
    held.texts("hm")
    state = held.state
    assert (state.response_due_at, state.response_is_manual) == (TEN + 3 * HOUR, True)
    held.replies(ANN)
    assert (state.response_due_at, state.response_is_manual) == (None, False)
    held.texts("and now?")
    assert state.response_due_at == held.now + HOUR


def test_it_can_be_taken_back() -> None:
    held = with_ann(timed())
    held.promises(ANN, 3 * HOUR)
    held.promises(ANN, None)
    assert (held.state.response_due_at, held.said) == (TEN + HOUR, [])
    assert [e.data["seconds"] for e in held.events(EventKind.response_time_set)] == [10800, None]


@pytest.mark.parametrize(
    ("hours", "promise"),
    [
        (OpenHours(), "1 day and 20 hours"),
        (open_from((-2, 100)), "1 day and 20 hours"),
        (open_from((14, 100)), "2 days and 10 hours"),
    ],
    ids=["always open", "open now", "closed now"],
)
def test_the_consumer_is_told_the_time_to_the_next_opening_and_the_response_time(
    hours: OpenHours, promise: str
) -> None:
    held = with_ann(timed(hours=hours))
    held.promises(ANN, timedelta(days=1, hours=20, minutes=30))
    assert [m.text for m in held.messages] == [f"We will get back to you within {promise}."]


def test_a_text_that_promises_a_time_is_not_sent_once_it_is_overdue_or_without_one() -> None:
    promising = with_texts(timed(), agent_joined="An answer comes within {response_time}.")
    soon = waiting(promising)
    soon.routes_to(ANN)
    assert [m.text for m in soon.messages] == ["An answer comes within 1 hour."]
    late = waiting(promising)
    late.passes(hours=1)
    late.routes_to(ANN)
    assert late.messages == []
    timeless = waiting(promising.model_copy(update={"response_time": None}))
    timeless.routes_to(ANN)
    assert timeless.messages == []


def test_automatic_messages_never_touch_the_clock() -> None:
    held = waiting(timed())
    held.passes(minutes=5)
    held.routes_to(ANN)
    held.joins(MIA)
    assert held.state.response_due_at == TEN + HOUR


def test_a_closed_conversation_owes_nothing() -> None:
    assert closed(timed()).state.response_due_at is None
    stopped = waiting(timed())
    stopped.texts("STOP")
    assert stopped.state.response_due_at is None


def test_hours_are_read_again_a_day_before_they_run_out() -> None:
    waits = waiting(timed(hours=open_from((0, 8)), response_time=9 * HOUR))
    assert waits.state.response_due_at is None
    due = MONTHS - timedelta(days=1)
    assert waits.core.next_deadline == due
    assert waits.core.settings.needs_hours(due)
    fresh = OpenHours(
        intervals=open_from((0, 8), (70 * 24, 70 * 24 + 8)).intervals,
        known_until=MONTHS + timedelta(days=60),
    )
    waits.core.settings.hours_refreshed(fresh, due)
    assert waits.state.response_due_at == TEN + 70 * 24 * HOUR + HOUR
    assert not waits.core.settings.needs_hours(due)


def test_hours_that_reach_no_further_are_given_up() -> None:
    waits = waiting(timed(hours=open_from((0, 8))))
    due = MONTHS - timedelta(days=1)
    waits.core.settings.hours_refreshed(open_from((0, 8)), due)
    assert waits.core.policy.hours.is_always
    assert waits.core.next_deadline is None
