"""What is posted next, and what waits: in order within a lane, also while an endpoint is down."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.endpoints.kinds import DeliveryState, PauseReason
from domain.endpoints.outcomes import PostOutcome
from domain.endpoints.planning import (
    MOST_AT_ONCE,
    Unread,
    Waiting,
    next_due,
    plan,
    plan_trial,
)
from domain.endpoints.retries import (
    DOWN_AFTER,
    HOPELESS_AFTER,
    LONGEST_PAUSE,
    MOST_TRIES,
    PAUSES,
    is_due,
    pause_after,
    trial_pause,
)
from domain.endpoints.settling import Health, Tried, settle

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
LANES = st.sampled_from(["a", "b", "c", ""])


@given(
    st.lists(st.tuples(LANES, st.booleans()), max_size=30),
    st.lists(LANES, max_size=30),
    st.booleans(),
)
def test_no_plan_lets_an_event_overtake_another_of_its_lane(
    before: list[tuple[str, bool]], new: list[str], is_down: bool
) -> None:
    waiting = [
        Waiting(number, lane, 0, NOW if due else LATER)
        for number, (lane, due) in enumerate(before, start=1)
    ]
    unread = [Unread(100 + number, lane) for number, lane in enumerate(new)]
    made = plan_trial(waiting, unread, 200) if is_down else plan(waiting, unread, 200, NOW)
    lane_of = {one.event_id: one.lane for one in waiting}
    lane_of |= {one.event_id: one.lane for one in unread}
    seen = [one for one in unread if one.event_id <= made.read_to]
    for lane in made.lanes:
        every = [one for one, key in lane_of.items() if key == lane.key]
        assert list(lane.event_ids) == every[: len(lane.event_ids)]
    # Whatever was looked at is posted or held back: nothing falls through.
    assert {one.event_id for one in seen} <= {*made.event_ids, *(one.event_id for one in made.held)}


def test_a_trial_takes_the_event_tried_longest_ago_and_a_new_one() -> None:
    waiting = [
        Waiting(1, "a", 3, NOW, tried_at=NOW),
        Waiting(2, "b", 3, NOW, tried_at=NOW - timedelta(hours=1)),
        Waiting(3, "b", 0, NOW),
    ]
    unread = [Unread(4, "a"), Unread(5, "c"), Unread(6, "d")]
    made = plan_trial(waiting, unread, 6)
    assert [(lane.key, tuple(lane.event_ids)) for lane in made.lanes] == [("b", (2,)), ("c", (5,))]
    assert (made.held, made.read_to) == ((Unread(4, "a"),), 5)


def test_a_lane_is_posted_in_portions() -> None:
    waiting = [Waiting(number, "a", 0, NOW) for number in range(1, 2 * MOST_AT_ONCE)]
    made = plan(waiting, [Unread(999, "a")], 999, NOW)
    assert len(made.event_ids) == MOST_AT_ONCE
    assert made.held == (Unread(999, "a"),)


def test_the_next_time_is_that_of_the_first_event_of_some_lane() -> None:
    waiting = [Waiting(1, "a", 1, LATER), Waiting(2, "a", 0, NOW), Waiting(3, "b", 1, LATER)]
    assert next_due(waiting) == LATER
    assert next_due([]) is None


def test_pauses_are_those_of_standard_webhooks_and_a_little_more() -> None:
    assert sum(PAUSES, timedelta()) > timedelta(hours=75)
    for tries, pause in enumerate(PAUSES, start=1):
        assert pause <= pause_after(tries, 4711) <= pause * 1.1
    assert trial_pause(0) == trial_pause(DOWN_AFTER) < trial_pause(1000) == timedelta(minutes=10)


def test_a_time_that_a_turned_back_clock_left_far_ahead_is_due() -> None:
    assert is_due(NOW, NOW)
    assert not is_due(NOW + LONGEST_PAUSE, NOW)
    assert is_due(NOW + timedelta(days=300), NOW)


def test_attempts_count_only_while_the_receiver_takes_other_events() -> None:
    waiting = [Waiting(1, "a", MOST_TRIES - 1, NOW)]
    made = plan(waiting, (), 1, NOW)
    for outcome, before, state in (
        (PostOutcome.failed, Health(), DeliveryState.given_up),
        (PostOutcome.failed, Health(DOWN_AFTER, NOW), DeliveryState.waiting),
        (PostOutcome.throttled, Health(), DeliveryState.waiting),
    ):
        settled = settle(made, {1: Tried(outcome)}, waiting, before, NOW)
        assert settled.kept[0].state is state, outcome


def test_a_receiver_is_hopeless_after_days_without_any_success() -> None:
    waiting = [Waiting(1, "a", 1, NOW), Waiting(2, "b", 1, NOW)]
    made = plan(waiting, (), 2, NOW)
    before = Health(DOWN_AFTER, NOW - HOPELESS_AFTER)
    failed, taken = Tried(PostOutcome.unreachable), Tried(PostOutcome.taken)
    hopeless = settle(made, {1: failed, 2: failed}, waiting, before, NOW)
    assert hopeless.pause is PauseReason.failing
    better = settle(made, {1: taken, 2: failed}, waiting, before, NOW)
    assert (better.pause, better.health.failures, better.health.failing_since) == (None, 1, NOW)
    well = settle(made, {2: failed, 1: taken}, waiting, before, NOW)
    assert well.health == Health()
