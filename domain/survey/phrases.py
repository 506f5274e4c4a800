"""Reading an answer in words, `great`, or in emoji."""

from functools import lru_cache
from itertools import takewhile

from domain.scales import Scale, ScaleStep
from domain.survey import symbols, vocabulary
from domain.survey.numbers import begins_plainly
from domain.survey.scale_checks import spelled
from domain.survey.tokens import Token, asks
from domain.words import Grade

LONGEST = 6
"""Words of the longest phrase that is looked for."""
YES_OR_NO = frozenset({Grade.yes, Grade.no})
CHATTY = 12
"""Words of a text that may begin with yes or no and simply go on."""


def configured(word: str, scale: Scale) -> ScaleStep | None:
    """Return the step whose label or own words say exactly this; numbers are read as numbers."""
    return _own_words(scale).get(spelled(word))


def phrase_in(text: str, words: list[Token], scale: Scale) -> tuple[int, int] | None:
    """Return the score of the phrase a text begins with and where the phrase ends, or None."""
    start = _after_opening(words)
    for end in range(min(len(words), start + LONGEST), start, -1):
        step = _step_of(words[start:end], scale)
        if step is None:
            continue
        says_more = end < len(words)
        if says_more and not _may_go_on(text, words, start, end, scale):
            return None
        return None if asks(text) or _takes_back(words[end:], step, scale) else (step.value, end)
    return None


def symbol_in(text: str, words: list[Token], scale: Scale) -> int | None:
    """Return the score of the emoji a text begins with; None for others, or where two disagree."""
    leading = "".join(takewhile(lambda character: not character.isalnum(), text))
    seen = symbols.symbols_in(leading)
    if not seen or asks(text):
        return None
    if scale.counts_stars and (count := symbols.stars_in(leading)):
        return count if count in scale.values else None
    if not _only_adds(words):
        return None
    whole = configured("".join(seen), scale)
    scores = {whole.value} if whole else {_score_of(symbol, scale) for symbol in seen} - {None}
    return scores.pop() if len(scores) == 1 else None


@lru_cache(maxsize=100)
def _own_words(scale: Scale) -> dict[str, ScaleStep]:
    words = {
        spelled(word): step for step in scale.steps for word in (step.label, *step.words) if word
    }
    return {word: step for word, step in words.items() if word and not word.isdecimal()}


def _after_opening(words: list[Token]) -> int:
    said = [word.word for word in words[:4]]
    for length in (3, 2, 1):
        if len(words) > length and " ".join(said[:length]) in vocabulary.OPENINGS:
            return length
    return 0


def _step_of(words: list[Token], scale: Scale) -> ScaleStep | None:
    phrase = " ".join(word.word for word in words)
    own = configured(phrase, scale)
    return own or _step_with(vocabulary.GRADES.get(phrase), scale)


def _step_with(grade: Grade | None, scale: Scale) -> ScaleStep | None:
    return next((step for step in scale.steps if grade in step.grades), None)


def _may_go_on(text: str, words: list[Token], start: int, end: int, scale: Scale) -> bool:
    """Say whether a phrase stays an answer with what follows: `great` does not in `great news`."""
    rest = [word.word for word in words[end:]]
    if begins_plainly(words, end) or vocabulary.PLEASANTRIES.issuperset(rest):
        return True
    phrase = " ".join(word.word for word in words[start:end])
    is_yes_or_no = vocabulary.GRADES.get(phrase) in YES_OR_NO and _step_of(words[start:end], scale)
    goes_on = len(words) <= CHATTY and rest[0] not in vocabulary.NOT_YES_OR_NO
    return bool(is_yes_or_no) and goes_on and not asks(text)


def _takes_back(rest: list[Token], step: ScaleStep, scale: Scale) -> bool:
    """Say whether the rest of the text is another answer: `good, no, bad`."""
    said = rest[1:] if len(rest) > 1 and rest[0].word in vocabulary.GRADES else rest
    for again in (rest, said):
        other = _step_of(again, scale) if again else None
        if other is not None and other != step:
            return True
    return False


def _only_adds(words: list[Token]) -> bool:
    said = [word.word for word in words]
    is_polite = (vocabulary.PLEASANTRIES | vocabulary.FILLERS).issuperset(said)
    return len(said) <= 2 or said[0] in vocabulary.BUTS or is_polite


def _score_of(symbol: str, scale: Scale) -> int | None:
    own = configured(symbol, scale)
    step = own or _step_with(vocabulary.GRADES_OF_SYMBOLS.get(symbol), scale)
    return step.value if step else None
