"""Reading answers as it was before scales: for conversations whose settings were read then.

Their next step must be what it was when they opened, whatever is learnt since.
"""

import unicodedata

from domain.folding import fold
from domain.survey.rating import Rating

WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
QUESTION_MARKS = "?？؟"
REQUEST_WORDS = 3
"""A text of so many words is read by a person, not only by the survey."""


def read_rating(text: str, lowest: int, highest: int) -> Rating | None:
    """Return the rating in a consumer's text, or None when it is not an answer.

    The number stands first ("4", "4!", "four stars", "4 but slow") or ends a short sentence
    ("I give it a 5"); two different numbers are no answer ("5 no 4"), "4/5" and "4 out of 5" are.
    """
    words = fold(text.replace("/", " of ")).split()
    scores = [(place, _number(word)) for place, word in enumerate(words)]
    numbers = _without_scale(words, [(p, n) for p, n in scores if n is not None], highest)
    if len({number for _, number in numbers}) != 1:
        return None
    place, number = numbers[0]
    if not lowest <= number <= highest or not (place == 0 or _ends_short(words, place)):
        return None
    return Rating(number, text.strip() if len(words) > 1 else None)


def reads_as_request(text: str) -> bool:
    """Say whether a text that was no answer should reach a person as a new request."""
    return any(mark in text for mark in QUESTION_MARKS) or len(fold(text).split()) >= REQUEST_WORDS


def _number(word: str) -> int | None:
    if word in WORDS:
        return WORDS[word]
    if not word or not all(unicodedata.digit(character, None) is not None for character in word):
        return None
    return int("".join(str(unicodedata.digit(character)) for character in word[:6]))


def _without_scale(
    words: list[str], numbers: list[tuple[int, int]], highest: int
) -> list[tuple[int, int]]:
    """Drop the scale's own end from "4/5", "4 of 5" and "4 out of 5"."""
    if len(numbers) != 2 or numbers[1][1] != highest:
        return numbers
    between = words[numbers[0][0] + 1 : numbers[1][0]]
    return numbers[:1] if between in (["of"], ["out", "of"]) else numbers


def _ends_short(words: list[str], place: int) -> bool:
    return place == len(words) - 1 and len(words) <= 6
