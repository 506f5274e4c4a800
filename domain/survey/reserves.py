"""Texts that name a score without giving it: as a question, a condition, or a mockery."""

from domain.survey.answers import Answer, By, answer_at, number_at
from domain.survey.comments import ends_clause
from domain.survey.manners import courtesy_at, greeted, skipped_pauses
from domain.survey.phrases import Words, any_phrase, is_word, phrase_at
from domain.survey.scales import Scale
from domain.survey.tokens import Kind
from domain.survey.vocabulary import figures, grades, remarks, reserves

_NO_NUMBERS = reserves.SCALE_TALK | reserves.NUMBERING | figures.ALSO_SOMETHING_ELSE
_GOES_ON = remarks.JOINING | remarks.TRICKY | reserves.IFS


def holds_back(words: Words, scale: Scale) -> bool:
    """Say whether a text names a score without giving it: `5?`, `would be 5 if it worked`."""
    return _asks_about_it(words, scale) or _mocks(words, scale) or _depends(words, scale)


def _asks_about_it(words: Words, scale: Scale) -> bool:
    """Say whether a text is a score and a question mark, or a question about the scale."""
    is_question = bool(words) and words[-1].text == "?" and words[-1].kind is Kind.pause
    said = [token for token in words if token.kind is not Kind.pause]
    indexes = [index for index in range(len(said)) if _rates(said, index, scale)]
    others = [index for index in range(len(said)) if index not in indexes]
    is_about = all(is_word(said, index, reserves.SCALE_TALK) for index in others)
    return is_question and bool(indexes) and is_about and (not others or _is_numbered(said, scale))


def _is_numbered(said: Words, scale: Scale) -> bool:
    numbers = [number_at(said, index, scale) for index in range(len(said))]
    return any(one is not None and one.score is not None for one in numbers)


def _rates(words: Words, index: int, scale: Scale) -> bool:
    answer = answer_at(words, index, scale)
    is_one = answer is not None and answer.by in (By.number, By.symbol)
    return is_one and not is_word(words, index, _NO_NUMBERS)


def _mocks(words: Words, scale: Scale) -> bool:
    """Say whether a `thanks for nothing` stands beside a score or a word of praise."""
    if not any_phrase(words, reserves.MOCKING):
        return False
    return any(answer_at(words, index, scale) for index in range(len(words)))


def _depends(words: Words, scale: Scale) -> bool:
    for index in range(len(words)):
        answer = _score_at(words, index, scale)
        if answer is not None:
            return _is_conditional(words, index, answer, scale)
    return False


def _score_at(words: Words, index: int, scale: Scale) -> Answer | None:
    """Return the number or emoji at `index`, if its clause has no other rating."""
    is_sign = words[index].kind in (Kind.symbol, Kind.stars)
    found = answer_at(words, index, scale) if is_sign else number_at(words, index, scale)
    if found is None or found.score is None:
        return None
    end = _after_participles(words, found.end)
    goes_on = ends_clause(words, end) or is_word(words, end, _GOES_ON)
    return found if goes_on else None


def _after_participles(words: Words, end: int) -> int:
    while is_word(words, end, reserves.PARTICIPLES):
        end += 1
    return end


def _is_conditional(words: Words, index: int, answer: Answer, scale: Scale) -> bool:
    before = words[:index]
    begins = greeted(words, 0) == index
    is_given = begins or is_word(words, index - 1, reserves.GIVING)
    if not is_given or any_phrase(before, reserves.WISHED):
        return False
    if any_phrase(before, reserves.COUNTERFACTUALS) or _has_if(words, answer.end):
        return True
    if _is_past(words, index, answer.end) or is_word(words, 0, reserves.IFS):
        return not begins
    is_would = any(is_word(before, at, reserves.CONDITIONALS) for at in range(len(before)))
    return is_would and _is_denied(words, answer, scale)


def _is_past(words: Words, index: int, end: int) -> bool:
    """Say whether a German sentence withholds the score: `hätte 5 gegeben`."""
    before = words[max(0, index - 4) : index]
    is_had = any(is_word(before, at, {"hatte"}) for at in range(len(before)))
    return is_had and is_word(words, end, reserves.PARTICIPLES)


def _has_if(words: Words, end: int) -> bool:
    """Say whether a condition with words of its own follows the score."""
    at = _after_participles(words, end)
    at += at < len(words) and words[at].text == ","
    at += 2 if phrase_at(words, at, reserves.BUT_ONLY) else 0
    if not is_word(words, at, reserves.IFS) or is_word(words, at + 1, reserves.NOT_IFS):
        return False
    return at + 1 < len(words) and not ends_clause(words, at + 1) and not courtesy_at(words, at + 1)


def _is_denied(words: Words, answer: Answer, scale: Scale) -> bool:
    """Say whether a `but` takes back the score: the best one, or one followed by a denial."""
    at = skipped_pauses(words, _after_participles(words, answer.end))
    if not is_word(words, at, remarks.CONTRASTS | remarks.TRICKY):
        return False
    rest = range(at + 1, len(words))
    denies = any(is_word(words, index, remarks.NEGATIONS | grades.NOT) for index in rest)
    return bool(rest) and (answer.score == scale.highest or denies)
