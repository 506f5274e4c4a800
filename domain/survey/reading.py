"""Reads the answer to a survey question from free text, on any scale.

A text is a rating only if the whole of it is one (`domain.survey.grammar`, docs/behaviour.md).
Other texts are classed by whether a person should see them.
"""

from dataclasses import dataclass
from itertools import pairwise

from domain.survey.answers import grade_at, own_words, step_with
from domain.survey.comments import asks
from domain.survey.grammar import rating_in
from domain.survey.kinds import Meaning
from domain.survey.manners import GOOD, acknowledges
from domain.survey.phrases import Words, any_phrase, is_word, phrase_at
from domain.survey.reserves import holds_back
from domain.survey.scales import Scale
from domain.survey.tokens import LONG, NEAR, UNREAD, Kind, Token, spoken, tokens_of
from domain.survey.vocabulary import figures, grades, manners, remarks

_NUMBERS = figures.NUMBERS.keys() - figures.ALSO_SOMETHING_ELSE
_BETWEEN = (
    remarks.ALTERNATIVES
    | figures.STARS_AND_POINTS
    | (figures.COUNTED_APART - {"quarter"})
    | (remarks.OPINIONS - remarks.PLEAS - remarks.WISHES)
    | remarks.CONTRASTS
    | grades.VERY
    | (figures.NUMBERS.keys() - figures.SOUNDS)
    | {"/"}
)
"""Words between numbers and grades with which a text is still an attempt to rate."""
_UNPRAISING = remarks.ASKING | remarks.NEGATIONS | remarks.CONTRASTS
_WISHED = remarks.WISHES | remarks.FUTURES
READ_UP_TO = 500
"""Characters read of an answer; the rest can only be a comment. Ours: about five sentences."""
ARTICLES = frozenset(("a", "an", "eine", "un", "um"))
PRAISE = 12
"""Words of the longest text that is read as mere praise. Ours: a sentence."""
HIGHEST = 100
"""A higher number is not an attempt to rate but an order number or the like. The highest value of
a scale (`domain.survey.scale_checks.HIGHEST`).
"""


@dataclass(frozen=True)
class Reading:
    """The meaning of a text as an answer. `comment`: the whole text, if it says more than the score
    and a courtesy. `has_request`: the comment of a rating also asks for something.
    """

    meaning: Meaning
    score: int | None = None
    comment: str | None = None
    has_request: bool = False


def read(text: str, scale: Scale) -> Reading:
    """Return the meaning of a text as an answer on a scale.

    The first 500 characters (`READ_UP_TO`) are read. A longer text is a rating only if it plainly
    begins with one, and then counts as having a request.
    """
    whole = text.strip()
    words = tokens_of(whole[:READ_UP_TO])
    is_cut = len(whole) > READ_UP_TO
    if is_cut:
        words.append(Token(Kind.word, UNREAD))
    step = own_words(scale).get(spoken(words))
    if step and not asks(words):
        return Reading(Meaning.rating, step.value)
    if _is_reaction(whole[:READ_UP_TO], words) or acknowledges(words, scale):
        return Reading(Meaning.acknowledgement)
    if holds_back(words, scale):
        return Reading(Meaning.attempt)
    rating = None if _is_list(words) else rating_in(words, scale)
    if rating is None:
        return Reading(_meaning(words, scale))
    if rating.score is None:
        return Reading(Meaning.attempt)
    comment = whole if rating.says_more else None
    has_request = rating.has_request or (is_cut and comment is not None)
    return Reading(Meaning.rating, rating.score, comment, has_request)


def _is_list(words: Words) -> bool:
    """Say whether a text is a numbered list: `1. where is it 2. where is my money`."""
    points = [
        token.value
        for token, after in pairwise(words)
        if token.kind is Kind.number and after.kind is Kind.pause
    ]
    has_words = any(token.kind is Kind.word for token in words)
    if not has_words or words[0].kind is not Kind.number:
        return False
    return points[:2] == [1, 2] or (spoken(words[:2]) == "1" and _asks_at_once(words))


def _asks_at_once(words: Words) -> bool:
    """Say whether a request follows the number and a dot: `1. Where is my parcel`."""
    is_dotted = words[1].text == "." and len(words) > 3
    return is_dotted and (is_word(words, 2, remarks.QUESTIONS) or _wishes_at(words, 2))


def _wishes_at(words: Words, index: int) -> bool:
    return phrase_at(words, index, remarks.WISHES) is not None


def _rates_twice(words: Words, scale: Scale) -> bool:
    """Say whether two things get different ratings: `Ann a 5, delivery a 1`."""
    values = {
        token.value
        for index, token in enumerate(words)
        if token.kind is Kind.number
        and token.value in scale.values
        and (is_word(words, index - 1, ARTICLES) or is_word(words, index + 1, figures.FOR))
    }
    return len(values) > 1


def _is_reaction(text: str, words: Words) -> bool:
    """Say whether a phone wrote the text for a tapback: `Liked “See you then”`."""
    is_emoji = bool(words) and words[0].kind is Kind.symbol and is_word(words, 1, {"to"})
    named = phrase_at(words, 0, manners.REACTIONS)
    end = 2 if is_emoji else named
    is_quoted = any(mark in text for mark in manners.QUOTES)
    return end is not None and is_quoted and end < len(words) and words[end].kind is Kind.pause


def _meaning(words: Words, scale: Scale) -> Meaning:
    """Return the meaning of a text that is neither a rating nor a courtesy."""
    if _tries_to_rate(words, scale) or _praises(words) or _rates_twice(words, scale):
        return Meaning.attempt
    said = [token for token in words if token.kind in (Kind.word, Kind.number, Kind.figure)]
    if phrase_at(words, 0, manners.GREETINGS) == len(said) and asks(words):
        return Meaning.unclear
    if not said or all(is_word(said, at, remarks.VAGUE) for at in range(len(said))):
        return Meaning.unclear
    is_plea = is_word(said, 0, remarks.ASKING) or said[0].text == LONG
    is_content = len(said) > 1 or is_plea or len(said[0].text) > 20 or _has_many_signs(said[0])
    return Meaning.request if is_content or asks(words) else Meaning.unclear


def _has_many_signs(token: Token) -> bool:
    """Say whether a token is several words of a script without spaces."""
    return token.kind is Kind.word and sum(character > "\u2e80" for character in token.text) > 2


def _tries_to_rate(words: Words, scale: Scale) -> bool:
    """Say whether a text is only numbers, grades and words between them: `4 or 5`."""
    index, has_answer = 0, False
    while index < len(words):
        grade = grade_at(words, index)
        if grade and (grade[0] not in grades.YES_OR_NO or step_with(grade[0], scale)):
            index, has_answer = grade[1], True
        elif _is_answer(words[index], scale):
            index, has_answer = index + 1, True
        elif words[index].kind is Kind.pause or _is_between(words, index):
            index += 1
        else:
            return False
    return has_answer and not asks(words)


def _is_answer(token: Token, scale: Scale) -> bool:
    if token.kind is Kind.number:
        return token.value <= HIGHEST
    if token.kind is Kind.word:
        is_number = token.text in _NUMBERS
        is_fair = token.text in grades.ONLY_AFTER_AN_OPENING
        return is_number or is_fair or token.text in own_words(scale)
    if token.kind is Kind.symbol:
        return token.text in grades.SYMBOLS or token.text in own_words(scale)
    return token.kind is Kind.stars or token.text == NEAR


def _is_between(words: Words, index: int) -> bool:
    if is_word(words, index, {"at", "um"}):
        return index > 0
    return is_word(words, index, _BETWEEN)


def _praises(words: Words) -> bool:
    """Say whether a short text praises and has no score: `Ann was great`."""
    is_plain = not any(is_word(words, index, _UNPRAISING) for index in range(len(words)))
    if not is_plain or asks(words) or len(words) > PRAISE:
        return False
    found = [one for index in range(len(words)) if (one := grade_at(words, index))]
    said = {grade for grade, _ in found if grade not in grades.YES_OR_NO}
    praises = any(grades.POSITIONS[grade] >= GOOD for grade in said)
    return praises and not any_phrase(words, _WISHED)
