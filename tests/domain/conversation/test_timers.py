"""Behaviour, section 4: timed messages. X is ten minutes, in the queue fifteen, unless it says so.

The worked examples stand here by their clock times; `TEN` is ten o'clock.
"""

from datetime import datetime, timedelta

from domain.automatic.kinds import Automatic, Timer
from domain.conversation.effects import Happened
from domain.conversation.kinds import DeadlineKind, EventKind, PendingSide, Status
from domain.hours.open_hours import Interval, OpenHours
from domain.policy.policy import AgentSilentPolicy, Policy
from tests.domain.scenario import ANN, BEN, SALES, SUPPORT, TEN, Scenario, opted_out, waiting

TEXTS = {
    Automatic.waiting_in_queue: "Still busy.",
    Automatic.agent_silent: "It takes longer.",
    Automatic.consumer_silent: "Still there?",
    Automatic.auto_close_warning: "We close soon.",
}
MINUTE = timedelta(minutes=1)


def timed(policy: Policy = SUPPORT, repeats: int = 1, **minutes: int) -> Policy:
    """Return a policy with timers after so many minutes."""
    timers = {
        Automatic(event): Timer(delay=delay * MINUTE, repeats=repeats)
        for event, delay in minutes.items()
    }
    return policy.model_copy(update={"timers": timers, "texts": policy.texts | TEXTS})


def at(minute: float) -> datetime:
    return TEN + minute * MINUTE


def until(scenario: Scenario, minute: float) -> None:
    """Let time pass until so many minutes after ten."""
    scenario.passes(minutes=(at(minute) - scenario.now) / MINUTE)


def told(scenario: Scenario, event: str, by: float) -> list[datetime]:
    """Return when the consumer was told something, by so many minutes after ten."""
    until(scenario, by)
    return [m.written_at for m in scenario.transcript if m.automatic == event]


def open_from(*spans: tuple[float, float], **more: object) -> dict[str, object]:
    """Return hours that are open from and until minutes after ten, as fields of a policy."""
    intervals = tuple(Interval(opens_at=at(a), closes_at=at(b)) for a, b in spans)
    return {"hours": OpenHours(intervals=intervals, known_until=TEN + timedelta(days=60)), **more}


# The agent is silent


def test_opened_at_10_assigned_at_10_past_silence_is_told_at_20_past() -> None:
    held = waiting(timed(agent_silent=10))
    until(held, 10)
    held.routes_to(ANN)
    assert told(held, "agent_silent", 90) == [at(20)]


def test_transferred_at_15_past_assigned_again_at_20_past_it_is_told_at_half_past() -> None:
    held = waiting(timed(agent_silent=10))
    until(held, 10)
    held.routes_to(ANN)
    until(held, 15)
    held.transfers(ANN, timed(SALES, agent_silent=10))
    until(held, 20)
    held.routes_to(BEN)
    assert told(held, "agent_silent", 90) == [at(30)]


def test_after_an_answer_it_counts_from_the_first_of_two_texts() -> None:
    held = waiting(timed(agent_silent=10))
    until(held, 10)
    held.routes_to(ANN)
    held.replies(ANN)
    until(held, 15)
    held.texts("and?")
    until(held, 20)
    held.texts("hello?")
    assert told(held, "agent_silent", 90) == [at(25)]


def test_it_is_repeated_as_often_as_set_and_ends_with_an_answer() -> None:
    held = waiting(timed(agent_silent=10, repeats=3))
    held.routes_to(ANN)
    assert told(held, "agent_silent", 25) == [at(10), at(20)]
    held.replies(ANN)
    assert told(held, "agent_silent", 90) == [at(10), at(20)]


def test_a_new_agent_has_the_whole_time_and_all_repeats() -> None:
    held = waiting(timed(agent_silent=10, repeats=2))
    held.routes_to(ANN)
    until(held, 25)
    held.returns(ANN)
    held.routes_to(BEN)
    assert told(held, "agent_silent", 120) == [at(10), at(20), at(35), at(45)]


def test_a_closed_night_does_not_count_for_a_silent_agent() -> None:
    night = open_from((0, 5), (15 * 60, 20 * 60))
    held = waiting(timed(agent_silent=10, repeats=2).model_copy(update=night))
    held.routes_to(ANN)
    assert told(held, "agent_silent", 24 * 60) == [at(15 * 60 + 5), at(15 * 60 + 15)]


def test_reminder_text_and_reroute_of_the_same_moment_happen_in_this_order() -> None:
    ladder = AgentSilentPolicy(nudge=10 * MINUTE, reroute=10 * MINUTE)
    policy = timed(agent_silent=10).model_copy(update={"agent_silent": ladder})
    held = waiting(policy)
    held.routes_to(ANN)
    until(held, 10)
    kinds = [e.kind if isinstance(e, Happened) else e.automatic for e in held.effects[-4:]]
    assert kinds == [
        EventKind.agent_nudged,
        Automatic.agent_silent,
        EventKind.conversation_released,
        EventKind.conversation_queued,
    ]


# The consumer waits in the queue


def test_in_the_queue_from_10_it_is_told_at_15_past_and_after_a_transfer_anew() -> None:
    held = waiting(timed(waiting_in_queue=15))
    assert told(held, "waiting_in_queue", 20) == [at(15)]
    held.routes_to(ANN)
    until(held, 25)
    held.transfers(ANN, timed(SALES, waiting_in_queue=15))
    assert told(held, "waiting_in_queue", 120) == [at(15), at(40)]


def test_a_declined_and_a_lapsed_offer_do_not_restart_the_wait() -> None:
    held = waiting(timed(waiting_in_queue=15))
    until(held, 5)
    held.rings_at(ANN)
    until(held, 6)
    assert held.state.offered_agent_id is None
    held.rings_at(BEN)
    held.declines(BEN)
    assert told(held, "waiting_in_queue", 60) == [at(15)]


def test_a_consumer_who_still_waits_is_told_again_as_often_as_set() -> None:
    held = waiting(timed(waiting_in_queue=15, repeats=3))
    assert told(held, "waiting_in_queue", 200) == [at(15), at(30), at(45)]


def test_a_consumer_who_waits_over_a_weekend_is_told_on_monday() -> None:
    friday_evening, monday = (0, 5), (62 * 60, 70 * 60)
    policy = timed(waiting_in_queue=15, repeats=2).model_copy(
        update=open_from(friday_evening, monday)
    )
    held = waiting(policy)
    monday_at = 62 * 60
    assert told(held, "waiting_in_queue", 4 * 24 * 60) == [at(monday_at + 10), at(monday_at + 25)]


def test_a_consumer_with_an_agent_is_told_nothing_of_the_queue() -> None:
    held = waiting(timed(waiting_in_queue=15, repeats=3))
    until(held, 14)
    held.routes_to(ANN)
    assert told(held, "waiting_in_queue", 120) == []


# The consumer is silent


def test_a_transfer_does_not_stop_the_consumers_silence() -> None:
    held = waiting(timed(consumer_silent=10))
    held.routes_to(ANN)
    held.replies(ANN)
    until(held, 5)
    held.transfers(ANN, timed(SALES, consumer_silent=10))
    until(held, 7)
    held.routes_to(BEN)
    assert told(held, "consumer_silent", 90) == [at(10)]


def test_further_messages_of_the_agent_restart_it() -> None:
    held = waiting(timed(consumer_silent=10))
    held.routes_to(ANN)
    held.replies(ANN)
    until(held, 9)
    held.replies(ANN)
    assert told(held, "consumer_silent", 90) == [at(19)]


def test_a_text_of_the_consumer_ends_it() -> None:
    held = waiting(timed(consumer_silent=10, repeats=5))
    held.routes_to(ANN)
    held.replies(ANN)
    until(held, 25)
    held.texts("yes, sorry")
    assert told(held, "consumer_silent", 200) == [at(10), at(20)]


def test_it_counts_by_the_clock_in_a_closed_night_too() -> None:
    held = waiting(timed(consumer_silent=10).model_copy(update=open_from((0, 1), (900, 960))))
    held.routes_to(ANN)
    held.replies(ANN)
    assert told(held, "consumer_silent", 90) == [at(10)]


def test_a_note_does_not_restart_it() -> None:
    held = waiting(timed(consumer_silent=10))
    held.routes_to(ANN)
    held.replies(ANN)
    until(held, 9)
    held.notes(ANN)
    assert told(held, "consumer_silent", 90) == [at(10)]


# The warning before the auto-close: SUPPORT closes after four hours


def test_the_warning_comes_so_long_before_the_closing_and_does_not_delay_it() -> None:
    held = waiting(timed(auto_close_warning=60))
    held.routes_to(ANN)
    held.replies(ANN)
    assert told(held, "auto_close_warning", 239) == [at(180)]
    assert held.status is Status.assigned
    until(held, 240)
    assert (held.status, held.state.closed_at) == (Status.closed, at(240))


def test_every_silence_is_warned_of_once() -> None:
    held = waiting(timed(auto_close_warning=60))
    held.routes_to(ANN)
    held.replies(ANN)
    until(held, 200)
    held.texts("wait")
    held.replies(ANN)
    assert told(held, "auto_close_warning", 600) == [at(180), at(380)]


def test_nobody_is_warned_while_the_agent_is_to_write() -> None:
    held = waiting(timed(auto_close_warning=60))
    assert told(held, "auto_close_warning", 24 * 60) == []


def test_nobody_is_warned_if_less_time_is_left_from_the_start() -> None:
    held = waiting(timed(auto_close_warning=240))
    held.routes_to(ANN)
    held.replies(ANN)
    assert told(held, "auto_close_warning", 600) == []
    assert held.status is Status.closed


# What holds of all


def test_a_worker_that_was_away_for_hours_says_each_thing_once() -> None:
    held = waiting(timed(waiting_in_queue=15, repeats=10))
    held.now = at(100)
    for _ in range(3):
        held.does(lambda core: core.time_passed(held.now))
    assert told(held, "waiting_in_queue", 300) == [at(100), at(105), at(120), at(135), at(150)]


def test_a_worker_that_was_away_past_the_closing_closes_and_warns_no_more() -> None:
    held = waiting(timed(auto_close_warning=60, consumer_silent=10))
    held.routes_to(ANN)
    held.replies(ANN)
    held.now = at(1000)
    held.does(lambda core: core.time_passed(held.now))
    assert (held.status, held.said) == (Status.closed, [])


def test_a_consumer_who_opted_out_is_told_nothing_and_wakes_nobody() -> None:
    held = opted_out(timed(waiting_in_queue=15, agent_silent=10, consumer_silent=10))
    assert held.core.next_deadline is None


def test_timed_messages_leave_pending_side_and_clocks_alone() -> None:
    policy = timed(agent_silent=10, repeats=2).model_copy(update={"response_time": 30 * MINUTE})
    held = waiting(policy)
    held.routes_to(ANN)
    before = held.state.model_copy(deep=True)
    until(held, 29)
    state = held.state
    assert (state.pending_side, state.response_due_at, state.waiting_since, state.quiet_since) == (
        PendingSide.agent,
        before.response_due_at,
        before.waiting_since,
        before.quiet_since,
    )


def test_without_timers_nothing_is_said_and_nothing_waits() -> None:
    held = waiting()
    held.routes_to(ANN)
    held.replies(ANN)
    assert set(held.core.deadlines) == {DeadlineKind.auto_close}
