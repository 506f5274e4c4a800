"""The grammar of ratings, which decides whether a whole text is a rating (docs/behaviour.md).

text    = [polite] rating rest | remark "." rating rest
rating  = [lead] number [tail] | stars | [opening] grade | emoji | word of the scale
rest    = { the same again | courtesy | emoji } [ set off, comment ]
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.survey.answers import Answer, By, answer_at
from domain.survey.comments import (
    aside_at,
    asks,
    complains,
    connective_at,
    ends_clause,
    is_reason,
    judges,
    pleads,
    requests,
    says_something,
    takes_back,
)
from domain.survey.manners import acknowledges, courtesy_at, greeted, skipped_pauses
from domain.survey.phrases import Words, any_phrase, is_word, looked_up, phrase_at
from domain.survey.scales import Scale
from domain.survey.tokens import Kind
from domain.survey.vocabulary import figures, grades, manners, remarks

APART = 0.5
"""Two answers side by side contradict each other at this distance. Ours: half of a scale."""
APART_SYMBOL = 0.75
"""The same for an emoji, which is often merely polite: `2 🙂` is a 2. Ours."""
GOES_ON = remarks.SUBJECTS | remarks.NEGATIONS | {"leider"}
"""Words that may directly follow yes or no: `no it is not`."""
FAIR = 0.5
LAST = 3
"""A rating after a remark may begin at most this many pauses before the end. Ours."""


@dataclass(frozen=True)
class Rating:
    """The rating that a whole text is. `score` is None if the text contradicts itself."""

    score: int | None
    says_more: bool = False
    """Whether the text says more than the score and a courtesy."""
    has_request: bool = False


CONTRADICTION = Rating(None)


def rating_in(words: Words, scale: Scale) -> Rating | None:
    """Return a text's rating; `CONTRADICTION` if it contradicts itself; None if it is no rating."""
    start = _after_politeness(words, scale)
    first = answer_at(words, start, scale)
    if first and first.by is By.number:
        return _rating_from(words, start, first, scale) or _rating_at_the_end(words, scale)
    at_the_end = _rating_at_the_end(words, scale)
    return at_the_end or (_rating_from(words, start, first, scale) if first else None)


def _after_politeness(words: Words, scale: Scale) -> int:
    """Return where a text continues after a greeting, or after thanks or `ok` and a pause."""
    start = greeted(words, skipped_pauses(words, 0))
    thanked = courtesy_at(words, start)
    if thanked and thanked < len(words) and words[thanked].kind is Kind.symbol:
        return thanked
    for index in range(start, len(words)):
        if words[index].kind is not Kind.pause:
            continue
        if words[index].text == "?" or not acknowledges(words[start:index], scale):
            break
        return skipped_pauses(words, index)
    return start


def _rating_from(words: Words, start: int, first: Answer, scale: Scale) -> Rating | None:
    return _Course(words, scale, first).rating() if _may_answer(words, start, first) else None


def _may_answer(words: Words, start: int, first: Answer) -> bool:
    """Say whether a number word that may also be an article means a number here."""
    if first.by is not By.number or first.end > start + 1:
        return True
    if is_word(words, start, figures.SOUNDS):
        return len(words) == 1
    if not is_word(words, start, figures.ALSO_SOMETHING_ELSE):
        return True
    rest = [token for token in words[first.end :] if token.kind is not Kind.pause]
    is_alone = not rest or courtesy_at(rest, 0) == len(rest)
    at = skipped_pauses(words, first.end)
    return is_alone or is_word(words, at, remarks.JOINING)


class _Course:
    """Reads a text from its first answer on: answers that agree, courtesies, the comment."""

    def __init__(self, words: Words, scale: Scale, first: Answer) -> None:
        self._words, self._scale = words, scale
        self._answers = [first]
        self._end = first.end
        self._is_set_off = words[first.end - 1].kind is Kind.symbol or _has_emoji_stars(
            words, first
        )
        """Whether a pause, a courtesy or an emoji separates the answer from what follows."""

    def rating(self) -> Rating | None:
        while self._goes_on():
            pass
        if not self._is_left() and not self._agrees():
            return CONTRADICTION
        answer = self._answer
        comment = self._words[self._end :]
        if answer.score is None:
            return None
        if not comment:
            return Rating(answer.score, says_more=self._has_words_of_praise())
        return self._with_comment(answer, comment)

    def ends(self) -> bool:
        """Say whether the text ends with the answer and courtesies."""
        while self._goes_on():
            pass
        return self._end == len(self._words)

    def agreed(self) -> Answer | None:
        """Return the answer; None if several contradict each other."""
        return self._answer if self._agrees() else None

    @property
    def _answer(self) -> Answer:
        return next((one for one in self._answers if one.by is By.number), self._answers[0])

    def _goes_on(self) -> bool:
        """Take the next piece that does not change the answer. Returns False if there is none."""
        for end in self._additions():
            if end is not None and end > self._end:
                self._end = end
                return True
        return False

    def _additions(self) -> Iterator[int | None]:
        yield self._tail()
        yield self._again()
        yield self._courtesy()
        yield self._decoration()
        yield self._pause()

    def _tail(self) -> int | None:
        end = phrase_at(self._words, self._end, figures.TAILS)
        if self._answers[-1].by is By.number and end:
            return end
        if self._answers[-1].is_marked and is_word(self._words, self._end, figures.FOR):
            return self._for_whom(self._end + 1)
        return None

    def _for_whom(self, start: int) -> int | None:
        end = start
        while end < len(self._words) and self._words[end].kind is Kind.word:
            end += 1
        is_short = start < end <= start + 5 and ends_clause(self._words, end)
        return end if is_short else None

    def _again(self) -> int | None:
        """Take another answer beside the first, if nothing else directly follows it."""
        found = answer_at(self._words, self._end, self._scale)
        if found is None and self._is_beside_a_number():
            found = self._polite_grade()
        if found is None or not self._closes(found) or self._is_counted(found):
            return None
        self._answers.append(found)
        self._is_set_off = self._is_set_off or found.by is By.symbol
        return found.end

    def _is_counted(self, found: Answer) -> bool:
        """Say whether two neighbouring words are one expression: `3 mal`, `top 10`."""
        if By.number not in (found.by, self._answers[-1].by) or found.by is self._answers[-1].by:
            return False
        before, at = self._words[self._end - 1], self._end
        if before.kind is Kind.pause and before.text != ".":
            return False
        if found.by is By.number:
            return before.text in figures.COUNTING
        is_direct = before.kind is not Kind.pause
        is_polite = phrase_at(self._words, at, grades.BESIDE_A_NUMBER)
        is_opened = is_direct and not is_polite and phrase_at(self._words, at, grades.OPENINGS)
        return bool(is_opened) or is_word(self._words, at, figures.COUNTED)

    def _is_beside_a_number(self) -> bool:
        return self._answers[0].by is By.number

    def _polite_grade(self) -> Answer | None:
        found = looked_up(self._words, self._end, grades.BESIDE_A_NUMBER)
        return Answer(By.grade, None, grades.POSITIONS[found[0]], found[1]) if found else None

    def _closes(self, found: Answer) -> bool:
        end = found.end
        if ends_clause(self._words, end) or self._courtesy_at(end) or found.by is By.symbol:
            return True
        if found.by is By.number and phrase_at(self._words, end, figures.TAILS):
            return True
        return connective_at(self._words, end) is not None or self._rates_again(end)

    def _rates_again(self, end: int) -> bool:
        return answer_at(self._words, end, self._scale) is not None

    def _courtesy_at(self, start: int) -> int | None:
        return courtesy_at(self._words, start)

    def _courtesy(self) -> int | None:
        if self._answers[0].by is By.grade and self._meets():
            return None
        end = self._courtesy_at(self._end)
        self._is_set_off = self._is_set_off or end is not None
        return end

    def _meets(self) -> bool:
        return phrase_at(self._words, self._end, manners.MEETINGS) is not None

    def _decoration(self) -> int | None:
        """Take an emoji. One that a number may count is taken only after a pause."""
        if self._end >= len(self._words) or self._words[self._end].kind is not Kind.symbol:
            return None
        symbol = self._words[self._end].text
        if symbol not in grades.DECORATION and not self._is_set_off:
            return None
        self._is_set_off = True
        return self._end + 1

    def _pause(self) -> int | None:
        end = skipped_pauses(self._words, self._end)
        self._is_set_off = self._is_set_off or end > self._end
        return end

    def _is_left(self) -> bool:
        """Say whether words follow the answer directly, so that it is not an answer."""
        if self._end == len(self._words) or self._is_set_off:
            return False
        return connective_at(self._words, self._end) is None

    def _agrees(self) -> bool:
        answer = self._answer
        for other in self._answers:
            both_numbers = answer.by is By.number and other.by is By.number
            if both_numbers and answer.score != other.score:
                return False
            is_mixed = By.symbol in (answer.by, other.by) and answer.by is not other.by
            apart = APART_SYMBOL if is_mixed else APART
            if abs(answer.position - other.position) >= apart:
                return False
        return True

    def _has_words_of_praise(self) -> bool:
        """Say whether a number has words of praise beside it, which count as a comment."""
        answer = self._answer
        return any(one.by is By.grade for one in self._answers) and answer.by is By.number

    def _with_comment(self, answer: Answer, comment: Words) -> Rating | None:
        is_joined = connective_at(comment, 0) is not None
        if self._answer.by is By.grade and pleads(comment[is_joined:]):
            return None
        if not self._is_set_off and not is_joined and not self._goes_on_directly(comment):
            return None
        if takes_back(comment, answer, self._scale) or self._is_mocking(comment):
            return CONTRADICTION
        is_joined = is_joined and (answer.by is By.number or is_reason(comment, 0))
        if not is_joined and not self._may_say(answer, comment):
            return None
        return Rating(answer.score, says_more=True, has_request=requests(comment))

    def _is_mocking(self, comment: Words) -> bool:
        """Say whether praise is meant ironically: `great, now it is broken`."""
        is_praise = self._answer.by is By.grade and not self._answer.is_own
        is_good = is_praise and self._answer.position > FAIR
        return is_good and connective_at(comment, 0) is None and complains(comment)

    def _goes_on_directly(self, comment: Words) -> bool:
        """Say whether a comment needs no pause: `1 call me`, and after yes or no `no it is not`."""
        if self._answer.by is By.yes_or_no:
            return is_word(comment, 0, GOES_ON) and not any_phrase(comment, remarks.MORE_TO_SAY)
        return self._answer.by is By.number and aside_at(comment, 0)

    def _may_say(self, answer: Answer, comment: Words) -> bool:
        if all(is_word(comment, at, remarks.VAGUE) for at in range(len(comment))):
            return False
        if answer.by in (By.number, By.yes_or_no):
            mark = self._words[self._end - 1].text
            return self._is_loud() or says_something(comment, mark)
        return judges(comment, denying=answer.position <= FAIR)

    def _is_loud(self) -> bool:
        before = self._words[self._end - 1]
        is_loud = before.text == "!" or before.kind is not Kind.pause
        return is_loud and self._words[self._end].kind is Kind.word


def _has_emoji_stars(words: Words, answer: Answer) -> bool:
    last = words[answer.end - 1]
    return last.kind is Kind.stars and "*" not in last.text


def _rating_at_the_end(words: Words, scale: Scale) -> Rating | None:
    """Return the rating that ends a text after a remark: `Thanks for your help Ann. 5`."""
    pauses = [at for at, token in enumerate(words) if token.kind in (Kind.pause, Kind.symbol)]
    for pause in pauses[: -LAST - 1 : -1]:
        answer = answer_at(words, pause + 1, scale)
        if answer is None or answer.by is not By.number:
            continue
        course = _Course(words, scale, answer)
        if course.ends():
            return _after_remark(words[:pause], words[pause].text, course, scale)
    return None


def _differs(remark: Words, answer: Answer, scale: Scale) -> bool:
    """Say whether a remark is itself a different answer: `awful, 3`."""
    said = answer_at(remark, 0, scale)
    is_whole = said is not None and said.by is By.grade and said.end == len(remark)
    return is_whole and said is not None and abs(said.position - answer.position) >= APART


def _after_remark(remark: Words, mark: str, course: _Course, scale: Scale) -> Rating | None:
    answer = course.agreed()
    if answer is None or takes_back(remark, answer, scale) or _differs(remark, answer, scale):
        return CONTRADICTION
    if answer.score is None or asks(remark) or mark == "?":
        return None
    is_sentence = mark != ","
    is_opinion = judges(remark, denying=True) and not any(
        token.kind is Kind.figure for token in remark
    )
    may_rate = acknowledges(remark, scale) or (is_opinion and (is_sentence or answer.is_marked))
    if may_rate or (is_sentence and answer.is_marked) or (is_opinion and len(remark) <= LAST):
        return Rating(answer.score, says_more=True, has_request=requests(remark))
    return None
