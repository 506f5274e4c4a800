"""Behaviour, sections 3 and 4: how a conversation opens, and what is said then."""

import pytest

from domain.consent.keyword import Keyword
from domain.conversation.kinds import Author, CloseReason, EventKind, PendingSide, Status
from domain.conversation.state import ConsumerFacts
from domain.delivery.message_status import MessageStatus
from tests.domain.scenario import (
    ANN,
    BEN,
    FIRST_TIME,
    RETURNING,
    SUPPORT,
    TEN,
    answered,
    opened_by_ann,
    scenario,
    waiting,
    with_ann,
    with_texts,
)


def test_a_text_opens_a_conversation_that_waits_for_an_agent_of_the_skill() -> None:
    opened = waiting()
    assert opened.status is Status.waiting
    assert opened.state.pending_side is PendingSide.agent
    assert (opened.state.skill_id, opened.state.ticket) == ("support", 1)
    assert opened.state.waiting_since == opened.state.queued_at == TEN
    (queued,) = opened.events(EventKind.conversation_queued)
    assert queued.data == {"skill_id": "support", "requested_agent_id": None}


def test_the_consumers_text_comes_first_and_keeps_its_own_id() -> None:
    opened = waiting()
    first, welcome = opened.transcript
    assert (first.author, first.message_id, first.status) == (
        Author.consumer,
        "in-1",
        MessageStatus.received,
    )
    assert (welcome.author, welcome.status) == (Author.system, MessageStatus.queued)
    assert [first.position, welcome.position] == [1, 2]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (FIRST_TIME, ["first_welcome"]),
        (RETURNING, ["welcome"]),
        (ConsumerFacts(is_first=False, continues=True), []),
        (ConsumerFacts(is_first=True, is_opted_out=True), []),
    ],
    ids=["first ever", "returning", "continues after an auto-close", "opted out"],
)
def test_the_welcome_depends_on_what_was_before(facts: ConsumerFacts, said: list[str]) -> None:
    assert waiting(facts=facts).said == said


def test_a_conversation_that_continues_still_asks_for_an_agent() -> None:
    assert waiting(facts=ConsumerFacts(is_first=False, continues=True)).status is Status.waiting


def test_a_welcome_that_is_off_is_not_sent() -> None:
    assert waiting(with_texts(SUPPORT, first_welcome="")).said == []


@pytest.mark.parametrize(
    ("text", "keyword", "reply"),
    [("START", Keyword.start, "opted_in"), ("help", Keyword.help, "help")],
)
def test_a_first_text_that_is_a_keyword_is_answered_and_closes_at_once(
    text: str, keyword: Keyword, reply: str
) -> None:
    opened = scenario()
    assert opened.incoming(text).keyword is keyword
    opened.texts(text)
    assert opened.said == [reply]
    assert (opened.status, opened.state.close_reason) == (Status.closed, CloseReason.system)
    assert opened.events(EventKind.conversation_queued) == []
    assert opened.core.next_deadline is None


def test_stop_as_the_first_text_closes_as_an_opt_out() -> None:
    opened = scenario()
    opened.texts("Stop!")
    assert opened.said == ["opted_out"]
    assert (opened.status, opened.state.close_reason) == (Status.closed, CloseReason.opt_out)
    assert opened.state.is_opted_out


def test_a_text_after_an_opt_out_is_kept_and_assigned_to_nobody() -> None:
    opened = scenario(facts=ConsumerFacts(is_first=False, is_opted_out=True))
    opened.texts("hello?")
    assert (opened.status, opened.state.close_reason) == (Status.closed, CloseReason.opt_out)
    assert [message.text for message in opened.transcript] == ["hello?"]
    assert (opened.said, opened.events(EventKind.conversation_queued)) == ([], [])
    assert opened.events(EventKind.opted_out) == [], "they had done so before"
    assert opened.state.closed_at_once


def test_a_conversation_of_a_keyword_alone_reached_nobody() -> None:
    for word in ("HELP", "START", "STOP"):
        opened = scenario()
        opened.texts(word)
        assert opened.state.closed_at_once
    stopped = waiting()
    stopped.texts("STOP")
    assert not stopped.state.closed_at_once


def test_an_agent_opens_with_their_own_text_and_holds_the_conversation() -> None:
    proactive = opened_by_ann(text="Your order is ready.")
    assert (proactive.status, proactive.state.agent_id) == (Status.assigned, "ann")
    assert proactive.state.pending_side is PendingSide.consumer
    assert [(m.author, m.text) for m in proactive.transcript] == [
        (Author.agent, "Your order is ready.")
    ]
    assert proactive.events(EventKind.conversation_opened)[0].data["opened_by"] == "agent"


def test_the_router_assigns_and_the_consumer_is_told_who_joined() -> None:
    held = with_ann()
    assert (held.status, held.state.agent_id) == (Status.assigned, "ann")
    assert [m.text for m in held.messages] == ["You are now talking to Ann."]


@pytest.mark.parametrize("ticket", [0, 2])
def test_a_routers_choice_for_another_wait_is_ignored(ticket: int) -> None:
    opened = waiting()
    opened.routes_to(BEN, ticket=ticket)
    assert (opened.status, opened.step) == (Status.waiting, [])


def test_a_routers_choice_for_a_conversation_that_is_held_is_ignored() -> None:
    held = with_ann()
    held.routes_to(BEN)
    assert (held.state.agent_id, held.step) == ("ann", [])


def test_further_texts_wait_for_the_agent_since_the_first_unanswered_one() -> None:
    held = answered()
    assert held.state.waiting_since is None
    held.passes(minutes=1)
    held.texts("my parcel")
    first = held.now
    held.passes(minutes=1)
    held.texts("is late")
    assert held.state.waiting_since == first
    assert held.state.pending_side is PendingSide.agent
    assert held.status is Status.assigned


def test_the_list_shows_the_last_text_on_one_line_but_never_a_note() -> None:
    held = answered()
    held.texts("first line\nsecond   line")
    held.notes(ANN, "private")
    assert held.state.last_text == "first line second line"


def test_a_short_code_or_a_name_waits_for_an_agent_and_is_told_nothing() -> None:
    held = waiting(facts=ConsumerFacts(is_program=True))
    assert (held.said, held.status) == ([], Status.waiting)
    held.routes_to(ANN)
    held.replies(ANN)
    held.closes(ANN)
    assert (held.said, held.status) == ([], Status.closed)


def test_a_program_that_texts_a_keyword_gets_no_answer_to_it() -> None:
    for keyword in Keyword:
        held = waiting(facts=ConsumerFacts(is_program=True))
        held.texts(keyword.value)
        assert held.said == []


def test_a_program_that_nobody_waits_for_is_kept_readable_in_a_conversation_of_its_own() -> None:
    held = waiting(facts=ConsumerFacts(is_program=True, waits_for_nobody=True))
    assert (held.status, held.state.close_reason) == (Status.closed, CloseReason.system)
    assert held.state.closed_at_once
    assert held.said == []
    assert [message.text for message in held.transcript] == ["hello"]


def test_a_blocked_consumer_takes_nobodys_place_and_gets_no_answer_even_to_a_keyword() -> None:
    for text in ("hello", "HELP", "START", "STOP"):
        held = scenario(SUPPORT, ConsumerFacts(is_blocked=True))
        held.texts(text)
        assert (held.status, held.state.closed_at_once, held.said) == (Status.closed, True, [])
