"""Checks of an account's own scale: every answer must mean exactly one step."""

from collections.abc import Iterable, Iterator

from domain.consent.keywords import keyword_in
from domain.survey.scales import READY, Scale, ScaleStep
from domain.survey.symbols import symbols_in
from domain.survey.vocabulary.figures import NUMBERS
from domain.text.folding import fold

STEPS = 11
"""Ours: as many as 0 to 10 has."""
HIGHEST = 100
"""Ours: a percentage."""
LENGTH = 40
"""Characters of a name, a label or a word. Ours: what pages show on one line."""
WORDS = 30
"""Words of one step. Ours: a few for each of several languages."""


def check_scale(scale: Scale) -> None:
    """Raise `ValueError`, with a sentence for a person, if answers cannot be read on a scale."""
    if "\0" in "".join(_texts(scale)):
        raise ValueError("A scale may not contain the character NUL.")
    if not 0 < len(scale.name.strip()) <= LENGTH:
        raise ValueError(f"A scale needs a name of up to {LENGTH} characters.")
    if scale.name in READY and scale != READY[scale.name]:
        raise ValueError(f"{scale.name!r} is the name of a ready scale; choose another.")
    _check_values(scale)
    for step in scale.steps:
        _check_labels(step)
        _check_words(step, scale)
    _check_unambiguous(scale)


def _texts(scale: Scale) -> Iterator[str]:
    yield scale.name
    for step in scale.steps:
        yield from (step.label, *step.words)


def _check_values(scale: Scale) -> None:
    values = scale.values
    if len(values) < 2:
        raise ValueError("A scale needs at least two steps.")
    if len(values) > STEPS:
        raise ValueError(f"A scale can have at most {STEPS} steps.")
    if not all(0 <= value <= HIGHEST for value in values):
        raise ValueError(f"The values of a scale are numbers from 0 to {HIGHEST}.")
    if len(set(values)) != len(values):
        raise ValueError("Two steps of the scale have the same value.")
    if list(values) != sorted(values):
        raise ValueError("List the steps of a scale from the worst to the best.")
    if not values[0] < scale.satisfied_from <= values[-1]:
        raise ValueError(
            "`satisfied_from` must be above the lowest value and not above the highest."
        )


def _check_labels(step: ScaleStep) -> None:
    if not step.label.strip():
        raise ValueError(f"The step {step.value} needs a label.")
    if len(step.label) > LENGTH:
        raise ValueError(f"A label can have at most {LENGTH} characters.")


def _check_words(step: ScaleStep, scale: Scale) -> None:
    if len(step.words) > WORDS:
        raise ValueError(f"A step can have at most {WORDS} words.")
    for word in (step.label, *step.words):
        meaning = spelled(word)
        if not meaning or len(word) > LENGTH:
            raise ValueError(
                f"A word of a scale needs letters, digits or emoji, at most {LENGTH} characters; "
                f"{word[:LENGTH]!r} cannot be one."
            )
        if keyword_in(word, is_opted_out=False):
            raise ValueError(f"{word!r} is a keyword, such as STOP, and cannot be a rating.")
        number = _number(meaning)
        if number in scale.values and number != step.value:
            raise ValueError(f"{word!r} means the step {number}, not the step {step.value}.")


def _check_unambiguous(scale: Scale) -> None:
    taken: dict[str, int] = {}
    for step in scale.steps:
        _check_each_once(step.words)
        for word in (step.label, *step.words):
            if taken.setdefault(spelled(word), step.value) != step.value:
                raise ValueError(f"{word!r} means two steps of the scale.")
    grades = [grade for step in scale.steps for grade in step.grades]
    if len(set(grades)) != len(grades):
        raise ValueError("A grade means two steps of the scale.")


def _check_each_once(words: Iterable[str]) -> None:
    seen: set[str] = set()
    for word in words:
        if spelled(word) in seen:
            raise ValueError(f"{word!r} is listed twice for one step of the scale.")
        seen.add(spelled(word))


def spelled(word: str) -> str:
    """Return a scale's word in the form it is compared in: folded, or its emoji without letters."""
    return fold(word) or "".join(symbols_in(word))


def _number(meaning: str) -> int | None:
    return int(meaning) if meaning.isdecimal() and len(meaning) < 4 else NUMBERS.get(meaning)
