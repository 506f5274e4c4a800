"""Behaviour, section 6: the questions after the rating, each once or twice, in their order."""

import pytest

from domain.conversation.kinds import EventKind, Status
from domain.conversation.state import FollowUpAnswer
from domain.policy.policy import Policy
from domain.survey.kinds import FollowUp, SurveyOutcome
from tests.domain.scenario import TEN, Scenario, in_survey, with_texts
from tests.domain.survey.asked import designed, lets_go, survey_of, takes

EVERY = designed(follow_ups=["resolved", "recommend", "comment"])
AT_ONCE = designed(follow_ups=["resolved", "comment"])
LATER = designed(follow_ups=["resolved"], interruption="after_last_retry")


def rated(policy: Policy = EVERY) -> Scenario:
    """Return a conversation that was rated with a 4, and is asked more."""
    asked = in_survey(policy)
    asked.texts("4")
    return asked


def test_every_question_is_asked_in_turn_and_thanks_come_last() -> None:
    asked = rated()
    assert (asked.said, asked.status) == (["survey_resolved"], Status.survey)
    said = []
    for text in ("Yes, thanks", "9", "More people on Mondays"):
        asked.texts(text)
        said += asked.said
    assert said == ["survey_recommend", "survey_comment", "survey_thanks"]
    survey = survey_of(asked)
    assert survey.answers == [
        FollowUpAnswer(question=FollowUp.resolved, value=1),
        FollowUpAnswer(question=FollowUp.recommend, value=9),
        FollowUpAnswer(question=FollowUp.comment, text="More people on Mondays"),
    ]
    assert (survey.score, survey.comment) == (4, "More people on Mondays")
    assert (survey.outcome, asked.status) == (SurveyOutcome.completed, Status.closed)


def test_events_tell_values_and_never_texts() -> None:
    asked = rated()
    for text in ("no, still broken", "0", "More people on Mondays"):
        asked.texts(text)
    events = asked.events(EventKind.survey_followed_up)
    assert [event.data for event in events] == [
        {"question": "resolved", "value": 0},
        {"question": "recommend", "value": 0},
        {"question": "comment", "value": None},
    ]
    asked_events = [event.data for event in asked.events(EventKind.survey_asked)]
    assert asked_events[1:] == [
        {"times": 1, "question": question} for question in ("resolved", "recommend", "comment")
    ]


def test_the_score_is_told_before_the_rest_is_asked() -> None:
    assert [e.data["score"] for e in rated().events(EventKind.survey_answered)] == [4]


def test_a_question_whose_text_is_off_is_left_out() -> None:
    asked = rated(with_texts(EVERY, survey_resolved="", survey_comment=""))
    assert asked.said == ["survey_recommend"]
    asked.texts("10")
    assert (asked.said, asked.status) == (["survey_thanks"], Status.closed)


def test_without_any_text_the_rating_is_all() -> None:
    asked = rated(with_texts(EVERY, survey_resolved="", survey_recommend="", survey_comment=""))
    assert (asked.said, asked.status) == (["survey_thanks"], Status.closed)


def test_a_comment_beside_the_rating_is_the_comment() -> None:
    asked = in_survey(EVERY)
    asked.texts("4 but slow")
    asked.texts("yes")
    asked.texts("7")
    assert (asked.said, asked.status) == (["survey_thanks"], Status.closed)
    assert survey_of(asked).comment == "4 but slow"


def test_what_is_no_answer_is_asked_once_more_and_then_left() -> None:
    asked = rated()
    asked.texts("hm")
    assert asked.said == ["survey_resolved"]
    asked.texts("hm")
    assert asked.said == ["survey_recommend"]
    asked.texts("eleven")
    asked.texts("7")
    assert asked.said == ["survey_comment"]
    assert [answer.question for answer in survey_of(asked).answers] == [FollowUp.recommend]
    assert survey_of(asked).asked == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("ja", 1), ("oui, merci", 1), ("Sí", 1), ("sim", 1), ("👍🏿", 1), ("yes it is", 1)),
        *(("nein", 0), ("non", 0), ("não", 0), ("noch nicht", 0), ("👎", 0), ("not really", 0)),
    ],
)
def test_yes_and_no_are_read_in_six_languages(text: str, value: int) -> None:
    asked = rated()
    asked.texts(text)
    assert survey_of(asked).answers[0].value == value


def test_silence_in_between_leaves_the_survey_completed_and_says_nothing() -> None:
    asked = rated(with_texts(EVERY, survey_expired="Never mind."))
    asked.passes(minutes=50)
    asked.texts("yes")
    asked.passes(minutes=59)
    assert asked.status is Status.survey
    asked.passes(minutes=1)
    assert (asked.status, asked.said) == (Status.closed, [])
    assert survey_of(asked).outcome is SurveyOutcome.completed
    assert not asked.core.awaits_late_answer


def test_stop_in_between_keeps_the_score() -> None:
    asked = rated()
    asked.texts("STOP")
    assert (asked.said, asked.status) == (["opted_out"], Status.closed)
    assert survey_of(asked).outcome is SurveyOutcome.completed


def test_a_new_request_in_between_opens_the_next_conversation() -> None:
    asked = rated(AT_ONCE)
    lets_go(asked, "my parcel is broken")
    assert (asked.said, asked.status) == ([], Status.closed)
    assert survey_of(asked).outcome is SurveyOutcome.completed


def test_only_after_the_question_was_asked_twice_where_that_is_set() -> None:
    asked = rated(LATER)
    asked.texts("my parcel is broken")
    assert asked.said == ["survey_resolved"]
    lets_go(asked, "my parcel is broken")
    assert survey_of(asked).outcome is SurveyOutcome.completed


@pytest.mark.parametrize("policy", [EVERY, AT_ONCE])
def test_a_comment_may_be_long_but_a_question_reaches_a_person(policy: Policy) -> None:
    asked = rated(policy)
    asked.texts("yes")
    if policy is EVERY:
        asked.texts("10")
    assert asked.said == ["survey_comment"]
    assert takes(asked, "you were slow but kind and it works now")
    lets_go(asked, "when do you open on Monday?")
    assert survey_of(asked).outcome is SurveyOutcome.completed


def test_help_in_between_moves_nothing() -> None:
    asked = rated()
    before = survey_of(asked).model_copy(deep=True)
    asked.texts("help")
    assert (asked.said, survey_of(asked)) == (["help"], before)
    assert asked.core.next_deadline is not None
    assert asked.core.next_deadline > TEN
