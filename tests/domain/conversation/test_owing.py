"""Behaviour, section 1: a returned or released conversation owes an answer, whoever wrote last.

The last words may have been "one moment". Times are minutes after ten; an agent is silent for ten.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.conversation.kinds import EventKind, PendingSide, Status
from domain.policy.policy import AgentSilentPolicy, Policy
from tests.domain.conversation.test_timers import MINUTE, at, timed, told, until
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    SALES,
    SUPPORT,
    Scenario,
    opened_by_ann,
    waiting,
    with_ann,
)

HOUR = 60 * MINUTE


def promising(policy: Policy = SUPPORT, **more: object) -> Policy:
    return timed(policy, agent_silent=10).model_copy(update={"response_time": HOUR, **more})


def one_moment(policy: Policy | None = None) -> Scenario:
    """Return a conversation in which Ann wrote last, at ten."""
    held = with_ann(policy or promising())
    held.replies(ANN, "Let me find out, one moment.")
    return held


GIVEN_ON = pytest.mark.parametrize(
    "give_on",
    [
        lambda scenario: scenario.returns(ANN),
        lambda scenario: scenario.returns(MIA),
        lambda scenario: scenario.leaves_for_good(ANN),
        lambda scenario: scenario.transfers(ANN, promising(SALES)),
        lambda scenario: scenario.transfers(ANN, BEN),
    ],
    ids=["returned", "returned by a manager", "released", "to a skill", "to an agent"],
)
GiveOn = Callable[[Scenario], None]


@GIVEN_ON
def test_its_next_agents_silence_is_noticed(give_on: GiveOn) -> None:
    held = one_moment()
    until(held, 5)
    give_on(held)
    until(held, 7)
    held.routes_to(BEN)
    assert told(held, "agent_silent", 90) == [at(17)]


@GIVEN_ON
def test_it_is_due_again_counted_from_that_moment(give_on: GiveOn) -> None:
    held = one_moment()
    assert held.state.response_due_at is None
    until(held, 5)
    give_on(held)
    state = held.state
    assert (state.response_due_at, state.waiting_since) == (at(65), at(5))
    assert state.pending_side is PendingSide.agent


@GIVEN_ON
def test_a_text_of_the_consumer_moves_neither_deadline_nor_silence(give_on: GiveOn) -> None:
    held = one_moment()
    until(held, 5)
    give_on(held)
    until(held, 7)
    held.routes_to(BEN)
    until(held, 9)
    held.texts("still there?")
    assert held.state.response_due_at == at(65)
    assert told(held, "agent_silent", 90) == [at(17)]


def test_the_whole_ladder_of_silence_works_after_a_return() -> None:
    ladder = AgentSilentPolicy(nudge=5 * MINUTE, reroute=15 * MINUTE)
    held = one_moment(promising(agent_silent=ladder))
    held.returns(ANN)
    held.routes_to(BEN)
    until(held, 20)
    assert [(e.at, e.agent_id) for e in held.events(EventKind.agent_nudged)] == [(at(5), "ben")]
    assert held.status is Status.waiting
    assert (held.state.avoided_agent_id, held.state.avoided_was_silent) == ("ben", True)


def test_a_second_return_keeps_the_deadline_of_the_first() -> None:
    held = one_moment()
    until(held, 5)
    held.returns(ANN)
    held.routes_to(BEN)
    until(held, 15)
    held.returns(BEN)
    assert held.state.response_due_at == at(65)


def test_a_text_that_waits_keeps_its_deadline_through_a_return() -> None:
    held = with_ann(promising())
    until(held, 5)
    held.returns(ANN)
    assert (held.state.response_due_at, held.state.waiting_since) == (at(60), at(0))


def test_a_promise_by_hand_survives_a_return() -> None:
    held = one_moment()
    held.promises(ANN, 3 * HOUR)
    until(held, 5)
    held.returns(ANN)
    assert (held.state.response_due_at, held.state.response_is_manual) == (at(180), True)


def test_an_answer_ends_it() -> None:
    held = one_moment()
    held.returns(ANN)
    held.routes_to(BEN)
    held.replies(BEN)
    assert (held.state.response_due_at, held.state.waiting_since) == (None, None)
    assert told(held, "agent_silent", 90) == []


def _alongside(scenario: Scenario) -> None:
    until(scenario, 5)
    scenario.joins(MIA)
    scenario.replies(MIA, "Somebody will be with you soon.")


@pytest.mark.parametrize(
    "say",
    [lambda scenario: until(scenario, 5), _alongside],
    ids=["a text written for later", "a manager alongside"],
)
def test_a_reply_while_it_waits_does_not_end_the_wait(say: Callable[[Scenario], object]) -> None:
    held = one_moment()
    held.schedules(ANN, "We are still looking.", minutes=5)
    held.returns(ANN)
    say(held)
    assert held.status is Status.waiting
    assert held.state.response_due_at == at(65), "counted anew from what was said"
    until(held, 7)
    held.routes_to(BEN)
    assert told(held, "agent_silent", 90) == [at(17)]


def test_a_manager_who_answers_a_new_text_in_the_queue_leaves_it_owed() -> None:
    held = waiting(promising())
    _alongside(held)
    assert (held.state.pending_side, held.state.response_due_at) == (PendingSide.agent, at(65))


def test_a_released_conversation_whose_consumer_never_wrote_owes_nothing() -> None:
    held = opened_by_ann(promising())
    held.leaves_for_good(ANN)
    state = held.state
    assert (state.pending_side, state.response_due_at) == (PendingSide.consumer, None)
    held.routes_to(BEN)
    assert told(held, "agent_silent", 90) == []


def test_one_that_was_given_back_owes_an_answer_though_its_consumer_never_wrote() -> None:
    held = opened_by_ann(promising())
    held.returns(ANN)
    assert held.state.response_due_at == at(60)


def _to_sales(scenario: Scenario) -> None:
    scenario.transfers(MIA, promising(SALES))


def _declined(scenario: Scenario) -> None:
    scenario.rings_at(BEN)
    scenario.declines(BEN)


def _released(scenario: Scenario) -> None:
    scenario.routes_to(BEN)
    scenario.leaves_for_good(BEN)


def test_a_fallback_holds_again_but_for_what_somebody_transferred_to_the_skill() -> None:
    held = one_moment()
    assert held.state.may_fall_back
    held.returns(ANN)
    assert held.state.may_fall_back
    found = []
    for happens in (_to_sales, _declined, _released):
        happens(held)
        found.append(held.state.may_fall_back)
    assert found == [False, False, True], "a declined offer leaves it the same wait"


def test_without_a_response_time_nothing_is_due_and_yet_silence_is_noticed() -> None:
    held = one_moment(timed(agent_silent=10))
    until(held, 5)
    held.returns(ANN)
    held.routes_to(BEN)
    assert held.state.response_due_at is None
    assert told(held, "agent_silent", 90) == [at(15)]


def test_waiting_since_is_the_first_unanswered_text_where_there_is_one() -> None:
    held = one_moment()
    until(held, 2)
    held.texts("ok")
    until(held, 5)
    held.returns(ANN)
    assert held.state.waiting_since == at(2)
    assert held.state.response_due_at == at(2) + timedelta(hours=1)
