"""A snooze puts a conversation away until a time or the consumer's next text."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.conversation.kinds import DeadlineKind, EventKind, PendingSide, Status
from domain.errors import ConversationClosed, ConversationNotAssigned, Invalid
from domain.policy.policy import AgentSilentPolicy
from tests.domain.conversation.test_deadlines import sentences
from tests.domain.conversation.test_timers import at, timed, told, until
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    Scenario,
    answered,
    closed,
    opened_by_ann,
    waiting,
    with_ann,
)

LADDER = AgentSilentPolicy(nudge=timedelta(minutes=5), reroute=timedelta(minutes=15))
WATCHED = timed(agent_silent=10, consumer_silent=30, auto_close_warning=60).model_copy(
    update={"agent_silent": LADDER}
)


def is_snoozed(scenario: Scenario) -> bool:
    return scenario.state.snooze is not None


def ends(scenario: Scenario) -> list[object]:
    return [event.data["end"] for event in scenario.events(EventKind.snooze_ended)]


def test_it_comes_back_at_its_time_exactly_and_says_so() -> None:
    held = answered()
    held.snoozes(ANN, hours=24)
    assert held.status is Status.assigned
    assert sentences(held) == ["Comes back at 10:00 because it is snoozed since 10:00."]
    until(held, 24 * 60 - 1)
    assert is_snoozed(held)
    until(held, 24 * 60)
    assert not is_snoozed(held)
    [over] = held.events(EventKind.snooze_ended)
    assert (over.at, over.agent_id, over.data) == (at(24 * 60), "ann", {"end": "time"})


def test_meanwhile_silence_reminds_nobody_and_closes_nothing() -> None:
    held = answered(WATCHED)
    held.snoozes(ANN, hours=24)
    for timer in ("consumer_silent", "auto_close_warning"):
        assert told(held, timer, 24 * 60 - 1) == []
    assert held.status is Status.assigned
    until(held, 24 * 60)
    assert held.core.deadlines[DeadlineKind.consumer_silent] == at(24 * 60 + 30)
    assert held.core.deadlines[DeadlineKind.auto_close] == at(28 * 60)


def test_brought_back_in_time_it_closes_when_it_would_have() -> None:
    held = answered()
    held.snoozes(ANN, hours=24)
    until(held, 120)
    held.ends_snooze(ANN)
    assert (ends(held), held.core.deadlines) == (["agent"], {DeadlineKind.auto_close: at(240)})
    held.ends_snooze(ANN)  # again: nothing is left to end
    assert ends(held) == ["agent"]


def test_the_consumers_next_text_ends_it() -> None:
    held = answered(WATCHED)
    held.snoozes(ANN)  # until they text
    until(held, 3000)
    assert is_snoozed(held)
    held.texts("hello?")
    assert (ends(held), is_snoozed(held)) == (["consumer"], False)
    assert held.core.deadlines[DeadlineKind.agent_nudge] == at(3005)


def test_without_a_text_it_comes_back_after_90_days() -> None:
    held = answered()
    held.snoozes(ANN)
    held.passes(days=89.9)
    assert is_snoozed(held)
    held.passes(days=0.2)
    assert ends(held) == ["time"]


def test_a_consumer_who_waits_is_told_and_the_agent_keeps_it() -> None:
    held = with_ann(WATCHED)
    due = held.state.response_due_at
    held.snoozes(ANN, minutes=40)
    assert told(held, "agent_silent", 39) == [at(10)]
    assert (held.state.response_due_at, held.state.pending_side) == (due, PendingSide.agent)
    assert held.events(EventKind.agent_nudged) == []
    until(held, 41)
    assert held.status is Status.assigned
    assert held.core.deadlines[DeadlineKind.agent_nudge] == at(45)
    assert held.core.deadlines[DeadlineKind.agent_silent_reroute] == at(55)


def test_a_reply_leaves_it_snoozed() -> None:
    held = answered()
    held.snoozes(ANN, hours=1)
    held.replies(ANN)
    held.notes(ANN)
    assert is_snoozed(held)


def test_whoever_gets_it_next_finds_it_awake_and_it_does_not_close_at_once() -> None:
    ways: list[Callable[[Scenario], None]] = [
        lambda held: held.takes_over(MIA),
        lambda held: held.leaves_for_good(ANN),
        lambda held: held.returns(ANN),
    ]
    for given in ways:
        held = opened_by_ann()
        held.snoozes(ANN, hours=24)
        until(held, 600)
        given(held)
        assert (is_snoozed(held), held.core.is_open) == (False, True)
        held.passes(minutes=1)
        assert held.core.is_open


def test_closing_ends_it_and_tells_of_nothing_else() -> None:
    held = answered()
    held.snoozes(MIA, hours=1)
    held.closes(ANN)
    assert (is_snoozed(held), ends(held)) == (False, [])


def test_a_hold_of_auto_close_outlives_a_snooze() -> None:
    held = answered()
    held.holds(ANN)
    held.snoozes(ANN, hours=1)
    until(held, 600)
    assert (held.state.is_auto_close_held, held.state.auto_close_at) == (True, None)
    held.resumes(ANN)
    assert held.state.auto_close_at == at(840)


def test_who_may_snooze_what_and_for_how_long() -> None:
    with pytest.raises(ConversationNotAssigned):
        answered().snoozes(BEN, hours=1)
    with pytest.raises(ConversationNotAssigned, match="waits for an agent"):
        waiting().snoozes(MIA, hours=1)
    with pytest.raises(ConversationClosed):
        closed().snoozes(ANN, hours=1)
    for span in ({"seconds": 59}, {"days": 91}, {"hours": -1}):
        with pytest.raises(Invalid, match="90 days"):
            answered().snoozes(ANN, **span)


def test_a_new_snooze_takes_the_place_of_the_old_one() -> None:
    held = answered()
    held.snoozes(ANN, hours=1)
    held.snoozes(ANN, hours=5)
    assert held.core.deadlines == {DeadlineKind.snooze_ends: at(300)}
