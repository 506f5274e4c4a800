"""Behaviour, section 1: transfer to a skill, to a named agent, and the return to the queue."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.conversation.kinds import Author, EventKind, PendingSide, Status
from domain.errors import DomainError, MessageTooLong, TransferRefused
from domain.settings.kinds import TransferTargets
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    SALES,
    SUPPORT,
    TEN,
    Scenario,
    answered,
    waiting,
    with_ann,
    with_texts,
)

HandOn = Callable[[Scenario, str | None], None]


def test_a_transfer_to_a_skill_waits_in_that_skills_queue_pending_the_agent() -> None:
    passed = answered()
    passed.transfers(ANN, SALES)
    state = passed.state
    assert (state.status, state.skill_id, state.skill_name) == (Status.waiting, "sales", "Sales")
    assert (state.agent_id, state.ticket, state.priority) == (None, 2, 5)
    assert state.pending_side is PendingSide.agent


def test_the_text_of_the_destination_skill_is_used() -> None:
    passed = with_ann(with_texts(SUPPORT, transferred_to_skill="Support says {skill}"))
    passed.transfers(ANN, with_texts(SALES, transferred_to_skill="Sales says {skill}"))
    assert [m.text for m in passed.messages] == ["Sales says Sales"]


def test_a_transfer_to_the_same_skill_is_refused() -> None:
    for person, held in ((ANN, with_ann()), (MIA, waiting())):
        with pytest.raises(TransferRefused, match="already with this skill"):
            held.transfers(person, SUPPORT)
        assert held.step == []


def test_a_transfer_to_a_named_agent_is_kept_for_them() -> None:
    passed = with_ann()
    passed.transfers(ANN, BEN)
    assert [m.text for m in passed.messages] == ["We are passing you on to Ben."]
    assert (passed.status, passed.state.requested_agent_id) == (Status.waiting, "ben")
    assert passed.events(EventKind.conversation_queued)[-1].data["requested_agent_id"] == "ben"
    passed.routes_to(BEN)
    assert (passed.state.agent_id, passed.state.requested_agent_id) == ("ben", None)
    assert passed.core.next_deadline is None


def test_a_transfer_nobody_takes_falls_back_to_the_skill_after_its_time() -> None:
    passed = with_ann()
    passed.transfers(ANN, BEN)
    assert passed.core.next_deadline == TEN + timedelta(hours=2)
    passed.passes(hours=2)
    state = passed.state
    assert (state.status, state.skill_id, state.requested_agent_id) == (
        Status.waiting,
        "support",
        None,
    )
    assert (state.ticket, passed.said) == (3, [])
    assert passed.core.next_deadline is None


def test_the_named_agents_acceptance_that_comes_after_the_fallback_is_ignored() -> None:
    passed = with_ann()
    passed.transfers(ANN, BEN)
    before = passed.state.ticket
    passed.passes(hours=2)
    passed.routes_to(BEN, ticket=before)
    assert passed.status is Status.waiting


def test_a_wait_for_a_named_agent_may_still_be_transferred_to_the_skill() -> None:
    passed = with_ann()
    passed.transfers(ANN, BEN)
    passed.transfers(MIA, SUPPORT)
    assert (passed.status, passed.state.requested_agent_id) == (Status.waiting, None)
    assert passed.core.next_deadline is None


def test_a_transfer_to_the_agent_who_holds_it_is_refused() -> None:
    held = with_ann()
    with pytest.raises(TransferRefused, match="already holds"):
        held.transfers(MIA, ANN)


def test_a_return_waits_in_the_same_skill_and_tries_a_different_agent_first() -> None:
    returned = answered()
    returned.returns(ANN)
    state = returned.state
    assert returned.said == ["returned_to_queue"]
    assert (state.status, state.skill_id, state.avoided_agent_id) == (
        Status.waiting,
        "support",
        "ann",
    )
    returned.routes_to(BEN)
    assert (state.agent_id, state.avoided_agent_id) == ("ben", None)


def test_a_waiting_conversation_cannot_be_returned() -> None:
    with pytest.raises(TransferRefused, match="already waiting"):
        waiting().returns(MIA)


def test_the_unanswered_text_keeps_its_age_through_every_hand() -> None:
    passed = with_ann()
    passed.passes(minutes=5)
    passed.transfers(ANN, SALES)
    passed.routes_to(BEN)
    passed.passes(minutes=5)
    passed.returns(BEN)
    assert passed.state.waiting_since == TEN


@pytest.mark.parametrize(
    "hand_on",
    [
        lambda scenario, note: scenario.transfers(ANN, SALES, note=note),
        lambda scenario, note: scenario.transfers(ANN, BEN, note=note),
        lambda scenario, note: scenario.returns(ANN, note=note),
    ],
    ids=["to skill", "to agent", "to queue"],
)
class TestTheNoteThatTravels:
    """An optional private note goes along with every transfer."""

    def test_it_is_written_before_the_transfer_and_never_sent(self, hand_on: HandOn) -> None:
        held = with_ann()
        hand_on(held, "wants a refund")
        note = held.messages[0]
        assert (note.author, note.text, note.is_to_send) == (Author.note, "wants a refund", False)

    @pytest.mark.parametrize("nothing", [None, "", "  \n"])
    def test_an_empty_one_is_left_out(self, hand_on: HandOn, nothing: str | None) -> None:
        held = with_ann()
        hand_on(held, nothing)
        assert held.status is Status.waiting
        assert all(m.author is Author.system for m in held.messages)

    def test_one_that_is_too_long_refuses_the_whole_transfer(self, hand_on: HandOn) -> None:
        held = with_ann()
        before = held.state.model_copy(deep=True)
        with pytest.raises(MessageTooLong):
            hand_on(held, "x" * 1601)
        assert (held.state, held.step, held.core.policy) == (before, [], SUPPORT)


def test_every_wait_has_a_higher_ticket_than_the_one_before() -> None:
    passed = with_ann()
    tickets = [passed.state.ticket]
    for hand_on in (_to_sales, _to_ben, _back):
        hand_on(passed)
        tickets.append(passed.state.ticket)
        passed.routes_to(ANN)
    assert tickets == [1, 2, 3, 4]


def _to_sales(scenario: Scenario) -> None:
    scenario.transfers(ANN, SALES)


def _to_ben(scenario: Scenario) -> None:
    scenario.transfers(ANN, BEN)


def _back(scenario: Scenario) -> None:
    scenario.returns(ANN)


def test_refusals_are_sentences_for_a_person() -> None:
    with pytest.raises(DomainError) as refused:
        with_ann().transfers(MIA, ANN)
    assert refused.value.detail == "This agent already holds the conversation."


def test_a_skill_says_where_its_conversations_may_go_for_managers_too() -> None:
    rules = {
        TransferTargets.none: SUPPORT.model_copy(update={"transfer_targets": TransferTargets.none}),
        TransferTargets.listed: SUPPORT.model_copy(
            update={"transfer_targets": TransferTargets.listed, "allowed_targets": ("billing",)}
        ),
    }
    for policy in rules.values():
        held = with_ann(policy)
        for person in (ANN, MIA):
            with pytest.raises(TransferRefused, match="may not be transferred"):
                held.transfers(person, SALES)
        held.transfers(ANN, BEN)
        held.transfers(MIA, SUPPORT)
        assert held.status is Status.waiting
    listed = with_ann(
        rules[TransferTargets.listed].model_copy(update={"allowed_targets": ("sales",)})
    )
    listed.transfers(ANN, SALES)
    assert listed.state.skill_reason == "Ann transferred it to Sales."


def test_transfers_in_circles_are_stopped_until_a_person_writes() -> None:
    passed = with_ann(SUPPORT.model_copy(update={"transfers_in_a_row": 5}))
    targets = [BEN, ANN]
    for number in range(5):
        passed.transfers(MIA, targets[number % 2])
        passed.routes_to(targets[number % 2])
    with pytest.raises(TransferRefused, match="transferred 5 times"):
        passed.transfers(MIA, ANN)
    passed.notes(BEN)
    with pytest.raises(TransferRefused, match="transferred 5 times"):
        passed.transfers(BEN, ANN)
    passed.returns(BEN)
    passed.routes_to(BEN)
    passed.replies(BEN)
    passed.transfers(BEN, ANN)
    assert passed.status is Status.waiting
