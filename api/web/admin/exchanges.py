"""A whole survey as a consumer's phone shows it, and how what they answer is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.web.admin.phones import Bubble
from api.web.admin.samples import sample
from domain.scales import Scale
from domain.survey.design import SurveyDesign, policy_of
from domain.survey.follow_ups import TEXTS
from domain.survey.reading import is_request, read_on, scale_of
from domain.words import Automatic, FollowUp, Interruption

RECOMMENDED = "9"

Say = Callable[[Automatic], str]
"""Gives an event's text as it is sent; empty where it is off."""


@dataclass(frozen=True)
class Reading:
    """How a text is read as an answer; `otherwise` says what follows when it is none."""

    answer: str
    label: str | None = None
    is_satisfied: bool = False
    comment: str | None = None
    otherwise: str = ""
    is_asked_again: bool = False


def best_answer(design: SurveyDesign) -> str:
    """Return what a satisfied consumer answers."""
    return scale_of(policy_of(design)).steps[-1].label


def read(design: SurveyDesign, answer: str) -> Reading:
    """Return how a text right after the question is read."""
    scale = scale_of(policy_of(design))
    rating = read_on(answer, scale)
    if rating is None:
        return _not_read(design, answer)
    is_satisfied = scale.is_satisfied(rating.score)
    return Reading(answer, _label(scale, rating.score), is_satisfied, rating.comment)


def _not_read(design: SurveyDesign, answer: str) -> Reading:
    may_end = design.interruption is Interruption.at_once or design.questions == 1
    if may_end and is_request(answer, policy_of(design)):
        return Reading(answer, otherwise="It ends the survey and opens the next conversation.")
    if design.questions == 1:
        return Reading(answer, otherwise="The survey ends without a rating.")
    again = f"The question is asked again, up to {design.questions} times in all."
    return Reading(answer, otherwise=again, is_asked_again=True)


def exchange(design: SurveyDesign, reading: Reading, say: Say, language: str) -> list[Bubble]:
    """Return the texts of both sides; none when nobody is asked."""
    if not design.enabled or not say(Automatic.survey_question):
        return []
    texts = [
        Bubble(say(Automatic.survey_question)),
        Bubble(reading.answer, is_ours=False),
        *_rest(design, reading, say, language),
    ]
    return [bubble for bubble in texts if bubble.text]


def _rest(design: SurveyDesign, reading: Reading, say: Say, language: str) -> Iterator[Bubble]:
    if reading.is_asked_again:
        yield Bubble(say(Automatic.survey_retry))
        yield Bubble(best_answer(design), is_ours=False)
    elif reading.label is None:
        return
    for question in design.follow_ups:
        if say(TEXTS[question]):
            yield Bubble(say(TEXTS[question]))
            yield Bubble(_follow_up(question, language), is_ours=False)
    yield Bubble(say(Automatic.survey_thanks))


def _follow_up(question: FollowUp, language: str) -> str:
    match question:
        case FollowUp.resolved:
            return sample(language).yes
        case FollowUp.recommend:
            return RECOMMENDED
        case FollowUp.comment:
            return sample(language).comment


def _label(scale: Scale, score: int) -> str:
    return next(step.label for step in scale.steps if step.value == score)
