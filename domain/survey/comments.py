"""What follows a rating: a comment, a contradiction, or a request."""

from domain.survey.answers import Answer, By, answer_at, grade_at, number_at
from domain.survey.manners import courtesy_at
from domain.survey.phrases import Words, any_phrase, is_word, phrase_at
from domain.survey.scales import Scale
from domain.survey.tokens import Kind
from domain.survey.vocabulary import figures, grades, remarks
from domain.survey.vocabulary.known import KNOWN

OPPOSITE = 0.75
"""A rating and a word of its comment contradict each other at this distance. Ours: three quarters
of a scale, so that a `good` beside a middling score is no contradiction.
"""
_SPEAKS = (
    remarks.SUBJECTS
    | remarks.NEGATIONS
    | remarks.VERBS
    | remarks.OPINIONS
    | remarks.SORRY
    | remarks.QUESTIONS
    | remarks.PLEAS
    | remarks.CONTRASTS
    | remarks.REASONS
    | grades.VERY
)
_MAY_FOLLOW_AND = KNOWN - figures.NUMBERS.keys() - figures.COUNTED_APART
_ADDS = remarks.SUBJECTS | remarks.SORRY | remarks.OPINIONS
_JUDGES = remarks.OPINIONS | remarks.SORRY
_DENIES = _JUDGES | remarks.NEGATIONS


def says_something(comment: Words, mark: str) -> bool:
    """Say whether the words behind a pause are a comment.

    A mere noun is not one, as in `4, Main Street`. Behind a dot, neither is a noun that an ordinal
    may stand before, as in `2. Paket fehlt`.
    """
    if not comment or comment[0].kind in (Kind.number, Kind.figure):
        return False
    if any_phrase(comment, remarks.COUNTED_BEFORE):
        return False
    if is_word(comment, 0, figures.UNITS) or phrase_at(comment, 0, remarks.PLEASE) == len(comment):
        return False
    if mark == "." and is_word(comment, 0, figures.ORDINALS):
        return False
    if mark == "." and not _begins_a_sentence(comment):
        return False
    return asks(comment) or _speaks(_first_clause(comment))


def _first_clause(comment: Words) -> Words:
    ends = (index for index in range(len(comment)) if ends_clause(comment, index))
    return comment[: next(ends, len(comment))]


def _speaks(clause: Words) -> bool:
    end = phrase_at(clause, len(clause) - 1, remarks.PLEASE)
    asked = clause if end is None else clause[:-1]
    return any(
        is_word(asked, index, _SPEAKS) or _grades(asked, index) for index in range(len(asked))
    ) or any_phrase(asked, remarks.WISHES)


def _begins_a_sentence(comment: Words) -> bool:
    begins = is_word(comment, 0, _SPEAKS) or phrase_at(comment, 0, remarks.WISHES)
    return bool(begins) or any(_grades(comment, index) for index in range(len(comment)))


def judges(comment: Words, *, denying: bool = False) -> bool:
    """Say whether a comment expresses an opinion, and is not about the future.

    With `denying`, words such as never and nobody count as opinions. They do not count after
    praise: `great, no phone now`.
    """
    is_number = bool(comment) and comment[0].kind in (Kind.number, Kind.figure)
    if is_number or asks(comment) or any_phrase(comment, remarks.FUTURES):
        return False
    opinions = _DENIES if denying else _JUDGES
    return any(
        is_word(comment, index, opinions) or _grades(comment, index)
        for index in range(len(comment))
    )


def _grades(words: Words, index: int) -> bool:
    found = grade_at(words, index)
    return found is not None and found[0] not in grades.YES_OR_NO


def takes_back(comment: Words, answer: Answer, scale: Scale) -> bool:
    """Say whether a comment gives another answer, or contradicts this one."""
    if any(_rates_otherwise(comment, index, answer, scale) for index in range(len(comment))):
        return True
    if any(is_word(comment, index, remarks.CONTRASTS) for index in range(len(comment))):
        return False
    positions = _positions(comment, scale)
    is_far = any(abs(position - answer.position) >= OPPOSITE for position in positions)
    return is_far and not any(abs(position - answer.position) < 0.5 for position in positions)


def complains(comment: Words) -> bool:
    """Say whether a comment tells of a failure, without a `but` that softens it."""
    indexes = range(len(comment))
    if any(is_word(comment, index, remarks.CONTRASTS) for index in indexes):
        return False
    return any(is_word(comment, index, remarks.FAILURES) for index in indexes)


def pleads(comment: Words) -> bool:
    """Say whether a comment begins with a question or a wish: `great but where is my order`."""
    asks_who = is_word(comment, 0, remarks.QUESTIONS - remarks.SUBJECTS)
    return len(comment) > 1 and (asks_who or phrase_at(comment, 0, remarks.WISHES) is not None)


def requests(comment: Words) -> bool:
    """Say whether a comment also asks for something: `4. When does it arrive?`."""
    has_words = any(token.kind is Kind.word for token in comment)
    return has_words and (asks(comment) or any_phrase(comment, remarks.WISHES))


def asks(words: Words) -> bool:
    return any(token.kind is Kind.pause and token.text == "?" for token in words)


def ends_clause(words: Words, index: int) -> bool:
    """Say whether the text ends or pauses at `index`."""
    return index >= len(words) or words[index].kind in (Kind.pause, Kind.symbol)


def _rates_otherwise(comment: Words, index: int, answer: Answer, scale: Scale) -> bool:
    """Say whether the number at `index` would itself be a rating, and a different one."""
    other = number_at(comment, index, scale)
    if other is None or other.score in (None, answer.score) or answer.by is By.yes_or_no:
        return False
    if is_word(comment, index, figures.ALSO_SOMETHING_ELSE):
        return False
    return ends_clause(comment, other.end) or is_word(comment, other.end, figures.FOR)


def _positions(comment: Words, scale: Scale) -> list[float]:
    """Return the positions of a comment's grades and emoji, without denied ones."""
    found: list[float] = []
    index = 0
    while index < len(comment):
        grade = grade_at(comment, index)
        if grade and not _is_denied(comment, index):
            found.append(grades.POSITIONS[grade[0]])
        elif comment[index].kind is Kind.symbol:
            symbol = answer_at(comment, index, scale)
            found.extend([symbol.position] if symbol else [])
        index = grade[1] if grade else index + 1
    return found


def _is_denied(comment: Words, index: int) -> bool:
    denials = grades.NOT | remarks.NEGATIONS
    return any(is_word(comment, before, denials) for before in range(max(0, index - 3), index))


def connective_at(words: Words, start: int) -> int | None:
    """Return where a `but`, `because` or `and` at `start` ends, if a comment follows it."""
    rest = words[start + 1 :]
    if not any(token.kind is Kind.word for token in rest):
        return None
    if is_word(rest, 0, remarks.ALIKE) and len(rest) < 4:
        return None
    if is_word(words, start, remarks.JOINING):
        return start + 1
    if is_word(words, start, remarks.TRICKY):
        goes_on = is_word(rest, 0, remarks.GOES_ON_TRICKY | remarks.NEGATIONS) or judges(rest)
        return start + 1 if goes_on else None
    return start + 1 if is_word(words, start, remarks.ANDS) and _is_added(rest) else None


def _is_added(rest: Words) -> bool:
    """Say whether a comment follows an `and`; it does not in `5 and a half` and `1 and 3`."""
    if courtesy_at(rest, 0) == len(rest):
        return True
    if not is_word(rest, 0, _MAY_FOLLOW_AND):
        return False
    if any(is_word(rest, at, figures.COUNTED_APART) for at in range(min(2, len(rest)))):
        return False
    return is_word(rest, 0, _ADDS) or (len(rest) > 1 and judges(rest, denying=True))


def is_reason(words: Words, start: int) -> bool:
    """Say whether a `but` or a `because` begins at `start`, and not just an `and`."""
    return connective_at(words, start) is not None and not is_word(words, start, remarks.ANDS)


def aside_at(words: Words, start: int) -> bool:
    """Say whether a wish begins at `start` that a number cannot count: `1 call me`."""
    return phrase_at(words, start, remarks.ASIDES) is not None
