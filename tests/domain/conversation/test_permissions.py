"""Who may reply, note, transfer, return and close, and when the rules refuse it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.conversation.conversation import Conversation
from domain.conversation.inputs import Person
from domain.conversation.kinds import Author, CloseReason, EventKind, Status
from domain.conversation.permissions import AgentRelation, rights
from domain.conversation.transitions import is_possible
from domain.delivery.message_status import MessageStatus
from domain.errors import (
    ConsumerOptedOut,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    DomainError,
    MessageEmpty,
    MessageTooLong,
)
from tests.domain.scenario import (
    ADA,
    ANN,
    BEN,
    MIA,
    SALES,
    Scenario,
    answered,
    closed,
    in_survey,
    opted_out,
    waiting,
    with_ann,
)

Refusal = type[DomainError]


def _refused(scenario: Scenario, act: Callable[[Scenario], None], error: Refusal) -> None:
    """Assert that a command is refused and changes nothing at all."""
    state, policy = scenario.state.model_copy(deep=True), scenario.core.policy
    with pytest.raises(error):
        act(scenario)
    assert (scenario.state, scenario.core.policy, scenario.step) == (state, policy, [])


@pytest.mark.parametrize(
    ("situation", "person", "error"),
    [
        (waiting, ANN, ConversationNotAssigned),
        (waiting, MIA, ConversationNotAssigned),
        (with_ann, BEN, ConversationNotAssigned),
        (with_ann, MIA, ConversationNotAssigned),
        (with_ann, ADA, ConversationNotAssigned),
        (in_survey, ANN, ConversationInSurvey),
        (in_survey, MIA, ConversationInSurvey),
        (closed, ANN, ConversationClosed),
        (opted_out, ANN, ConsumerOptedOut),
    ],
)
def test_only_the_agent_of_an_open_conversation_replies(
    situation: Callable[[], Scenario], person: Person, error: Refusal
) -> None:
    _refused(situation(), lambda scenario: scenario.replies(person), error)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", MessageEmpty),
        (" \n\t", MessageEmpty),
        ("\u00a0\u2003", MessageEmpty),
        ("x" * 1601, MessageTooLong),
        ("😀" * 801, MessageTooLong),
    ],
)
def test_a_reply_that_cannot_be_one_text_is_refused(text: str, error: Refusal) -> None:
    _refused(with_ann(), lambda scenario: scenario.replies(ANN, text), error)
    _refused(with_ann(), lambda scenario: scenario.notes(ANN, text), error)


def test_the_refusal_of_a_long_text_tells_the_count() -> None:
    with pytest.raises(MessageTooLong, match="1601 characters; 1600 are allowed"):
        with_ann().replies(ANN, "x" * 1601)


def test_a_reply_of_1600_characters_leaves_whole() -> None:
    held = with_ann()
    held.replies(ANN, "x" * 1600)
    (reply,) = held.messages
    assert (len(reply.text), reply.segments, reply.encoding) == (1600, 11, "GSM-7")


def test_a_reply_is_the_agents_and_waits_to_be_sent() -> None:
    held = with_ann()
    held.replies(ANN, "Hi")
    (reply,) = held.messages
    assert (reply.author, reply.agent_id, reply.agent_name) == (Author.agent, "ann", "Ann")
    assert (reply.status, reply.is_to_send) == (MessageStatus.queued, True)
    assert reply.command_key is not None


@pytest.mark.parametrize("person", [ANN, MIA, ADA])
@pytest.mark.parametrize("situation", [with_ann, answered, in_survey])
def test_its_agent_and_supervisors_write_notes_until_the_end_of_the_survey(
    situation: Callable[[], Scenario], person: Person
) -> None:
    held = situation()
    before = held.state.model_copy(deep=True)
    held.notes(person)
    (note,) = held.messages
    assert (note.author, note.is_to_send, note.segments) == (Author.note, False, 0)
    before.message_count = held.state.message_count
    assert held.state == before


@pytest.mark.parametrize(
    ("situation", "person", "error"),
    [
        (with_ann, BEN, ConversationNotAssigned),
        (waiting, ANN, ConversationNotAssigned),
        (closed, ANN, ConversationClosed),
        (closed, MIA, ConversationClosed),
    ],
)
def test_other_agents_may_not_write_notes(
    situation: Callable[[], Scenario], person: Person, error: Refusal
) -> None:
    _refused(situation(), lambda scenario: scenario.notes(person), error)


@pytest.mark.parametrize(
    "command",
    [
        lambda scenario, person: scenario.transfers(person, SALES),
        lambda scenario, person: scenario.transfers(person, BEN),
        lambda scenario, person: scenario.closes(person),
    ],
    ids=["to skill", "to agent", "close"],
)
@pytest.mark.parametrize(
    ("situation", "person", "error"),
    [
        (with_ann, ANN, None),
        (with_ann, MIA, None),
        (with_ann, ADA, None),
        (waiting, MIA, None),
        (opted_out, ANN, None),
        (with_ann, BEN, ConversationNotAssigned),
        (waiting, ANN, ConversationNotAssigned),
        (in_survey, ANN, ConversationInSurvey),
        (in_survey, MIA, ConversationInSurvey),
        (closed, ANN, ConversationClosed),
        (closed, ADA, ConversationClosed),
    ],
)
def test_its_agent_and_supervisors_transfer_and_close_an_open_conversation(
    command: Callable[[Scenario, Person], None],
    situation: Callable[[], Scenario],
    person: Person,
    error: Refusal | None,
) -> None:
    scenario = situation()
    if error:
        _refused(scenario, lambda held: command(held, person), error)
        return
    command(scenario, person)
    assert scenario.status is not Status.assigned


def test_an_agent_who_transferred_it_may_do_nothing_more() -> None:
    passed = with_ann()
    passed.transfers(ANN, SALES)
    _refused(passed, lambda scenario: scenario.replies(ANN), ConversationNotAssigned)
    _refused(passed, lambda scenario: scenario.closes(ANN), ConversationNotAssigned)


@pytest.mark.parametrize(
    ("situation", "person", "reason"),
    [
        (with_ann, ANN, CloseReason.agent),
        (with_ann, MIA, CloseReason.manager),
        (with_ann, ADA, CloseReason.manager),
        (waiting, MIA, CloseReason.manager),
    ],
)
def test_the_close_reason_says_whether_an_agent_or_a_manager_closed(
    situation: Callable[[], Scenario], person: Person, reason: CloseReason
) -> None:
    scenario = situation()
    scenario.closes(person)
    assert (scenario.state.close_reason, scenario.state.closed_by) == (reason, person.agent_id)


def test_a_manager_who_holds_it_closes_as_its_agent() -> None:
    held = waiting()
    held.routes_to(MIA)
    held.closes(MIA)
    assert held.state.close_reason is CloseReason.agent


def test_a_closed_conversation_takes_no_text_and_nothing_moves_it() -> None:
    over = closed()
    assert not over.core.takes(over.incoming("hello again"))
    assert not over.core.takes(over.incoming("STOP"))
    before = over.state.model_copy(deep=True)
    moves: list[Callable[[Conversation], object]] = [
        lambda core: core.survey_interrupted(over.now),
        lambda core: core.time_passed(over.now.replace(year=2030)),
        lambda core: core.consumer_opted_out(over.now),
        lambda core: core.queue.agent_assigned(over.state.ticket, "ben", "Ben", over.now),
    ]
    for move in moves:
        over.does(move)
        assert (over.state, over.step) == (before, [])


STANDING = st.builds(
    AgentRelation,
    status=st.sampled_from(Status),
    is_theirs=st.booleans(),
    supervises=st.booleans(),
    has_joined=st.booleans(),
    is_opted_out=st.booleans(),
    may_pick=st.booleans(),
)


@given(relation=STANDING)
def test_a_page_offers_only_what_leads_somewhere(relation: AgentRelation) -> None:
    may = rights(relation)
    ways = {
        EventKind.conversation_closed: may.may_handle,
        EventKind.conversation_queued: may.may_return,
        EventKind.conversation_assigned: may.may_pick or may.may_take_over,
    }
    for event, is_offered in ways.items():
        assert is_possible(relation.status, event) or not is_offered
    assert may.may_reply is (may.refusal is None)


def test_open_is_what_can_be_closed() -> None:
    can_close = {one for one in Status if is_possible(one, EventKind.conversation_closed)}
    assert can_close == {one for one in Status if one.is_open}


def test_a_page_says_why_nobody_can_reply_in_the_words_of_the_refusal() -> None:
    held = with_ann()
    with pytest.raises(ConversationNotAssigned) as refused:
        held.core.check_reply(BEN, "Me too")
    said = rights(AgentRelation(Status.assigned)).refusal
    assert said == refused.value.detail == "Another agent holds this conversation."
    assert rights(AgentRelation(Status.waiting)).refusal == "This conversation waits for an agent."
