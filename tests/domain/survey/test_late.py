"""Behaviour, section 6: a late answer counts, and never opens a conversation."""

from datetime import timedelta

import pytest

from domain.conversation.effects import MediaRef
from domain.conversation.kinds import DeadlineKind, EventKind, Status
from domain.survey.kinds import SurveyOutcome
from tests.domain.scenario import TEN, Scenario, in_survey, with_texts
from tests.domain.survey.asked import designed, lets_go, survey_of, takes

PICTURE = (MediaRef(url="https://m/1", content_type="image/jpeg"),)
DAY = designed(follow_ups=["resolved"])


def expired(wrote: str | None = None) -> Scenario:
    """Return a conversation whose survey got no answer; the hour has just passed."""
    rated = in_survey(with_texts(DAY, survey_expired="Never mind."))
    if wrote:
        rated.texts(wrote)
    rated.passes(hours=1)
    assert (rated.status, rated.said) == (Status.closed, ["survey_expired"])
    return rated


@pytest.mark.parametrize("wrote", [None, "ok thanks"])
def test_an_answer_is_awaited_for_a_day_after_the_end(wrote: str | None) -> None:
    over = expired(wrote)
    until = TEN + timedelta(hours=25)
    assert survey_of(over).outcome is SurveyOutcome.ignored
    assert over.core.awaits_late_answer
    assert over.core.deadlines == {DeadlineKind.late_answers_end: until}
    assert over.core.next_deadline == until
    assert over.state.deadlines == {}


def test_nothing_is_awaited_where_the_next_conversation_opens_instead() -> None:
    over = expired("no")
    assert survey_of(over).outcome is SurveyOutcome.expired
    assert over.core.carries
    assert not over.core.awaits_late_answer


@pytest.mark.parametrize(
    ("text", "media"), [("4 but where is my parcel?", ()), ("5", PICTURE), ("", PICTURE)]
)
def test_a_late_answer_is_a_rating_alone(text: str, media: tuple[MediaRef, ...]) -> None:
    over = expired()
    late = over.incoming(text, media=media)
    assert not over.core.takes(late, over.hears(late))


def test_a_late_answer_counts_and_asks_nothing_more() -> None:
    over = expired()
    over.passes(hours=23, minutes=59)
    over.texts("4 but slow")
    survey = survey_of(over)
    assert (survey.score, survey.comment, survey.is_late) == (4, "4 but slow", True)
    assert (survey.outcome, survey.is_satisfied) == (SurveyOutcome.completed, True)
    assert (survey.answered_at, over.said) == (over.now, ["survey_thanks"])
    assert over.messages[0].text == "4 but slow"
    (event,) = over.events(EventKind.survey_answered)
    assert (event.agent_id, event.data["late"]) == ("ann", True)
    assert [e.data["outcome"] for e in over.events(EventKind.survey_ended)] == [
        "ignored",
        "completed",
    ]
    assert not over.core.awaits_late_answer
    assert (over.status, over.core.next_deadline) == (Status.closed, None)
    assert not takes(over, "5")


@pytest.mark.parametrize("text", ["STOP", "stop", "help", "START", "hello", "5 no 4", "thanks"])
def test_every_other_text_opens_the_next_conversation_and_ends_the_wait(text: str) -> None:
    over = expired()
    lets_go(over, text)
    assert over.step == []
    assert survey_of(over).outcome is SurveyOutcome.ignored
    assert not over.core.awaits_late_answer
    assert not takes(over, "5")


def test_the_wait_ends_without_a_word() -> None:
    over = expired()
    over.passes(hours=24)
    assert (over.step, over.core.awaits_late_answer) == ([], False)
    assert over.core.next_deadline is None
    assert not takes(over, "5")


def test_an_opt_out_learnt_elsewhere_ends_the_wait() -> None:
    over = expired()
    over.does(lambda core: core.consumer_opted_out(over.now))
    assert (over.step, over.core.awaits_late_answer) == ([], False)
    assert not takes(over, "5")


def test_an_operator_ends_the_wait() -> None:
    over = expired()
    over.does(lambda core: core.ended_by_operator(over.now))
    assert (over.step, over.core.awaits_late_answer) == ([], False)


@pytest.mark.parametrize("texts", [["5"], ["no", "no", "no"], ["STOP"]])
def test_a_survey_that_ended_otherwise_awaits_nothing(texts: list[str]) -> None:
    rated = in_survey(designed())
    for text in texts:
        rated.texts(text)
    assert rated.status is Status.closed
    assert not rated.core.awaits_late_answer
    assert not takes(rated, "5")


def test_without_a_time_for_late_answers_none_is_awaited() -> None:
    rated = in_survey(designed(late_within=0))
    rated.passes(hours=1)
    assert not rated.core.awaits_late_answer
    assert not takes(rated, "5")
