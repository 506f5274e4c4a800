"""Notes of colleagues: whom they bring in, and what goes along with other commands."""

import pytest

from domain.conversation.kinds import Author, EventKind
from domain.conversation.notes import MOST_MENTIONED
from domain.errors import ConversationNotAssigned
from tests.domain.scenario import ADA, ANN, BEN, MIA, with_ann


def test_those_whom_a_note_mentions_are_told_once_a_note_and_may_answer_by_another() -> None:
    held = with_ann()
    with pytest.raises(ConversationNotAssigned):
        held.notes(BEN)
    held.notes(ANN, "Look, @Ben", mentions=["ben", "ann", "ben"])
    [told] = held.events(EventKind.mentioned)
    assert told.agent_id == "ben"
    assert told.data == {"by_agent_id": "ann", "message_id": held.messages[-1].message_id}
    held.notes(BEN, "I do")
    with pytest.raises(ConversationNotAssigned):
        held.replies(BEN)
    held.notes(ANN, "And again, @Ben", mentions=["ben"])
    assert len(held.events(EventKind.mentioned)) == 2
    assert held.state.mentioned == ["ben"]


def test_notes_of_a_conversation_bring_in_a_limited_number() -> None:
    held = with_ann()
    held.notes(ANN, mentions=[f"agent-{n}" for n in range(MOST_MENTIONED + 5)])
    assert len(held.state.mentioned) == MOST_MENTIONED
    assert len(held.events(EventKind.mentioned)) == MOST_MENTIONED


def test_the_reason_of_a_take_over_becomes_a_note_that_the_event_names() -> None:
    held = with_ann()
    held.takes_over(MIA, reason="He is a friend of mine.")
    note = next(one for one in held.messages if one.author is Author.note)
    assert (note.text, note.agent_id) == ("He is a friend of mine.", "mia")
    told = held.events(EventKind.conversation_assigned)[-1].data
    assert told == {"how": "taken_over", "from_agent_id": "ann", "note_id": note.message_id}
    held.transfers(ADA, note="For you", to=BEN)
    told = held.events(EventKind.conversation_transferred)[-1].data
    assert (told["from_agent_id"], told["to_agent_id"]) == ("mia", "ben")
    assert told["note_id"] == held.messages[-2].message_id
