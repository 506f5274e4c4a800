"""Behaviour, section 7: STOP, START and HELP in a conversation; they come before everything."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.consent.keyword import Keyword
from domain.conversation.inputs import ReceivedText
from domain.conversation.kinds import CloseReason, EventKind, PendingSide, Status
from domain.errors import ConversationNotAssigned, NotFound
from domain.survey.kinds import SurveyOutcome
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    SALES,
    Scenario,
    answered,
    closed,
    in_survey,
    opened_by_ann,
    opted_out,
    scenario,
    waiting,
    with_ann,
)

OPEN: list[Callable[[], Scenario]] = [waiting, with_ann, answered, opened_by_ann]


@pytest.mark.parametrize("situation", OPEN)
def test_stop_closes_an_open_conversation_without_a_survey(
    situation: Callable[[], Scenario],
) -> None:
    held = situation()
    held.texts("STOP")
    assert (held.status, held.state.close_reason) == (Status.closed, CloseReason.opt_out)
    assert (held.state.is_opted_out, held.state.survey) == (True, None)
    assert held.said == ["opted_out"]
    assert len(held.events(EventKind.opted_out)) == 1
    assert held.core.next_deadline is None


def test_stop_ends_the_survey_and_is_no_answer_to_it() -> None:
    rated = in_survey()
    rated.texts("stop")
    assert rated.state.survey is not None
    assert rated.state.survey.outcome is SurveyOutcome.opted_out
    assert (rated.status, rated.said) == (Status.closed, ["opted_out"])
    assert rated.state.close_reason is CloseReason.agent


@pytest.mark.parametrize("situation", [scenario, *OPEN, in_survey])
def test_the_confirmation_is_the_providers_where_it_sends_one(
    situation: Callable[[], Scenario],
) -> None:
    held = situation()
    held.texts("STOP", provider_handled=True)
    assert (held.status, held.said) == (Status.closed, [])
    assert held.state.is_opted_out


@pytest.mark.parametrize("word", ["START", "HELP"])
@pytest.mark.parametrize("situation", [scenario, with_ann, in_survey, opted_out])
def test_so_are_the_replies_to_start_and_help(situation: Callable[[], Scenario], word: str) -> None:
    held = situation()
    held.texts(word, provider_handled=True)
    assert held.said == []


def test_the_confirmation_is_the_only_text_that_leaves_after_stop() -> None:
    held = with_ann()
    held.texts("STOP")
    assert [m.is_consent_reply for m in held.messages if m.is_to_send] == [True]


@pytest.mark.parametrize(
    ("situation", "said"),
    [(waiting, []), (with_ann, []), (in_survey, []), (closed, None), (opted_out, None)],
)
def test_an_opt_out_learnt_elsewhere_closes_without_a_word(
    situation: Callable[[], Scenario], said: list[str] | None
) -> None:
    held = situation()
    held.does(lambda core: core.consumer_opted_out(held.now))
    if said is None:
        assert held.step == []
        return
    assert (held.status, held.said, held.state.is_opted_out) == (Status.closed, said, True)
    assert len(held.events(EventKind.opted_out)) == 1


def test_start_opts_in_again_and_the_conversation_goes_on() -> None:
    held = opted_out()
    held.texts("START")
    assert (held.said, held.state.is_opted_out) == (["opted_in"], False)
    assert held.status is Status.assigned
    held.replies(ANN)


def test_yes_is_a_keyword_only_while_opted_out() -> None:
    assert opted_out().incoming("yes").keyword is Keyword.start
    held = with_ann()
    held.texts("yes")
    assert held.said == []
    assert held.state.waiting_since is not None


def test_no_other_text_opts_in() -> None:
    held = opted_out()
    held.texts("please write to me again")
    assert held.state.is_opted_out


@pytest.mark.parametrize("word", ["Info", "HELP", "Ayuda", "start"])
@pytest.mark.parametrize("handled", [True, False])
def test_a_keyword_that_changes_no_consent_is_an_unanswered_text_too(
    word: str, handled: bool
) -> None:
    held = answered()
    held.passes(minutes=5)
    held.texts(word, provider_handled=handled)
    assert held.state.pending_side is PendingSide.agent
    assert held.state.waiting_since == held.now
    assert len(held.said) == (0 if handled else 1)


def test_a_wish_in_free_words_is_flagged_and_changes_nothing_else() -> None:
    held = with_ann()
    wish = ReceivedText("wish", "please stop texting me", wants_opt_out=True, received_at=held.now)
    held.does(lambda core: core.consumer_texted(wish, held.now))
    assert held.state.opt_out_wished_at == held.now
    assert [one.data for one in held.events(EventKind.opt_out_wished)] == [{"message_id": "wish"}]
    assert (held.status, held.state.is_opted_out) == (Status.assigned, False)
    assert held.state.waiting_since is not None


def test_a_wish_that_opens_a_conversation_is_flagged() -> None:
    opened = scenario()
    wish = ReceivedText("wish", "wrong number", wants_opt_out=True, received_at=opened.now)
    opened.does(lambda core: core.opened_by_consumer(wish, opened.facts, opened.now))
    assert opened.state.opt_out_wished_at == opened.now
    assert opened.status is Status.waiting


@pytest.mark.parametrize("situation", [waiting, opted_out, in_survey])
def test_help_is_answered_even_to_the_opted_out_and_changes_nothing_else(
    situation: Callable[[], Scenario],
) -> None:
    held = situation()
    before = held.state.model_copy(deep=True)
    held.texts("help")
    assert held.said == ["help"]
    kept = ("status", "pending_side", "waiting_since", "agent_id", "is_opted_out", "survey")
    for field in kept:
        assert getattr(held.state, field) == getattr(before, field)


def test_help_does_not_move_the_end_of_the_survey() -> None:
    rated = in_survey()
    due = rated.core.next_deadline
    rated.passes(minutes=30)
    rated.texts("HELP")
    assert rated.core.next_deadline == due


def test_no_automatic_message_goes_to_an_opted_out_consumer() -> None:
    held = opted_out()
    held.transfers(ANN, SALES)
    held.routes_to(ANN)
    held.returns(ANN)
    held.closes(MIA)
    assert [m for m in held.transcript if m.is_to_send] == []
    assert held.status is Status.closed


def test_a_sentence_with_the_word_is_no_keyword() -> None:
    held = with_ann()
    held.texts("please stop texting me")
    assert (held.status, held.state.is_opted_out) == (Status.assigned, False)


def test_a_flag_that_was_no_wish_goes_away_and_comes_back_with_the_next_wish() -> None:
    held = with_ann()
    with pytest.raises(NotFound):
        held.core.consent.check_dismiss(ANN)
    wishes(held)
    with pytest.raises(ConversationNotAssigned):
        held.core.consent.check_dismiss(BEN)
    held.does(lambda core: core.consent.wish_dismissed(ANN, "key", held.now))
    assert held.state.opt_out_wished_at is None
    assert [e.agent_id for e in held.events(EventKind.opt_out_wish_dismissed)] == ["ann"]
    wishes(held)
    assert held.state.opt_out_wished_at == held.now


def wishes(held: Scenario) -> None:
    text = replace(held.incoming("please stop texting me"), wants_opt_out=True)
    held.does(lambda core: core.consumer_texted(text, held.now))
