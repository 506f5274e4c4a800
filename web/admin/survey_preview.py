"""A whole survey as a consumer's phone shows it, and how an answer is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.automatic.catalogue import FOLLOW_UPS
from domain.automatic.kinds import Automatic
from domain.survey import reading
from domain.survey.design import SurveyDesign, policy_of
from domain.survey.kinds import FollowUp, Interruption, Meaning
from domain.survey.scales import Scale
from web.admin.phone_preview import Bubble
from web.admin.samples import sample
from web.words import _, n

RECOMMENDED = "9"

Say = Callable[[Automatic], str]
"""Gives an event's text as it is sent; empty where it is off."""


@dataclass(frozen=True)
class Reading:
    """How a text is read as an answer. `otherwise`: what else happens, or happens instead."""

    answer: str
    label: str | None = None
    is_satisfied: bool = False
    comment: str | None = None
    otherwise: str = ""
    is_asked_again: bool = False
    is_unrecognised: bool = False
    ends: bool = False
    """Whether the survey ends with it."""


def best_answer(design: SurveyDesign) -> str:
    """Return what a satisfied consumer answers."""
    return policy_of(design).scale.steps[-1].label


def read(design: SurveyDesign, answer: str) -> Reading:
    """Return how a text that answers the question is read, and what follows."""
    scale = policy_of(design).scale
    found = reading.read(answer, scale)
    meaning = Meaning(found.meaning)
    if meaning is not Meaning.rating or found.score is None:
        return _not_read(design, answer, meaning)
    is_satisfied = scale.is_satisfied(found.score)
    label = _label(scale, found.score)
    if not found.has_request:
        return Reading(answer, label, is_satisfied, found.comment)
    at_once = design.interruption is Interruption.at_once
    besides = _("It counts, and the text opens the next conversation.")
    return Reading(answer, label, is_satisfied, found.comment, besides, ends=at_once)


def _not_read(design: SurveyDesign, answer: str, meaning: Meaning) -> Reading:
    if meaning is Meaning.acknowledgement:
        waits = _(
            "It is neither an answer nor a request: the survey waits, and no question is used up."
        )
        return Reading(answer, otherwise=waits)
    if meaning is Meaning.request and design.interruption is Interruption.at_once:
        ends = _("It ends the survey and opens the next conversation.")
        return Reading(answer, otherwise=ends)
    if design.questions == 1:
        ends = _("The survey ends without a rating, and the text opens the next conversation.")
        return Reading(answer, otherwise=ends, is_unrecognised=True)
    again = n(
        "The question is asked again, up to {n} time in all.",
        "The question is asked again, up to {n} times in all.",
        design.questions,
    )
    after = (
        _("The text is kept as a comment on the rating.")
        if meaning is Meaning.attempt
        else _("When the survey ends, the text opens the next conversation.")
    )
    return Reading(answer, otherwise=f"{again} {after}", is_asked_again=True)


def exchange(design: SurveyDesign, first: Reading, say: Say, language: str) -> list[Bubble]:
    """Return the texts of both sides, none when the survey is off."""
    if not design.enabled or not say(Automatic.survey_question):
        return []
    texts = [
        Bubble(say(Automatic.survey_question)),
        Bubble(first.answer, is_ours=False),
        *_rest(design, first, say, language),
    ]
    return [bubble for bubble in texts if bubble.text]


def _rest(design: SurveyDesign, first: Reading, say: Say, language: str) -> Iterator[Bubble]:
    if first.is_unrecognised:
        yield Bubble(say(Automatic.survey_unrecognised))
    if first.is_asked_again:
        yield Bubble(say(Automatic.survey_retry))
        yield Bubble(best_answer(design), is_ours=False)
    elif first.label is None:
        return
    for question in () if first.ends else design.follow_ups:
        if say(FOLLOW_UPS[question]):
            yield Bubble(say(FOLLOW_UPS[question]))
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
