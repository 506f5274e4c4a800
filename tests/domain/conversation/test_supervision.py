"""Behaviour, section 1: managers join, leave and take over. Reading changes nothing."""

import pytest

from domain.conversation.kinds import Author, EventKind, PendingSide, Status
from domain.errors import ConversationNotAssigned, JoiningRefused, MessageTooLong, NotAllowed
from tests.domain.scenario import ADA, ANN, BEN, MIA, closed, waiting, with_ann


def test_a_manager_who_joined_writes_alongside_the_agent() -> None:
    held = with_ann()
    with pytest.raises(ConversationNotAssigned):
        held.replies(MIA)
    held.joins(MIA)
    assert held.said == ["manager_joined"]
    assert held.messages[0].text == "Mia has joined the conversation."
    held.replies(MIA, "I will see to it.")
    held.replies(ANN, "So do I.")
    assert held.state.agent_id == "ann"
    assert held.state.pending_side is PendingSide.consumer


def test_a_manager_who_left_writes_no_more() -> None:
    held = with_ann()
    held.joins(MIA)
    held.leaves(MIA)
    assert held.said == ["manager_left"]
    with pytest.raises(ConversationNotAssigned):
        held.replies(MIA)
    with pytest.raises(JoiningRefused, match="not joined"):
        held.leaves(MIA)


def test_only_managers_join_and_take_over_and_only_once() -> None:
    held = with_ann()
    for act in (held.joins, held.leaves, held.takes_over):
        with pytest.raises(NotAllowed):
            act(BEN)
    held.joins(MIA)
    with pytest.raises(JoiningRefused, match="already"):
        held.joins(MIA)


def test_a_manager_takes_over_from_an_agent() -> None:
    held = with_ann()
    held.joins(MIA)
    held.takes_over(MIA)
    state = held.state
    assert (held.status, state.agent_id, state.joined_managers) == (Status.assigned, "mia", [])
    assert held.said == ["agent_joined"]
    told = {"how": "taken_over", "from_agent_id": "ann"}
    assert held.events(EventKind.conversation_assigned)[-1].data == told
    with pytest.raises(ConversationNotAssigned):
        held.replies(ANN)
    for act in (held.takes_over, held.joins):
        with pytest.raises(JoiningRefused, match="You hold"):
            act(MIA)


def test_the_reason_for_taking_over_is_a_note_that_the_event_names() -> None:
    held = with_ann()
    held.takes_over(MIA, reason="You are at lunch.")
    note = held.transcript[-2]
    assert (note.author, note.agent_id, note.text) == (Author.note, "mia", "You are at lunch.")
    told = held.events(EventKind.conversation_assigned)[-1].data
    assert told["note_id"] == note.message_id
    waits = waiting()
    with pytest.raises(MessageTooLong):
        waits.takes_over(MIA, reason="x" * 1601)
    waits.takes_over(MIA, reason=" ")
    assert waits.events(EventKind.conversation_assigned)[-1].data == {"how": "taken_over"}


def test_a_manager_takes_over_what_waits() -> None:
    waits = waiting()
    waits.takes_over(ADA)
    assert (waits.status, waits.state.agent_id) == (Status.assigned, "ada")


def test_joining_moves_no_deadline_and_no_side() -> None:
    held = with_ann()
    before = held.state.model_copy(deep=True)
    held.joins(MIA)
    state = held.state
    assert (state.pending_side, state.waiting_since, state.quiet_since) == (
        before.pending_side,
        before.waiting_since,
        before.quiet_since,
    )
    assert held.core.deadlines == {}


def test_a_closed_conversation_has_nobody_alongside() -> None:
    held = with_ann()
    held.joins(MIA)
    held.closes(ANN)
    assert held.state.joined_managers == []
    with pytest.raises(Exception, match="closed"):
        closed().joins(MIA)
