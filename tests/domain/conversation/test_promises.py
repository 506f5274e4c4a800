"""Behaviour, sections 3 to 5: a promise is the deadline, and nothing closes before it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.automatic.durations import Spell
from domain.automatic.kinds import Automatic
from domain.conversation.kinds import DeadlineKind, Status
from domain.hours.calendars import Calendar, Period, open_hours
from domain.hours.open_hours import Interval, OpenHours
from domain.policy.policy import Policy
from tests.domain.conversation.test_timers import MINUTE, at, timed, told, until
from tests.domain.scenario import (
    ANN,
    BEN,
    SALES,
    SUPPORT,
    TEN,
    Scenario,
    answered,
    scenario,
    with_texts,
)

HOUR = timedelta(hours=1)
PROMISING = with_texts(
    SUPPORT,
    first_welcome="Within {response_time}.",
    first_welcome_off_hours="Within {response_time}.",
    agent_joined="Within {response_time}.",
)
WEEKDAYS = Calendar(week=((Period(8 * 60, 20 * 60),),) * 5 + ((), ()))
MONDAYS = Calendar(week=((Period(9 * 60, 17 * 60),), *((),) * 6))


def texted_at(moment: datetime, hours: OpenHours, allowed: timedelta) -> Scenario:
    """Return a conversation whose consumer texted then; it is promised an answer by the welcome."""
    policy = PROMISING.model_copy(update={"hours": hours, "response_time": allowed})
    opened = scenario(policy)
    opened.now = moment
    opened.texts("hello")
    return opened


def texts(held: Scenario) -> list[str]:
    """Return what the system said of time in the last step."""
    return [message.text for message in held.messages if "within" in message.text.lower()]


@pytest.mark.parametrize(
    ("clock", "allowed", "told", "days", "due"),
    [
        ("10:00", 15 * MINUTE, "15 minutes", 0, "10:15"),
        ("19:50", 15 * MINUTE, "12 hours and 15 minutes", 1, "08:05"),
        ("19:00", 3 * HOUR, "15 hours", 1, "10:00"),
        ("00:00", 15 * MINUTE, "8 hours and 15 minutes", 0, "08:15"),
        ("19:45", 15 * MINUTE, "15 minutes", 0, "20:00"),
        ("20:00", 15 * MINUTE, "12 hours and 15 minutes", 1, "08:15"),
        ("08:00", 13 * HOUR, "1 day and 1 hour", 1, "09:00"),
    ],
)
def test_a_promise_reaches_over_the_end_of_the_shift(
    clock: str, allowed: timedelta, told: str, days: int, due: str
) -> None:
    def moment(time: str, day: int = 0) -> datetime:
        return datetime.fromisoformat(f"{TEN.date() + timedelta(days=day)}T{time}+00:00")

    opened = texted_at(moment(clock), open_hours(WEEKDAYS, TEN), allowed)
    assert texts(opened) == [f"Within {told}."]
    assert opened.state.response_due_at == moment(due, days)


def test_a_promise_of_many_working_hours_counts_the_days_between() -> None:
    """From Monday 10:00: seven hours of that day, eight of the next two Mondays, and two more."""
    opened = texted_at(TEN, open_hours(MONDAYS, TEN), 25 * HOUR)
    assert opened.state.response_due_at == TEN + timedelta(days=21, hours=1)
    assert texts(opened) == ["Within 21 days and 1 hour."]


def test_nothing_is_promised_beyond_the_known_hours() -> None:
    opened = texted_at(TEN, open_hours(MONDAYS, TEN), 200 * HOUR)
    assert (texts(opened), opened.state.response_due_at) == ([], None)
    opened.routes_to(ANN)
    opened.promises(ANN, 300 * HOUR)
    assert texts(opened) == []


def test_a_promise_by_hand_beyond_known_hours_counts_from_its_making() -> None:
    opened = texted_at(TEN, open_hours(MONDAYS, TEN), HOUR)
    opened.routes_to(ANN)
    opened.replies(ANN)
    opened.promises(ANN, 80 * HOUR)
    assert opened.state.response_due_at is None
    due = opened.core.deadlines[DeadlineKind.hours_refresh]
    opened.core.settings.hours_refreshed(open_hours(MONDAYS, due), due)
    assert opened.state.response_due_at == TEN + timedelta(days=70), (
        "seven hours, nine Mondays, one"
    )
    assert opened.state.promised_until == opened.state.response_due_at


@given(some.integers(0, 55), some.integers(56, 60), some.integers(1, 900))
def test_hours_that_are_read_again_keep_the_time_that_has_passed(
    began: int, read: int, worked: int
) -> None:
    """As if they had been known to the end from the beginning."""
    start, moment = TEN + timedelta(days=began), TEN + timedelta(days=read, hours=3)
    known, fresh = open_hours(WEEKDAYS, TEN), open_hours(WEEKDAYS, moment)
    kept = known.followed_by(fresh, moment, start)
    days = [open_hours(WEEKDAYS, TEN + timedelta(days=day)) for day in range(0, 200, 50)]
    ever = {one.opens_at: one for hours in days for one in hours.intervals}
    until = fresh.known_until or TEN
    whole = tuple(one for _, one in sorted(ever.items()) if one.closes_at <= until)
    expected = OpenHours(intervals=whole, known_until=until).after(start, worked * HOUR)
    assert kept.after(start, worked * HOUR) == expected


gaps = some.lists(some.integers(1, 3000), min_size=2, max_size=12)


@given(gaps, some.integers(-300, 9000), some.integers(1, 5000), some.integers(0, 6000))
def test_the_time_promised_is_the_time_until_the_deadline(
    minutes: list[int], texted: int, allowed: int, later: int
) -> None:
    """Also when it is said later than the text came: what is left of it, or nothing."""
    moments, moment = [], 0
    for gap in minutes:
        moment += gap
        moments.append(at(moment))
    spans = zip(moments[::2], moments[1::2], strict=False)
    intervals = tuple(Interval(opens_at=a, closes_at=b) for a, b in spans)
    hours = OpenHours(intervals=intervals, known_until=TEN + timedelta(days=60))
    opened = texted_at(at(texted), hours, allowed * MINUTE)
    opened_with = texts(opened)
    opened.now = at(texted + later)
    opened.routes_to(ANN)
    due = opened.state.response_due_at
    for said_at, said in ((at(texted), opened_with), (opened.now, texts(opened))):
        is_promised = due is not None and due > said_at
        assert said == ([f"Within {Spell(due - said_at)}."] if due and is_promised else [])


def test_a_promise_without_a_deadline_is_what_a_text_would_get_now() -> None:
    policy = with_texts(timed(PROMISING, consumer_silent=60), consumer_silent="{response_time}")
    hours = OpenHours(
        intervals=(
            Interval(opens_at=TEN, closes_at=at(70)),
            Interval(opens_at=at(600), closes_at=at(900)),
        ),
        known_until=at(9000),
    )
    silent = answered(policy.model_copy(update={"response_time": 30 * MINUTE, "hours": hours}))
    until(silent, 60)
    told = [m.text for m in silent.transcript if m.automatic is Automatic.consumer_silent]
    assert told == ["9 hours and 20 minutes"]


# Nothing closes on a promise made by hand


def short(policy: Policy = SUPPORT) -> Policy:
    """Return a policy that closes after 25 minutes."""
    return policy.model_copy(update={"auto_close_after": 25 * MINUTE})


def test_a_promise_by_hand_after_an_answer_is_not_closed_upon() -> None:
    held = answered(short())
    held.promises(ANN, 3 * HOUR)
    assert DeadlineKind.auto_close not in held.core.deadlines
    until(held, 24 * 60)
    assert held.status is Status.assigned, "it is overdue: closing would break the promise"
    held.replies(ANN, "Here it is.")
    assert held.core.deadlines[DeadlineKind.auto_close] == held.now + 25 * MINUTE


def test_a_message_after_the_promise_does_not_close_it_before_its_time() -> None:
    held = answered(short())
    held.promises(ANN, 3 * HOUR)
    until(held, 5)
    held.replies(ANN, "I am on it.")
    assert held.core.deadlines[DeadlineKind.auto_close] == at(205)
    assert DeadlineKind.auto_close not in held.state.counted_from
    until(held, 24 * 60)
    assert held.state.closed_at == at(205)


def test_a_line_after_its_time_counts_as_any_line() -> None:
    held = answered(short())
    held.promises(ANN, HOUR)
    held.replies(ANN, "I am on it.")
    until(held, 70)
    held.replies(ANN, "Done.")
    assert held.core.deadlines[DeadlineKind.auto_close] == at(95)
    assert held.state.counted_from[DeadlineKind.auto_close] == at(70)


def test_it_stands_through_a_transfer_and_an_answer_to_another_text() -> None:
    held = answered(short())
    held.promises(ANN, 3 * HOUR)
    held.texts("ok")
    held.transfers(ANN, short(SALES))
    held.routes_to(BEN)
    held.replies(BEN, "You are welcome.")
    assert held.core.deadlines[DeadlineKind.auto_close] == at(205)


def test_taken_back_it_counts_on_and_closes_nothing_that_very_moment() -> None:
    held = answered(short())
    held.promises(ANN, 3 * HOUR)
    until(held, 60)
    held.promises(ANN, None)
    assert held.core.deadlines[DeadlineKind.auto_close] == at(85)
    soon = answered(short())
    soon.promises(ANN, 3 * HOUR)
    until(soon, 10)
    soon.promises(ANN, None)
    assert soon.core.deadlines[DeadlineKind.auto_close] == at(25)


def test_the_warning_keeps_its_distance_to_the_closing() -> None:
    policy = timed(short(), auto_close_warning=20)
    held = answered(policy)
    held.promises(ANN, HOUR)
    held.replies(ANN, "I am on it.")
    assert told(held, "auto_close_warning", 84) == [at(65)]


def test_the_consumer_is_told_the_time_that_was_promised_by_hand() -> None:
    hours = open_hours(WEEKDAYS, TEN)
    held = answered(PROMISING.model_copy(update={"hours": hours, "auto_close_after": 99 * HOUR}))
    until(held, 9 * 60)
    held.promises(ANN, 3 * HOUR)
    assert held.state.response_due_at == TEN + timedelta(days=1)
    assert texts(held) == ["We will get back to you within 15 hours."]
