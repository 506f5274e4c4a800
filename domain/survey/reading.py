"""Reading the answer to the closing question out of free text, on any scale.

A number comes before a word, a word before an emoji. The answer stands first ("4", "4 but slow",
"great, thanks", "👍") or ends a short sentence ("I give it a 5"). Two that disagree are none
("5 no 4"), and a number that counts something rates nothing ("2 weeks ago I ordered").
"""

from domain.scales import Scale, numbers
from domain.state import SurveyPolicy
from domain.survey import recorded, vocabulary
from domain.survey.numbers import numbers_in, score_in
from domain.survey.phrases import configured, phrase_in, symbol_in
from domain.survey.rating import Rating
from domain.survey.tokens import Token, asks, tokens_of

REQUEST_WORDS = 3
"""A text of so many words is read by a person, not only by the survey."""


def scale_of(policy: SurveyPolicy) -> Scale:
    """Return the scale of a survey, also of one whose settings were read before scales."""
    return policy.scale or numbers(policy.lowest, policy.highest)


def read_answer(text: str, policy: SurveyPolicy) -> Rating | None:
    """Return the rating in a consumer's text, or None when it is not an answer."""
    if policy.scale is None:
        return recorded.read_rating(text, policy.lowest, policy.highest)
    return read_on(text, policy.scale)


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


def is_request(text: str, policy: SurveyPolicy) -> bool:
    """Say whether a text that was no answer is plainly meant for a person: a new request."""
    if policy.scale is None:
        return recorded.reads_as_request(text)
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
