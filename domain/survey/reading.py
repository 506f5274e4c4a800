"""Reading the answer to the closing question out of free text, on any scale.

A number comes before a word, a word before an emoji. The answer stands first ("4", "4 but slow",
"great, thanks", "👍") or ends a short sentence ("I give it a 5"). Two that disagree are none
("5 no 4"), and a number that counts something rates nothing ("2 weeks ago I ordered").
"""

from dataclasses import dataclass

from domain.scales import Scale
from domain.survey import vocabulary
from domain.survey.numbers import numbers_in, score_in
from domain.survey.phrases import configured, phrase_in, symbol_in
from domain.survey.rating import Rating
from domain.survey.tokens import Token, asks, tokens_of
from domain.words import Meaning

REQUEST_WORDS = 3
"""A text of so many words is read by a person, not only by the survey."""


@dataclass(frozen=True)
class Reading:
    """What a text is as an answer. `has_request`: besides, there is something for a person."""

    meaning: Meaning
    score: int | None = None
    comment: str | None = None
    has_request: bool = False


ACKNOWLEDGEMENTS = frozenset(
    {"ok thanks", "ok thank you", "thanks", "thank you", "ok", "okay"} | vocabulary.GREETINGS
)


WANTED = frozenset(["my", "please", "need", "call", "refund", "address", "order", "parcel"])


def read(text: str, scale: Scale) -> Reading:
    """Return what a consumer's text is as an answer on a scale."""
    words = tokens_of(text)
    if _said(words) in ACKNOWLEDGEMENTS and not asks(text):
        return Reading(Meaning.acknowledgement)
    rating = read_on(text, scale)
    if rating:
        return Reading(Meaning.rating, rating.score, rating.comment, asks(text))
    if any(number.value in scale.values for number in numbers_in(words, scale.highest)):
        return Reading(Meaning.attempt)
    if is_request(text) and (asks(text) or not WANTED.isdisjoint(word.word for word in words)):
        return Reading(Meaning.request)
    return Reading(Meaning.unclear)


def read_on(text: str, scale: Scale) -> Rating | None:
    """Return the rating in a text on a scale, or None when it is not an answer there."""
    own = configured(text, scale)
    if own and not asks(text):
        return Rating(own.value)
    words = tokens_of(text)
    if _said(words) in vocabulary.NO_ANSWERS:
        return None
    found = numbers_in(words, scale.highest)
    answer = score_in(text, words, found, scale)
    if answer:
        others = words[: answer.start] + words[answer.end :]
        rest = [word for word in others if word.number != answer.value]
        return Rating(answer.value, _comment(text, rest))
    if any(not number.counts and number.value in scale.values for number in found):
        return None
    return _read_words(text, words, scale)


def is_request(text: str) -> bool:
    """Say whether a text that was no answer is plainly meant for a person: a new request."""
    words = tokens_of(text)
    if not words or _said(words) in vocabulary.GREETINGS | vocabulary.NO_ANSWERS:
        return False
    return asks(text) or len(words) >= REQUEST_WORDS


def _read_words(text: str, words: list[Token], scale: Scale) -> Rating | None:
    phrase = phrase_in(text, words, scale)
    if phrase:
        score, end = phrase
        return Rating(score, _comment(text, words[end:]))
    symbol = symbol_in(text, words, scale)
    return None if symbol is None else Rating(symbol, _comment(text, words))


def _comment(text: str, rest: list[Token]) -> str | None:
    """Return the whole text where it says more than the answer."""
    says_nothing = vocabulary.FILLERS | vocabulary.PLEASANTRIES
    return None if says_nothing.issuperset(word.word for word in rest) else text.strip()


def _said(words: list[Token]) -> str:
    return " ".join(word.word for word in words)
