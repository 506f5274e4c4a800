"""Courtesies in a text: polite words that are neither a rating nor a request."""

from collections.abc import Callable

from domain.survey.answers import answer_at, grade_at, own_words, step_with
from domain.survey.kinds import Grade
from domain.survey.phrases import Words, is_word, phrase_at
from domain.survey.scales import Scale
from domain.survey.tokens import Kind
from domain.survey.vocabulary import grades, manners, remarks, reserves
from domain.survey.vocabulary.known import KNOWN

_NOT_THANKED_FOR = remarks.CONTRASTS | remarks.QUESTIONS | (remarks.PLEAS - grades.NOUNS)
GOOD = 0.75
"""Position from which a grade may be an acknowledgement: `ok, great`. Ours: that of `good`."""


def courtesy_at(words: Words, start: int) -> int | None:
    """Return where thanks, a greeting or a farewell at `start` ends, or None."""
    plain = (phrase_at(words, start, manners.GREETINGS), phrase_at(words, start, manners.FAREWELLS))
    named = [_named(words, end) or end for end in plain if end]
    thanked = _thanks_at(words, start)
    return max([*named, *([thanked] if thanked else [])], default=None)


def _named(words: Words, start: int) -> int | None:
    """Return where a name at `start` ends; a name is words the reader does not know."""
    return _run(words, start, manners.NAMES, _is_name)


def greeted(words: Words, start: int) -> int:
    """Return where a greeting at `start` ends, including the pause after it."""
    end = phrase_at(words, start, manners.GREETINGS) or start
    return skipped_pauses(words, end)


def skipped_pauses(words: Words, start: int) -> int:
    while start < len(words) and words[start].kind is Kind.pause and words[start].text != "?":
        start += 1
    return start


def acknowledges(words: Words, scale: Scale) -> bool:
    """Say whether a text is only courtesies and acknowledgements: `ok, great, thanks`."""
    index, is_polite, has_ok, has_grade = 0, False, False, False
    while index < len(words):
        end = courtesy_at(words, index)
        ok = phrase_at(words, index, manners.OKS)
        if ok and ok >= (end or 0):
            index, is_polite, has_ok = ok, True, True
        elif end:
            index, is_polite = end, True
        elif thanks := _declined_at(words, index, scale):
            index, is_polite, has_ok = thanks, True, True
        elif words[index].kind is Kind.pause and words[index].text != "?":
            index += 1
        elif words[index].kind is Kind.symbol and not _rates_itself(words, index, scale):
            is_polite |= words[index].text in manners.ACKNOWLEDGING_SYMBOLS
            index += 1
        elif grade_end := _praise_at(words, index):
            index, has_grade = grade_end, True
        elif is_polite and _joins(words, index):
            index += 1
        elif is_polite and (signed := _signed_at(words, index)):
            index = signed
        else:
            return False
    return is_polite and (has_ok or not has_grade) and not _only_rating_symbols(words, scale)


def _thanks_at(words: Words, start: int) -> int | None:
    end = phrase_at(words, start, manners.THANKS)
    if end is None or phrase_at(words, start, reserves.MOCKING):
        return None
    while is_word(words, end, manners.THANKS_MORE - manners.THANKS_FOR):
        end += 1
    if is_word(words, end, manners.THANKS_FOR):
        return _run(words, end + 1, manners.OF_WHAT, _is_plain) or end
    return _named(words, end) or end


def _run(words: Words, start: int, most: int, fits: Callable[[str], bool]) -> int | None:
    """Return where a run of up to `most` fitting words ends; None if it is empty or too long."""
    end = start
    while end < len(words) and words[end].kind is Kind.word and end - start <= most:
        if not fits(words[end].text):
            break
        end += 1
    return end if start < end <= start + most else None


def _declined_at(words: Words, start: int, scale: Scale) -> int | None:
    """Return where `no, thanks` at `start` ends, or a `yes, thanks` that does not rate."""
    agrees = is_word(words, start, manners.AGREEING) and step_with(Grade.yes, scale) is None
    if not agrees and not is_word(words, start, manners.DECLINING):
        return None
    after = skipped_pauses(words, start + 1)
    return _thanks_at(words, after) or phrase_at(words, after, manners.OKS)


def _is_plain(word: str) -> bool:
    return word not in _NOT_THANKED_FOR


def _is_name(word: str) -> bool:
    return word not in KNOWN


def _rates_itself(words: Words, index: int, scale: Scale) -> bool:
    """Say whether an emoji rates even beside thanks: one of the scale itself, or a bad one."""
    symbol = words[index].text
    grade = grades.SYMBOLS.get(symbol)
    is_bad = grade is not None and grades.POSITIONS[grade] < GOOD
    is_known = grade is not None or symbol in grades.DECORATION
    return symbol in own_words(scale) or is_bad or not is_known


def _joins(words: Words, index: int) -> bool:
    """Say whether an `and` joins two courtesies: `thanks and happy holidays`."""
    return is_word(words, index, remarks.ANDS) and courtesy_at(words, index + 1) is not None


def _signed_at(words: Words, start: int) -> int | None:
    """Return the end of the text if only a name is left: `Best regards, Tom`."""
    end = _named(words, start) if words[start - 1].kind is Kind.pause else None
    return end if end is not None and skipped_pauses(words, end) == len(words) else None


def _praise_at(words: Words, index: int) -> int | None:
    found = grade_at(words, index)
    return found[1] if found and grades.POSITIONS[found[0]] >= GOOD else None


def _only_rating_symbols(words: Words, scale: Scale) -> bool:
    if any(token.kind not in (Kind.symbol, Kind.pause) for token in words):
        return False
    answer = answer_at(words, skipped_pauses(words, 0), scale)
    return answer is not None and answer.score is not None
