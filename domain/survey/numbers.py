"""Reading an answer that is a number, in digits or in words."""

import re
from dataclasses import dataclass

from domain.scales import Scale
from domain.survey import vocabulary
from domain.survey.tokens import NOT_WHOLE, Token

LONG = 25
"""A text of more words is an answer only where it plainly begins with one."""
SHORT = 6
"""So many words may end in the answer: `I give it a 5`."""
LIST = re.compile(r"\s*1\s*[.)].*\s2\s*[.)]", re.DOTALL)
"""Two points of a list: they number what the consumer has to say."""


@dataclass(frozen=True)
class Number:
    """A number in a text, from word `start` up to word `end`; `4 out of 5 stars` is one."""

    value: int
    start: int
    end: int
    counts: bool = False
    """It counts something, as in `2 weeks ago`."""


def numbers_in(words: list[Token], highest: int) -> list[Number]:
    """Return the numbers of a text in order."""
    found: list[Number] = []
    place = 0
    while place < len(words):
        number = _number_at(words, place, highest)
        if number:
            found.append(number)
        place = number.end if number else place + 1
    return found


def score_in(text: str, words: list[Token], numbers: list[Number], scale: Scale) -> Number | None:
    """Return the number that answers, or None: where it stands elsewhere, or two disagree."""
    rated = [number for number in numbers if not number.counts]
    if not rated or rated[0].value not in scale.values or LIST.match(text):
        return None
    answer, others = rated[0], rated[1:]
    if not (_leads(words, answer) or _ends(words, answer)):
        return None
    if answer.end < len(words) and words[answer.end].word == NOT_WHOLE:
        return None
    if any(_contradicts(words, answer, other, scale) for other in others):
        return None
    return answer


def _number_at(words: list[Token], place: int, highest: int) -> Number | None:
    value = _value(words[place])
    if value is None:
        return None
    after, base = _out_of(words, place + 1)
    if base is None and not _is_meant(words, place):
        return None
    if after > place + 1:
        counts, end = base != highest, after
    else:
        counts, end = False, place + 1
    if end < len(words) and words[end].word in vocabulary.STARS_AND_POINTS:
        end += 1
    elif end < len(words) and not words[end - 1].pauses:
        counts = counts or words[end].word in vocabulary.COUNTED
    return Number(value, place, end, counts)


def _value(word: Token) -> int | None:
    digits = word.number
    return vocabulary.NUMBERS.get(word.word) if digits is None else digits


def _is_meant(words: list[Token], place: int) -> bool:
    """Say whether a number word is no article or the like."""
    word = words[place]
    if word.word not in vocabulary.ALSO_SOMETHING_ELSE:
        return True
    if place > 0:
        return False
    followed = words[1].word if len(words) > 1 else ""
    return word.pauses or followed in vocabulary.BUTS | vocabulary.STARS_AND_POINTS


def _out_of(words: list[Token], start: int) -> tuple[int, int | None]:
    """Return where `out of 5` ends that begins at `start`, and its 5; `start` where none does.

    Without a number, as in `2 of them`, it ends as well, and says that something is counted.
    """
    for length in (4, 3, 2, 1):
        end = start + length
        phrase = " ".join(word.word for word in words[start:end])
        if end < len(words) and phrase in vocabulary.OUT_OF:
            base = _value(words[end])
            return (end, None) if base is None else (end + 1, base)
    return start, None


def _leads(words: list[Token], answer: Number) -> bool:
    before = [word.word for word in words[: answer.start]]
    if before and not vocabulary.FILLERS.issuperset(before):
        return False
    return begins_plainly(words, answer.end) or (not before and len(words) <= LONG)


def begins_plainly(words: list[Token], end: int) -> bool:
    """Say whether what ends before word `end` is set off from the rest of the text."""
    is_all = end == len(words)
    return is_all or words[end - 1].pauses or words[end].word in vocabulary.BUTS


def _ends(words: list[Token], answer: Number) -> bool:
    before = {word.word for word in words[: answer.start]}
    is_short = answer.end == len(words) <= SHORT
    return is_short and not before & vocabulary.NO_RATING_BEFORE


def _contradicts(words: list[Token], answer: Number, other: Number, scale: Scale) -> bool:
    if other.value == answer.value:
        return False
    if other.start == answer.end:
        return True
    is_aside = begins_plainly(words, answer.end) and len(words) > LONG
    return other.value in scale.values and not is_aside
