"""A whole survey as a consumer's phone shows it, and how what they answer is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from api.web.admin.phones import Bubble
from api.web.admin.samples import sample
from domain.scales import Scale
from domain.survey import reading
from domain.survey.design import SurveyDesign, policy_of
from domain.survey.follow_ups import TEXTS
from domain.words import Automatic, FollowUp, Interruption, Meaning

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
    return policy_of(design).scale.steps[-1].label


def read(design: SurveyDesign, answer: str) -> Reading:
    """Return how a text right after the question is read."""
    scale = policy_of(design).scale
    found = reading.read(answer, scale)
    if found.score is None:
        return _not_read(design, answer, found.meaning)
    is_satisfied = scale.is_satisfied(found.score)
    return Reading(answer, _label(scale, found.score), is_satisfied, found.comment)


def _not_read(design: SurveyDesign, answer: str, meaning: Meaning) -> Reading:
    may_end = design.interruption is Interruption.at_once or design.questions == 1
    if may_end and meaning is Meaning.request:
        return Reading(answer, otherwise="It ends the survey and opens the next conversation.")
    if design.questions == 1:
        return Reading(answer, otherwise="The survey ends without a rating.")
    again = f"The question is asked again, up to {design.questions} times in all."
    return Reading(answer, otherwise=again, is_asked_again=True)


def exchange(design: SurveyDesign, first: Reading, say: Say, language: str) -> list[Bubble]:
    """Return the texts of both sides; none when nobody is asked."""
    if not design.enabled or not say(Automatic.survey_question):
        return []
    texts = [
        Bubble(say(Automatic.survey_question)),
        Bubble(first.answer, is_ours=False),
        *_rest(design, first, say, language),
    ]
    return [bubble for bubble in texts if bubble.text]


def _rest(design: SurveyDesign, first: Reading, say: Say, language: str) -> Iterator[Bubble]:
    if first.is_asked_again:
        yield Bubble(say(Automatic.survey_retry))
        yield Bubble(best_answer(design), is_ours=False)
    elif first.label is None:
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
