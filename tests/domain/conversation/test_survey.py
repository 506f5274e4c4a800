"""Behaviour, section 6: the closing question, asked three times at most, one hour each."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.automatic.kinds import Automatic
from domain.conversation.kinds import CloseReason, EventKind, Status
from domain.policy.policy import Policy
from domain.survey.kinds import SurveyOutcome
from tests.domain.scenario import (
    ANN,
    BEN,
    MIA,
    SALES,
    SUPPORT,
    TEN,
    Scenario,
    answered,
    in_survey,
    opened_by_ann,
    opted_out,
    scenario,
    waiting,
    with_ann,
    with_texts,
)

OFF = SUPPORT.model_copy(update={"survey": SUPPORT.survey.model_copy(update={"enabled": False})})


def outcome(scenario: Scenario) -> SurveyOutcome | None:
    return scenario.state.survey.outcome if scenario.state.survey else None


def test_the_moment_an_agent_closes_the_consumer_is_asked() -> None:
    rated = in_survey()
    assert rated.said == ["closed_by_agent", "survey_question"]
    assert (rated.status, rated.state.close_reason) == (Status.survey, CloseReason.agent)
    assert rated.events(EventKind.conversation_closed)[0].data["survey"] is True
    assert rated.core.next_deadline == TEN + timedelta(hours=1)


def test_a_manager_who_closes_asks_too() -> None:
    held = with_ann()
    held.closes(MIA)
    assert (held.status, held.said[-1]) == (Status.survey, "survey_question")


@pytest.mark.parametrize("text", ["4", "4!", "four", "４", "٤", "4 but slow", "I give it a 4"])
def test_an_answer_scores_thanks_and_ends(text: str) -> None:
    rated = in_survey()
    rated.texts(text)
    assert rated.said == ["survey_thanks"]
    assert rated.state.survey is not None
    assert (rated.state.survey.score, outcome(rated)) == (4, SurveyOutcome.completed)
    assert (rated.status, rated.state.close_reason) == (Status.closed, CloseReason.agent)
    assert rated.core.next_deadline is None


def test_a_comment_beside_the_number_is_kept() -> None:
    rated = in_survey()
    rated.texts(" 4 but slow ")
    assert rated.state.survey is not None
    assert rated.state.survey.comment == "4 but slow"


def test_a_text_that_is_no_answer_is_asked_again_up_to_three_questions_in_all() -> None:
    rated = in_survey()
    for _ in range(2):
        rated.texts("no")
        assert (rated.said, rated.status) == (["survey_retry"], Status.survey)
    rated.texts("no")
    assert (rated.said, rated.status) == (["survey_unrecognised"], Status.closed)
    assert outcome(rated) is SurveyOutcome.unrecognised
    assert [e.data["times"] for e in rated.events(EventKind.survey_asked)] == [1, 2, 3]


def test_an_answer_to_the_last_question_counts() -> None:
    rated = in_survey()
    for text in ("no", "maybe", "2"):
        rated.texts(text)
    assert rated.state.survey is not None
    assert (rated.state.survey.score, outcome(rated)) == (2, SurveyOutcome.completed)


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        *(("5", True), ("no", True), ("ok thanks", True), ("STOP", True), ("help", True)),
        *(("my parcel is broken", False), ("why?", False)),
    ],
)
def test_only_a_request_opens_the_next_conversation_at_once(text: str, takes: bool) -> None:
    rated = in_survey()
    incoming = rated.incoming(text)
    assert rated.core.takes(incoming, rated.hears(incoming)) is takes


def test_letting_go_of_an_open_conversation_does_nothing() -> None:
    held = with_ann()
    held.does(lambda core: core.survey_interrupted(held.now))
    assert (held.status, held.step) == (Status.assigned, [])


def test_a_question_nobody_answers_is_ignored_after_an_hour_and_says_nothing() -> None:
    rated = in_survey()
    rated.passes(minutes=59, seconds=59)
    assert outcome(rated) is None
    rated.passes(seconds=1)
    assert (outcome(rated), rated.said) == (SurveyOutcome.ignored, [])
    assert rated.status is Status.closed


def test_the_hour_counts_from_the_last_question() -> None:
    rated = in_survey()
    rated.passes(minutes=50)
    rated.texts("no")
    rated.passes(minutes=59)
    assert rated.status is Status.survey
    rated.passes(minutes=1)
    assert outcome(rated) is SurveyOutcome.expired


def test_the_expiry_says_so_where_the_text_is_on() -> None:
    rated = in_survey(with_texts(SUPPORT, survey_expired="Never mind."))
    rated.passes(hours=1)
    assert rated.said == ["survey_expired"]


def test_texts_in_the_survey_never_wait_for_an_agent() -> None:
    rated = in_survey()
    rated.texts("no")
    assert rated.state.waiting_since is None


def _asked_only_for_help() -> Scenario:
    proactive = opened_by_ann()
    proactive.texts("HELP")
    return proactive


def _without_question() -> Policy:
    return with_texts(SUPPORT, survey_question="")


@pytest.mark.parametrize(
    "unasked",
    [
        lambda: answered(OFF),
        lambda: answered(_without_question()),
        opened_by_ann,
        _asked_only_for_help,
        waiting,
        opted_out,
    ],
    ids=[
        *("survey off", "no question set", "the consumer wrote nothing"),
        *("the consumer wrote HELP only", "nobody held it", "opted out"),
    ],
)
def test_nobody_is_asked_where_there_is_nothing_to_ask(unasked: Callable[[], Scenario]) -> None:
    held = unasked()
    held.closes(MIA)
    assert (held.status, held.state.survey) == (Status.closed, None)
    assert "survey_question" not in held.said


def test_a_first_text_that_only_asked_for_help_is_not_rated() -> None:
    opened = scenario()
    opened.texts("HELP")
    assert (opened.status, opened.state.survey) == (Status.closed, None)


def test_the_score_belongs_to_the_agent_and_skill_at_closing() -> None:
    passed = with_ann()
    passed.transfers(ANN, SALES)
    passed.routes_to(BEN)
    passed.closes(MIA)
    passed.texts("5")
    (score,) = passed.events(EventKind.survey_answered)
    assert (score.agent_id, score.data["skill_id"], score.data["score"]) == ("ben", "sales", 5)


@pytest.mark.parametrize(
    ("hand_on", "skill"),
    [
        (lambda scenario: scenario.returns(ANN), "support"),
        (lambda scenario: scenario.transfers(ANN, BEN), "support"),
        (lambda scenario: scenario.transfers(ANN, SALES), "sales"),
    ],
    ids=["returned", "passed to an agent", "passed to a skill"],
)
def test_closed_while_waiting_the_score_belongs_to_the_last_agent(
    hand_on: Callable[[Scenario], None], skill: str
) -> None:
    passed = answered()
    hand_on(passed)
    passed.closes(MIA)
    passed.texts("5")
    (score,) = passed.events(EventKind.survey_answered)
    assert (score.agent_id, score.data["skill_id"]) == ("ann", skill)


def test_the_texts_of_the_survey_are_those_of_the_skill_at_closing() -> None:
    passed = with_ann()
    passed.transfers(ANN, with_texts(SALES, survey_question="Sales: 1 to 5?"))
    passed.routes_to(BEN)
    passed.closes(BEN)
    question = passed.messages[-1]
    assert (question.automatic, question.text) == (Automatic.survey_question, "Sales: 1 to 5?")
