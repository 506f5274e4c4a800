"""Parts of a text that rate: a number, stars, a grade in words, an emoji, or a scale's own word."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from domain.survey.kinds import Grade
from domain.survey.phrases import Words, is_word, lead_at, looked_up, phrase_at, said
from domain.survey.scales import Scale, ScaleStep
from domain.survey.tokens import Kind, Token, spoken, tokens_of
from domain.survey.vocabulary import figures, grades


class By(StrEnum):
    number = "number"
    grade = "grade"
    yes_or_no = "yes_or_no"
    symbol = "symbol"


@dataclass(frozen=True)
class Answer:
    """A part of a text that rates, ending before `end`. `score`: None if the scale lacks the step.

    `position`: from the worst (0) to the best (1) answer of any scale.
    """

    by: By
    score: int | None
    position: float
    end: int
    is_marked: bool = False
    """Whether it can only be a rating: `5 stars`, `I'd give it a 5`, `5/5`."""
    is_own: bool = False
    """Whether it is a word or an emoji of the scale itself."""


def answer_at(words: Words, start: int, scale: Scale) -> Answer | None:
    """Return the longest answer that begins at `start`, or None."""
    readers = (_own_at, _number_phrase_at, _stars_at, _grade_phrase_at, _symbols_at)
    found = [reader(words, start, scale) for reader in readers]
    return max((one for one in found if one), key=_reach, default=None)


def _reach(answer: Answer) -> tuple[int, bool]:
    return answer.end, answer.score is not None


def own_words(scale: Scale) -> Mapping[str, ScaleStep]:
    """Return a scale's labels and words in the form they are compared in, without plain digits."""
    return _own_words(scale)


@lru_cache(maxsize=100)
def _own_words(scale: Scale) -> dict[str, ScaleStep]:
    words = {
        _compared(tokens_of(word)): step
        for step in scale.steps
        for word in (step.label, *step.words)
    }
    return {word: step for word, step in words.items() if word and not word.isdecimal()}


def _compared(tokens: list[Token]) -> str:
    if all(token.kind is Kind.symbol for token in tokens):
        return "".join(token.text for token in tokens)
    return spoken(tokens)


def step_with(grade: Grade, scale: Scale) -> ScaleStep | None:
    return next((step for step in scale.steps if grade in step.grades), None)


def _own_at(words: Words, start: int, scale: Scale) -> Answer | None:
    found = looked_up(words, start, own_words(scale))
    if found is None:
        return None
    step, end = found
    return Answer(By.grade, step.value, _position(step.value, scale), end, is_own=True)


# Numbers


def _number_phrase_at(words: Words, start: int, scale: Scale) -> Answer | None:
    for end in lead_at(words, start):
        is_paused = end < len(words) and words[end].text == ","
        answer = number_at(words, end + is_paused, scale)
        if answer:
            led = {word.text for word in words[start:end]}
            marked = answer.is_marked or not figures.BARE_LEADS.issuperset(led)
            return Answer(By.number, answer.score, answer.position, answer.end, marked)
    return number_at(words, start, scale)


def number_at(words: Words, start: int, scale: Scale) -> Answer | None:
    """Return the number at `start` with the words that belong to it: `4 out of 5`, `4 stars`."""
    value = _value(words, start)
    if value is None:
        return None
    end, base = _out_of(words, start + 1)
    if base is not None and base not in (*figures.BASES, scale.highest):
        return None
    score, position = _scored(value, base, scale)
    after = end
    if is_word(words, end, figures.STARS_AND_POINTS):
        after = end + 1
    elif end < len(words) and words[end].kind is Kind.stars:
        after = end + 1
        if words[end].value not in (1, value):
            score = None
    return Answer(By.number, score, position, after, is_marked=after > start + 1)


def _scored(value: int, base: int | None, scale: Scale) -> tuple[int | None, float]:
    """Return the score a number means, and its position; `8 out of 10` counts by proportion."""
    if base is not None and base != scale.highest and base:
        whole, rest = divmod(value * scale.highest, base)
        value = whole if not rest and value <= base else -1
    score = value if value in scale.values else None
    return score, _position(value, scale)


def _position(value: int, scale: Scale) -> float:
    lowest, highest = scale.values[0], scale.highest
    return (value - lowest) / (highest - lowest)


def _value(words: Words, index: int) -> int | None:
    if index >= len(words):
        return None
    token = words[index]
    if token.kind is Kind.number:
        return token.value
    if token.text in figures.ARTICLES:
        return 1 if is_word(words, index + 1, figures.STARS) else None
    return figures.NUMBERS.get(token.text) if token.kind is Kind.word else None


def _out_of(words: Words, start: int) -> tuple[int, int | None]:
    """Return where an `out of 5` beginning at `start` ends, and its 5."""
    end = phrase_at(words, start, figures.OUT_OF)
    base = None if end is None else _value(words, end)
    return (start, None) if end is None or base is None else (end + 1, base)


def _stars_at(words: Words, start: int, scale: Scale) -> Answer | None:
    token = words[start] if start < len(words) else None
    if token is None or token.kind is not Kind.stars or not token.value:
        return None
    if token.text == "*" and token.value < 2:
        return None
    score = token.value if scale.counts_stars and token.value in scale.values else None
    position = _position(token.value, scale) if scale.counts_stars else 1.0
    return Answer(By.number, score, position, start + 1, is_marked=True)


# Grades


def _grade_phrase_at(words: Words, start: int, scale: Scale) -> Answer | None:
    opening = phrase_at(words, start, grades.SUBJECTS)
    opened = _opened_grade(words, start, opening) if opening else None
    both = [one for one in (opened, grade_at(words, start)) if one]
    if not both:
        return None
    grade, end = max(both, key=lambda one: one[1])
    step = step_with(grade, scale)
    score, position = step.value if step else None, grades.POSITIONS[grade]
    if grade not in grades.YES_OR_NO:
        return Answer(By.grade, score, position, _with_nouns(words, end))
    return None if step is None or opened else Answer(By.yes_or_no, score, position, end)


def _opened_grade(words: Words, start: int, opening: int) -> tuple[Grade, int] | None:
    """Return the grade behind an opening such as `it was`."""
    found = grade_at(words, opening) or looked_up(words, opening, grades.ONLY_AFTER_AN_OPENING)
    is_negated = said(words[start:opening]) in grades.NEGATED_OPENINGS
    return (_opposite(found[0]), found[1]) if found and is_negated else found


def grade_at(words: Words, start: int) -> tuple[Grade, int] | None:
    """Return the longest grade in words that begins at `start`, and where it ends."""
    found = [looked_up(words, start, grades.PHRASES), _built_at(words, start)]
    return max((one for one in found if one), key=lambda one: one[1], default=None)


def _built_at(words: Words, start: int) -> tuple[Grade, int] | None:
    """Return a grade composed of several words, as in `not very good at all`."""
    index, is_negated, is_none = start, False, False
    if end := phrase_at(words, index, grades.AT_ALL_BEFORE):
        index, is_none = end, True
    elif is_word(words, index, grades.NOT):
        index, is_negated = index + 1, True
    degree = 0
    while is_word(words, index, grades.VERY) or is_word(words, index, grades.QUITE):
        degree = max(degree, 1) if words[index].text in grades.QUITE else 2
        index += 1
    word = words[index].text if index < len(words) and words[index].kind is Kind.word else ""
    grade = grades.WORDS.get(word)
    if grade is None and degree:
        index, degree = index - 1, 0
        grade = grades.WORDS.get(words[index].text)
    if grade is None:
        return None
    index += 1
    if (is_negated or is_none) and (end := phrase_at(words, index, grades.AT_ALL_AFTER)):
        index, is_none = end, True
    if is_none:
        return (Grade.good if grade in (Grade.bad, Grade.terrible) else Grade.terrible), index
    return _opposite(grade) if is_negated else _stronger(grade, degree), index


def _stronger(grade: Grade, degree: int) -> Grade:
    strong = {Grade.good: Grade.excellent, Grade.bad: Grade.terrible}
    return strong.get(grade, grade) if degree == 2 else grade


def _opposite(grade: Grade) -> Grade:
    """Return a grade after `not`: `not bad` is fair, and `not good` is bad."""
    return Grade.fair if grade in (Grade.bad, Grade.terrible) else Grade.bad


def _with_nouns(words: Words, end: int) -> int:
    """Return where a grade ends, including the noun it grades: `great service`."""
    start = phrase_at(words, end, grades.LINKS) or end
    index = start
    while is_word(words, index, grades.NOUNS):
        index += 1
    return index if index > start else end


# Emoji


def _symbols_at(words: Words, start: int, scale: Scale) -> Answer | None:
    if start >= len(words) or words[start].kind is not Kind.symbol:
        return None
    row = _row(words, start, _longest_row(scale) + 1)
    whole = own_words(scale).get(row)
    if whole:
        end = start + len(row)
        return Answer(By.symbol, whole.value, _position(whole.value, scale), end, is_own=True)
    first = _symbol(words[start].text, scale)
    if first is None:
        return None
    same = start + 1
    while same < len(words) and words[same] == words[start]:
        same += 1
    return Answer(By.symbol, first.score, first.position, same, is_own=first.is_own)


def _row(words: Words, start: int, most: int) -> str:
    """Return the emoji in a row from `start` on, at most `most` of them."""
    end = start
    while end < min(len(words), start + most) and words[end].kind is Kind.symbol:
        end += 1
    return "".join(token.text for token in words[start:end])


@lru_cache(maxsize=100)
def _longest_row(scale: Scale) -> int:
    """Return the length of the scale's longest word that consists of emoji only."""
    words = (tokens_of(word) for step in scale.steps for word in (step.label, *step.words))
    rows = [len(word) for word in words if all(token.kind is Kind.symbol for token in word)]
    return max(rows, default=0)


def _symbol(symbol: str, scale: Scale) -> Answer | None:
    own = own_words(scale).get(symbol)
    if own:
        return Answer(By.symbol, own.value, _position(own.value, scale), 0, is_own=True)
    grade = grades.SYMBOLS.get(symbol)
    if grade is None:
        return None
    step = step_with(grade, scale)
    return Answer(By.symbol, step.value if step else None, grades.POSITIONS[grade], 0)
