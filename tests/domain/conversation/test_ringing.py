"""Behaviour, section 1: offers, picking up by hand, and conversations of departed agents."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.conversation.kinds import DeadlineKind, EventKind, Status
from domain.errors import AlreadyTaken, ConversationNotAssigned, OfferOver
from tests.domain.scenario import ANN, BEN, MIA, SALES, TEN, Scenario, answered, waiting, with_ann


def ringing() -> Scenario:
    """Return a conversation that is offered to Ann."""
    offered = waiting()
    offered.rings_at(ANN)
    return offered


def outcomes(scenario: Scenario) -> list[object]:
    return [event.data["outcome"] for event in scenario.events(EventKind.offer_ended)]


def test_an_offer_rings_at_one_agent_for_thirty_seconds_and_tells_the_consumer_nothing() -> None:
    offered = ringing()
    state = offered.state
    assert (offered.status, state.offered_agent_id) == (Status.waiting, "ann")
    assert state.offer_ends_at == offered.core.next_deadline == TEN + timedelta(seconds=30)
    assert offered.said == []


def test_accepting_assigns_it_and_the_consumer_is_told() -> None:
    offered = ringing()
    offered.accepts(ANN)
    state = offered.state
    assert (offered.status, state.agent_id, state.offered_agent_id) == (
        Status.assigned,
        "ann",
        None,
    )
    assert offered.said == ["agent_joined"]
    assert outcomes(offered) == []


def test_declining_asks_the_next_agent_at_once_and_keeps_its_age() -> None:
    offered = ringing()
    offered.passes(seconds=10)
    offered.declines(ANN)
    state = offered.state
    assert (outcomes(offered), state.not_accepted_by, state.ticket) == (["declined"], ["ann"], 2)
    assert (state.age_since, state.offer_ends_at) == (TEN, None)
    offered.rings_at(BEN)
    offered.accepts(BEN)
    assert (state.agent_id, state.not_accepted_by) == ("ben", [])


def test_an_offer_nobody_takes_lapses_to_the_second() -> None:
    offered = ringing()
    offered.passes(seconds=29)
    assert outcomes(offered) == []
    offered.passes(seconds=1)
    assert (outcomes(offered), offered.state.not_accepted_by) == (["lapsed"], ["ann"])
    with pytest.raises(OfferOver):
        offered.accepts(ANN)


def test_an_offer_for_an_earlier_wait_and_a_second_one_are_ignored() -> None:
    offered = ringing()
    offered.rings_at(BEN)
    assert offered.state.offered_agent_id == "ann"
    offered.declines(ANN)
    offered.rings_at(BEN, ticket=1)
    assert offered.state.offered_agent_id is None


def test_nobody_else_accepts_or_declines() -> None:
    offered = ringing()
    for act in (offered.accepts, offered.declines):
        with pytest.raises(OfferOver):
            act(BEN)
    assert offered.state.offered_agent_id == "ann"


@pytest.mark.parametrize(
    "happens",
    [
        lambda scenario: scenario.transfers(MIA, SALES),
        lambda scenario: scenario.closes(MIA),
        lambda scenario: scenario.texts("STOP"),
        lambda scenario: scenario.takes_over(MIA),
        lambda scenario: scenario.picks(BEN),
        lambda scenario: scenario.routes_to(BEN),
        lambda scenario: scenario.leaves_for_good(ANN),
    ],
    ids=["transfer", "close", "opt-out", "take over", "pick up", "assigned", "agent left"],
)
def test_another_event_withdraws_the_offer(happens: Callable[[Scenario], None]) -> None:
    offered = ringing()
    happens(offered)
    assert (outcomes(offered), offered.state.offered_agent_id) == (["withdrawn"], None)
    assert DeadlineKind.offer_lapses not in offered.core.deadlines


def test_texts_of_the_consumer_leave_it_ringing() -> None:
    offered = ringing()
    offered.texts("are you there?")
    assert offered.state.offered_agent_id == "ann"


def test_a_transfer_its_agent_passes_goes_to_the_skill() -> None:
    passed = with_ann()
    passed.transfers(ANN, BEN)
    passed.rings_at(BEN)
    passed.declines(BEN)
    assert (passed.state.requested_agent_id, passed.core.next_deadline) == (None, None)


def test_a_waiting_conversation_is_picked_up_by_hand() -> None:
    waits = waiting()
    waits.picks(BEN)
    assert (waits.status, waits.state.agent_id, waits.said) == (
        Status.assigned,
        "ben",
        ["agent_joined"],
    )
    with pytest.raises(AlreadyTaken):
        waits.picks(ANN)


def test_a_wait_for_a_named_agent_is_picked_up_by_them_or_a_manager_only() -> None:
    passed = with_ann()
    passed.transfers(ANN, BEN)
    with pytest.raises(ConversationNotAssigned):
        passed.picks(ANN)
    passed.picks(MIA)
    assert passed.state.agent_id == "mia"


def test_a_departed_agents_conversation_waits_again_with_its_age() -> None:
    held = with_ann()
    held.passes(minutes=5)
    held.leaves_for_good(ANN)
    state = held.state
    assert (held.status, state.ticket, state.age_since) == (Status.waiting, 2, TEN)
    assert held.events(EventKind.conversation_released)[0].data == {"reason": "agent_left"}
    assert held.said == []


def test_a_returned_conversation_starts_at_the_end() -> None:
    held = answered()
    held.passes(minutes=5)
    held.returns(ANN)
    assert held.state.age_since == TEN + timedelta(minutes=5)


def test_a_departed_agent_changes_nothing_that_others_hold() -> None:
    held = with_ann()
    before = held.state.model_copy(deep=True)
    held.leaves_for_good(BEN)
    held.leaves_for_good(BEN)
    assert (held.state, held.step) == (before, [])
