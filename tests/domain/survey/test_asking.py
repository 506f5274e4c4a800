"""Behaviour, section 6: answers on every scale, new requests in between, and what goes wrong."""

from datetime import timedelta

import pytest

from domain.conversation.kinds import EventKind, Status
from domain.survey.kinds import SurveyOutcome
from domain.survey.scales import ONE_TO_FIVE, THUMBS, ZERO_TO_TEN
from tests.domain.scenario import ANN, SUPPORT, answered, in_survey
from tests.domain.survey.asked import designed, lets_go, survey_of, takes


@pytest.mark.parametrize(
    ("scale", "text", "score", "is_satisfied"),
    [
        (ONE_TO_FIVE, "great", 5, True),
        (ONE_TO_FIVE, "three", 3, False),
        (ZERO_TO_TEN, "7", 7, False),
        (ZERO_TO_TEN, "8/10", 8, True),
        (THUMBS, "👎", 0, False),
        (THUMBS, "sí, gracias", 1, True),
    ],
)
def test_the_score_is_kept_with_its_scale(
    scale: str, text: str, score: int, is_satisfied: bool
) -> None:
    rated = in_survey(designed(scale=scale))
    rated.texts(text)
    survey = survey_of(rated)
    assert (survey.score, survey.is_satisfied, survey.scale) == (score, is_satisfied, scale)
    (event,) = rated.events(EventKind.survey_answered)
    assert event.data["satisfied"] is is_satisfied
    assert (event.data["scale"], event.data["late"]) == (scale, False)
    assert (rated.said, rated.status) == (["survey_thanks"], Status.closed)


def test_settings_of_before_scales_are_satisfied_from_four() -> None:
    rated = in_survey(SUPPORT)
    rated.texts("4")
    assert (survey_of(rated).is_satisfied, survey_of(rated).scale) == (True, ONE_TO_FIVE)


def test_so_many_questions_are_asked_as_are_set() -> None:
    rated = in_survey(designed(questions=1))
    rated.texts("no")
    assert (rated.said, rated.status) == (["survey_unrecognised"], Status.closed)
    assert survey_of(rated).outcome is SurveyOutcome.unrecognised


@pytest.mark.parametrize("text", ["5 no 4", "🎉🎉", "no", "", "-4"])
def test_bad_input_is_asked_again(text: str) -> None:
    rated = in_survey(designed())
    rated.texts(text)
    assert (rated.said, rated.status) == (["survey_retry"], Status.survey)
    assert rated.messages[0].text == text


def test_an_answer_of_5000_characters_counts_where_it_plainly_begins_with_one() -> None:
    rated = in_survey(designed())
    rated.texts("5. " + "so kind " * 600)
    assert survey_of(rated).score == 5


def test_an_answer_after_stop_is_none_and_gets_nothing() -> None:
    rated = in_survey(designed())
    rated.texts("STOP")
    assert survey_of(rated).outcome is SurveyOutcome.opted_out
    assert not takes(rated, "5")
    assert rated.core.next_deadline is None


REQUEST = "my parcel is broken"


def test_a_new_request_interrupts_the_survey_at_once() -> None:
    rated = in_survey(designed())
    lets_go(rated, REQUEST)
    assert (rated.said, rated.status) == ([], Status.closed)
    assert survey_of(rated).outcome is SurveyOutcome.interrupted
    assert not rated.core.awaits_late_answer


@pytest.mark.parametrize("text", ["no", "Hello?", "hola", "5", "STOP", "help", "no thanks"])
def test_what_is_no_plain_request_stays_with_the_survey_also_then(text: str) -> None:
    assert takes(in_survey(designed()), text)


def test_a_new_request_waits_for_the_last_question_where_that_is_set() -> None:
    rated = in_survey(designed(questions=2, interruption="after_last_retry"))
    rated.texts(REQUEST)
    assert rated.said == ["survey_retry"]
    lets_go(rated, REQUEST)
    assert survey_of(rated).outcome is SurveyOutcome.unrecognised


def test_an_operator_who_ends_it_interrupts_it() -> None:
    rated = in_survey(designed())
    rated.does(lambda core: core.ended_by_operator(rated.now))
    assert survey_of(rated).outcome is SurveyOutcome.interrupted


def test_it_expires_when_set() -> None:
    rated = in_survey(designed(timeout=timedelta(minutes=5), late_within=0))
    rated.passes(minutes=4, seconds=59)
    assert rated.status is Status.survey
    rated.passes(seconds=1)
    assert survey_of(rated).outcome is SurveyOutcome.ignored
    assert rated.core.next_deadline is None


def test_the_agent_cannot_write_while_it_runs() -> None:
    held = answered(designed())
    held.closes(ANN)
    with pytest.raises(Exception, match="being asked to rate"):
        held.replies(ANN)
