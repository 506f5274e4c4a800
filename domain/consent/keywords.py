"""STOP, START and HELP: a text that is the keyword as a whole, before anything else is looked at.

    stop  = [around] word {word | around} [signature]
    word  = one of the lists, also repeated, spelt out ("S T O P") or drawn out ("STOOOP")
    around = politeness, urgency, what our own texts say ("reply", "to end")

A word that asks for other things, too ("cancel", "end") opts out only with nothing around it, so
does HELP; START takes politeness while the consumer is opted out. A text with any other word in it
is none. Each word is looked at some times at most: the cost is linear, and the length bounded.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.consent import keyword_words as words
from domain.consent.keyword import Keyword
from domain.text.folding import fold

LONGEST = 1000
"""Characters: what is longer is no keyword."""
LONGEST_PHRASE = 4
"""Words of the longest of the phrases in the lists."""
LONGEST_SIGNATURE = 8
"""Words in the line a phone puts under a text."""

BUILT_IN_STOP = words.CARRIERS_STOP.union(*words.STOP.values())
BUILT_IN_HELP = words.CARRIERS_HELP.union(*words.HELP.values())
BUILT_IN_START = words.CARRIERS_START
OPTIONAL = (BUILT_IN_STOP | BUILT_IN_HELP) - words.CARRIERS_STOP - words.CARRIERS_HELP
"""Built-in words that an account may switch off."""
CARRIERS = (
    words.CARRIERS_STOP | words.CARRIERS_START | words.CARRIERS_HELP | words.START_WHILE_OPTED_OUT
)
"""Words that mean what they mean everywhere."""

AROUND_ANY_STOP = words.POLITE | words.URGENT
AROUND_STOP = AROUND_ANY_STOP | words.AS_TOLD
DRAWN_OUT = re.compile(r"(.)\1{2,}")
REPEATED = re.compile(r"(?:stop){2,}")


@dataclass(frozen=True)
class OwnWords:
    """An account's own keywords, folded, and the built-in ones it has switched off."""

    stop: frozenset[str] = frozenset()
    start: frozenset[str] = frozenset()
    help: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()


NO_OWN = OwnWords()


@dataclass(frozen=True)
class Vocabulary:
    """What an account's consumers can say with one text."""

    stop: frozenset[str]
    plain_stop: frozenset[str]
    """Words that mean STOP whatever politeness stands around them."""
    start: frozenset[str]
    help: frozenset[str]


def keyword_in(text: str, *, is_opted_out: bool, own: OwnWords = NO_OWN) -> Keyword | None:
    """Return what a consumer's whole text means as a keyword, or None.

    YES opts in only while the consumer is opted out: elsewhere it is an answer.
    """
    said, known = said_in(text), vocabulary(own)
    if not said:
        return None
    if _is_made_of(said, known.stop) or is_plain_stop(said, known):
        return Keyword.stop
    if _is_made_of(said, known.start) or (is_opted_out and _opts_in(said, known)):
        return Keyword.start
    return Keyword.help if _is_made_of(said, known.help) else None


def said_in(text: str) -> tuple[str, ...]:
    """Return a text's words, folded and put right, without the phone's signature.

    None for a text that is too long to be a keyword.
    """
    if len(text) > LONGEST:
        return ()
    return tuple(_put_right(_without_signature(fold(text).split())))


def is_plain_stop(said: Sequence[str], known: Vocabulary) -> bool:
    """Say whether words are a STOP with nothing around it but politeness, urgency, our words."""
    return _is_made_of(said, known.stop, AROUND_STOP, needed=known.plain_stop)


def is_stop_of_other_things(said: Sequence[str], known: Vocabulary) -> bool:
    """Say whether words ask politely for an end of what may be texts or anything else."""
    return _is_made_of(said, known.stop, AROUND_ANY_STOP)


def language_of(text: str) -> str | None:
    """Return the language whose word a keyword is, None where it is nobody's or everybody's."""
    said = set(said_in(text))
    lists = (*words.STOP.items(), *words.HELP.items())
    found = {language for language, known in lists if said & known}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1000)
def vocabulary(own: OwnWords) -> Vocabulary:
    """Return the built-in words with an account's changes."""
    stop = (BUILT_IN_STOP - own.off) | own.stop
    return Vocabulary(
        stop=stop,
        plain_stop=BUILT_IN_STOP - own.off - words.OF_OTHER_THINGS,
        start=BUILT_IN_START | own.start,
        help=(BUILT_IN_HELP - own.off) | own.help,
    )


def _opts_in(said: Sequence[str], known: Vocabulary) -> bool:
    is_yes = _is_made_of(said, words.START_WHILE_OPTED_OUT)
    return is_yes or _is_made_of(said, known.start, words.POLITE, needed=known.start)


def _is_made_of(
    said: Sequence[str],
    core: frozenset[str],
    around: frozenset[str] = frozenset(),
    *,
    needed: frozenset[str] | None = None,
) -> bool:
    """Say whether words are phrases of `core` and `around` only, with one at least of `needed`.

    `needed` is a part of `core`, and all of it where it is None.
    """
    needed = core if needed is None else needed
    reached: dict[int, bool] = {0: False}
    for begin in range(len(said)):
        if begin not in reached:
            continue
        for end in range(begin + 1, min(begin + LONGEST_PHRASE, len(said)) + 1):
            phrase = " ".join(said[begin:end])
            phrase = words.SAME_AS.get(phrase, phrase)
            if phrase in core or phrase in around:
                is_said = reached[begin] or phrase in needed
                reached[end] = reached.get(end, False) or is_said
    return reached.get(len(said), False)


def _without_signature(said: list[str]) -> list[str]:
    for place in range(max(1, len(said) - LONGEST_SIGNATURE), len(said)):
        begins = (" ".join(said[place : place + length]) for length in (2, 3))
        if any(begin in words.SIGNATURES for begin in begins):
            return said[:place]
    return said


def _put_right(said: Sequence[str]) -> Iterator[str]:
    """Join letters that stand apart ("s t o p"), and shorten what is drawn out ("stoooop")."""
    letters: list[str] = []
    for word in (*said, ""):
        if len(word) == 1 and word.isalpha():
            letters.append(word)
            continue
        yield from ["".join(letters)] if len(letters) > 2 else letters
        letters = []
        if REPEATED.fullmatch(word):
            word = "stop"
        if word:
            yield DRAWN_OUT.sub(r"\1", word)
