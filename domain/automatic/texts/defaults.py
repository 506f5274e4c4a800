"""The product's own texts: what is sent where an account has set nothing."""

from domain.automatic.catalogue import CATALOGUE
from domain.automatic.kinds import Automatic
from domain.automatic.texts import de, en, es, fr, it, pt
from domain.automatic.texts.pieces import Question, TextSet, Units
from domain.languages import nearest
from domain.survey.scales import ONE_TO_FIVE, Scale
from domain.text import limits

SETS: dict[str, TextSet] = {
    "en": en.SET,
    "de": de.SET,
    "fr": fr.SET,
    "es": es.SET,
    "pt": pt.SET,
    "it": it.SET,
}

NO_BRACES = str.maketrans("{}", "()")
"""A label must not read as a placeholder."""


def starting_texts(language: str, scale: Scale | None = None) -> dict[Automatic, str]:
    """Return the texts of all events, also of those that are off, in the nearest language."""
    ours = SETS[nearest(language)]
    question = survey_question(language, scale)
    asked = {Automatic.survey_question: question.ask, Automatic.survey_retry: question.retry}
    return ours.texts | asked


def default_texts(language: str, scale: Scale | None = None) -> dict[Automatic, str]:
    """Return the texts that are sent where nothing is set, in the nearest language."""
    every = starting_texts(language, scale)
    return {event: text for event, text in every.items() if CATALOGUE[event].is_on}


def survey_question(language: str, scale: Scale | None = None) -> Question:
    """Return question and retry for a scale, 1 to 5 where there is none.

    A scale of the account's own is asked for by its labels: all of them where the question then
    has at most 256 characters, else its ends.
    """
    ours = SETS[nearest(language)]
    name = scale.name if scale else ONE_TO_FIVE
    if scale is None or name in ours.questions:
        return ours.questions[name]
    labels = [step.label.translate(NO_BRACES) for step in scale.steps]
    return Question(_listing(ours.own_scale.ask, labels), _listing(ours.own_scale.retry, labels))


def units(language: str) -> Units:
    """Return the words of durations in the nearest language."""
    return SETS[nearest(language)].units


def _listing(template: str, labels: list[str]) -> str:
    whole = template.replace("{labels}", ", ".join(labels))
    if limits.units(whole) <= limits.SURVEY_QUESTION:
        return whole
    ends = template.replace("{labels}", f"{labels[0]} ... {labels[-1]}")
    return limits.cut_to_units(ends, limits.SURVEY_QUESTION)
