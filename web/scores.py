"""Ratings as pages show them: in words, and in stars on the scale from 1 to 5."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.schemas.surveys import FollowUpOut, SurveyOut
from domain.survey.kinds import FollowUp
from domain.survey.scales import ONE_TO_FIVE, READY, Scale
from web.words import Words, _

YES_OR_NO = Words({0: "no", 1: "yes"})
QUESTIONS = Words(
    {
        FollowUp.resolved: "Resolved",
        FollowUp.recommend: "Would recommend us",
        FollowUp.comment: "Comment",
    }
)


@dataclass(frozen=True)
class Score:
    """A rating in words, such as `Rated 4 of 5`. `stars`: out of five, None on other scales."""

    words: str
    stars: int | None
    is_satisfied: bool
    is_late: bool = False


def score(
    value: int, scale_name: str | None, scales: Mapping[str, Scale], *, is_late: bool = False
) -> Score:
    """Return a rating in words. For a scale that no longer exists it is the bare number."""
    name = scale_name or ONE_TO_FIVE
    scale = scales.get(name) or READY.get(name)
    if scale is None:
        return Score(_("Rated {value}", value=value), None, is_satisfied=False, is_late=is_late)
    return Score(
        words=_("Rated {value}", value=_label(value, scale)),
        stars=value if name == ONE_TO_FIVE else None,
        is_satisfied=scale.is_satisfied(value),
        is_late=is_late,
    )


def of_survey(survey: SurveyOut | None, scales: Mapping[str, Scale]) -> Score | None:
    """Return the rating of a conversation, None without one."""
    if survey is None or survey.score is None:
        return None
    return score(survey.score, survey.scale, scales, is_late=survey.is_late)


def answers(survey: SurveyOut) -> list[tuple[str, str]]:
    """Return the answers to the questions after the rating, each with its question."""
    return [(QUESTIONS[one.question], _answer_words(one)) for one in survey.answers]


def follow_up(answer: FollowUpOut) -> str:
    """Return one such answer in words: `Resolved: yes`."""
    answered = _answer_words(answer)
    question = QUESTIONS[answer.question]
    return _("{question}: {answer}", question=question, answer=answered) if answered else question


def _answer_words(answer: FollowUpOut) -> str:
    if answer.value is None:
        return answer.text or ""
    if answer.question is FollowUp.resolved:
        return YES_OR_NO[answer.value]
    return _("{value} of {highest}", value=answer.value, highest=10)


def _label(value: int, scale: Scale) -> str:
    label = next((step.label for step in scale.steps if step.value == value), str(value))
    if label != str(value):
        return label
    return _("{value} of {highest}", value=label, highest=scale.highest)
