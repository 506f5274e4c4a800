"""Behaviour, sections 1 and 4: an agent who stays silent. X is ten minutes unless it says so."""

from datetime import datetime, timedelta

from domain.automatic.kinds import Automatic, Timer
from domain.conversation.kinds import EventKind, Status
from domain.hours.open_hours import Interval, OpenHours
from domain.policy.policy import AgentSilentPolicy, Policy
from tests.domain.scenario import ANN, BEN, SUPPORT, TEN, Scenario, opted_out, waiting

LADDER = AgentSilentPolicy(nudge=timedelta(minutes=5), reroute=timedelta(minutes=15))


def silent(policy: AgentSilentPolicy = SUPPORT.agent_silent, **more: object) -> Policy:
    told = {Automatic.agent_silent: Timer(delay=timedelta(minutes=10))}
    return SUPPORT.model_copy(update={"agent_silent": policy, "timers": told, **more})


def at(minute: int) -> datetime:
    return TEN + timedelta(minutes=minute)


def told_at(scenario: Scenario, until: int) -> list[datetime]:
    """Return when the consumer was told, letting time pass until so many minutes after ten."""
    scenario.passes(minutes=(at(until) - scenario.now).total_seconds() / 60)
    return [m.written_at for m in scenario.transcript if m.automatic == "agent_silent"]


def assigned_at_ten_past() -> Scenario:
    held = waiting(silent())
    held.passes(minutes=10)
    held.routes_to(ANN)
    return held


def test_silence_counts_from_the_assignment() -> None:
    assert told_at(assigned_at_ten_past(), 60) == [at(20)]


def test_a_transfer_counts_from_the_next_assignment() -> None:
    held = assigned_at_ten_past()
    held.passes(minutes=5)
    held.transfers(ANN, BEN)
    held.passes(minutes=5)
    held.routes_to(BEN)
    assert told_at(held, 60) == [at(30)]


def test_after_an_answer_it_counts_from_the_first_text_that_waits() -> None:
    held = assigned_at_ten_past()
    held.replies(ANN)
    held.passes(minutes=5)
    held.texts("and?")
    held.passes(minutes=5)
    held.texts("hello?")
    assert told_at(held, 60) == [at(25)]


def test_a_consumer_who_was_answered_is_told_nothing() -> None:
    held = assigned_at_ten_past()
    held.replies(ANN)
    assert told_at(held, 120) == []


def test_the_agent_is_reminded_then_the_consumer_told_then_somebody_else_tried() -> None:
    held = waiting(silent(LADDER))
    held.routes_to(ANN)
    held.passes(minutes=20)
    assert [e.at for e in held.events(EventKind.agent_nudged)] == [at(5)]
    assert told_at(held, 20) == [at(10)]
    released = held.events(EventKind.conversation_released)
    assert [(e.at, e.agent_id, e.data["reason"]) for e in released] == [
        (at(15), "ann", "agent_silent")
    ]
    state = held.state
    assert (state.status, state.avoided_agent_id, state.age_since) == (Status.waiting, "ann", TEN)


def test_a_note_does_not_end_the_silence() -> None:
    held = assigned_at_ten_past()
    held.passes(minutes=5)
    held.notes(ANN)
    assert told_at(held, 60) == [at(20)]


def test_closed_hours_do_not_count() -> None:
    hours = OpenHours(
        intervals=(
            Interval(opens_at=TEN, closes_at=at(5)),
            Interval(opens_at=at(60), closes_at=at(120)),
        ),
        known_until=TEN + timedelta(days=60),
    )
    held = waiting(silent(hours=hours))
    held.routes_to(ANN)
    assert told_at(held, 180) == [at(65)]


def test_without_any_answer_it_stays_with_the_last_agent() -> None:
    held = waiting(silent(LADDER, transfers_in_a_row=5))
    for _ in range(8):
        held.routes_to(ANN)
        held.passes(minutes=60)
    assert len(held.events(EventKind.conversation_released)) == 5
    assert held.status is Status.assigned


def test_without_a_policy_silence_is_silence() -> None:
    held = waiting()
    held.routes_to(ANN)
    assert held.core.next_deadline is None


def test_a_consumer_who_opted_out_is_told_nothing_but_may_be_rerouted() -> None:
    held = opted_out(silent(LADDER))
    assert told_at(held, 30) == []
    assert held.status is Status.waiting
