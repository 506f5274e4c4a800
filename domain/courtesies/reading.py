"""Reads whether a text as a whole asks for nothing: thanks, a reaction, an automatic reply.

thanks    = { pause | emoji } part { [ "and" ] part | pause | emoji }
part      = thanks [ "for" matter ] [ name ] | acknowledgement | praise | farewell | greeting
reaction  = lead quotation [ tail ] | lead picture
automatic = mark ":" anything | anything mark | state { state | promise }

A text that does not fit to its end is none of them, so whatever else it says reaches a person.
"""

from domain.courtesies import automatic, words
from domain.courtesies.kinds import Courtesy, CourtesyKind
from domain.courtesies.reactions import is_reaction
from domain.survey.phrases import Words, is_word, phrase_at
from domain.survey.tokens import Kind, tokens_of
from domain.survey.vocabulary import manners, reserves
from domain.survey.vocabulary.known import KNOWN
from domain.text.questions import has_question_mark

LONGEST = 320
"""Characters of the longest thanks or automatic reply. Ours: two segments; longer texts say more.
"""


def courtesy_in(text: str) -> Courtesy | None:
    """Return what a text is if it asks for nothing. None: a person may be asked for something."""
    whole = text.strip()
    if is_reaction(whole):
        return Courtesy(CourtesyKind.reaction)
    if not whole or len(whole) > LONGEST or has_question_mark(whole):
        return None
    if automatic.is_marked(whole):
        return Courtesy(CourtesyKind.automatic)
    found = tokens_of(whole)
    if automatic.is_state(found):
        return Courtesy(CourtesyKind.automatic)
    return _thanks(found)


def _thanks(found: Words) -> Courtesy | None:
    """Return the courtesy if every part of a text is one, and one of them says so by itself."""
    names: list[str] = []
    index, is_courtesy = 0, False
    while index < len(found):
        after = _part(found, index, names)
        if after is None:
            return None
        end, says_so = after
        index, is_courtesy = end, is_courtesy or says_so
    if not is_courtesy or len(names) > 1:
        return None
    return Courtesy(CourtesyKind.thanks, names[0] if names else None)


def _part(found: Words, index: int, names: list[str]) -> tuple[int, bool] | None:
    """Return where the part at `index` ends, and whether it is a courtesy by itself."""
    token = found[index]
    if token.kind is Kind.pause:
        return index + 1, False
    if token.kind is Kind.symbol:
        return (index + 1, token.text in words.SAYING) if token.text in words.EMOJI else None
    thanked = _thanks_at(found, index, names)
    ends = [end for known in words.PARTS if (end := phrase_at(found, index, known)) is not None]
    longest = max([*ends, *([thanked] if thanked else [])], default=0)
    greeted = phrase_at(found, index, manners.GREETINGS) or 0
    if longest or greeted:
        return max(longest, greeted), longest > greeted
    joins = is_word(found, index, words.JOINTS) and index + 1 < len(found)
    return (index + 1, False) if joins else None


def _thanks_at(found: Words, start: int, names: list[str]) -> int | None:
    end = phrase_at(found, start, manners.THANKS)
    if end is None or phrase_at(found, start, reserves.MOCKING):
        return None
    while is_word(found, end, words.MORE):
        end += 1
    matter = _matter_at(found, end)
    if matter is not None:
        return matter
    if is_word(found, end, manners.THANKS_FOR):
        return None
    if _ends_with_name(found, end):
        names.append(found[end].text)
        return end + 1
    return end


def _matter_at(found: Words, start: int) -> int | None:
    """Return where `for your quick help` at `start` ends, or None."""
    if not is_word(found, start, manners.THANKS_FOR):
        return None
    index = start + 1
    while is_word(found, index, words.OF_A_MATTER):
        index += 1
    end = phrase_at(found, index, words.MATTERS)
    while end is not None and is_word(found, end, words.AFTER_A_MATTER):
        end += 1
    return end


def _ends_with_name(found: Words, index: int) -> bool:
    """Say whether one word that nobody knows stands alone at `index`, as a name does."""
    if index >= len(found) or found[index].kind is not Kind.word or found[index].text in KNOWN:
        return False
    after = found[index + 1 : index + 2]
    return not after or after[0].kind in (Kind.pause, Kind.symbol)
