"""Recognises STOP, START and HELP in a text that is a keyword as a whole.

    stop  = [around] word {word | around} [signature]
    word  = one of the lists, also repeated, spelt out ("S T O P") or drawn out ("STOOOP")
    around = politeness, urgency, what our own texts say ("reply", "to end")

A word that may also mean something else ("cancel", "end") opts out only with nothing around it.
HELP too must stand alone. START may have polite words around it while the consumer is opted out. A
text with any other word is not a keyword. The cost is linear in a bounded length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.consent import keyword_words as words
from domain.consent.keyword import Keyword
from domain.text.folding import fold

LONGEST = 1000
"""Characters of the longest text that may be a keyword. Ours: room for a signature, and no more."""
LONGEST_PHRASE = 4
"""Words of the longest phrase in the lists."""
LONGEST_SIGNATURE = 8
"""Words of the longest signature that a phone adds to a text. Ours, from those of phones in use."""

BUILT_IN_STOP = words.CARRIERS_STOP.union(*words.STOP.values())
BUILT_IN_HELP = words.CARRIERS_HELP.union(*words.HELP.values())
BUILT_IN_START = words.CARRIERS_START
OPTIONAL = (BUILT_IN_STOP | BUILT_IN_HELP) - words.CARRIERS_STOP - words.CARRIERS_HELP
"""Built-in words that an account may switch off."""
CARRIERS = (
    words.CARRIERS_STOP | words.CARRIERS_START | words.CARRIERS_HELP | words.START_WHILE_OPTED_OUT
)
"""Words whose meaning no account can change."""

AROUND_ANY_STOP = words.POLITE | words.URGENT
AROUND_STOP = AROUND_ANY_STOP | words.AS_TOLD
DRAWN_OUT = re.compile(r"(.)\1{2,}")
TO_A_CODE = re.compile(r"\b(stop(?: sms| pub)?) (?:(?:au|to|2|an|al|ao) \d{4,6}|3[68]\d{3})\b")
"""STOP with the short code that our own texts name: "STOP au 36180". France's codes for it begin
with 36 and 38, and people leave out the "au". Other numbers alone may be a bus stop's.
"""
REPEATED = re.compile(r"(?:stop){2,}")


@dataclass(frozen=True)
class OwnWords:
    """An account's own keywords, folded, and the built-in keywords it has switched off (`off`)."""

    stop: frozenset[str] = frozenset()
    start: frozenset[str] = frozenset()
    help: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()


NO_OWN = OwnWords()


@dataclass(frozen=True)
class Vocabulary:
    """The keywords of an account, built-in and its own."""

    stop: frozenset[str]
    plain_stop: frozenset[str]
    """Words that mean STOP even with polite words around them."""
    start: frozenset[str]
    help: frozenset[str]


def keyword_in(text: str, *, is_opted_out: bool, own: OwnWords = NO_OWN) -> Keyword | None:
    """Return the keyword that a text is as a whole; None: it is not a keyword.

    YES opts in only while the consumer is opted out. Otherwise it is an answer.
    """
    said, known = said_in(text), vocabulary(own)
    if not said:
        return None
    if _is_made_of(said, known.stop) or is_plain_stop(said, known):
        return Keyword.stop
    if _is_made_of(said, known.start) or (is_opted_out and _opts_in(said, known)):
        return Keyword.start
    return Keyword.help if _is_made_of(said, known.help) else None


@lru_cache(maxsize=100)  # one text is read for several purposes
def said_in(text: str) -> tuple[str, ...]:
    """Return a text's words, folded and normalised, without the phone's signature.

    A text that is too long to be a keyword has none.
    """
    if len(text) > LONGEST:
        return ()
    return tuple(_normalised(_without_signature(TO_A_CODE.sub(r"\1", fold(text)).split())))


def is_plain_stop(said: Sequence[str], known: Vocabulary) -> bool:
    """Say whether words are a STOP with only polite, urgent or our own words around it."""
    return _is_made_of(said, known.stop, AROUND_STOP, needed=known.plain_stop)


def is_stop_of_other_things(said: Sequence[str], known: Vocabulary) -> bool:
    """Say whether words politely ask to stop something, which may be the texts or not."""
    return _is_made_of(said, known.stop, AROUND_ANY_STOP)


def language_of(text: str) -> str | None:
    """Return the language of a keyword; None if it belongs to no language or to several."""
    said = set(said_in(text))
    lists = (*words.STOP.items(), *words.HELP.items())
    found = {language for language, known in lists if said & known}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=1000)
def vocabulary(own: OwnWords) -> Vocabulary:
    """Return the built-in keywords with an account's changes."""
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
    """Say whether words consist of phrases of `core` and `around`, with at least one of `needed`.

    `needed` is a part of `core`; None: all of it.
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
    for index in range(max(1, len(said) - LONGEST_SIGNATURE), len(said)):
        begins = (" ".join(said[index : index + length]) for length in (2, 3))
        if any(begin in words.SIGNATURES for begin in begins):
            return said[:index]
    return said


def _normalised(said: Sequence[str]) -> Iterator[str]:
    """Join single letters ("s t o p"), and shorten repeated ones ("stoooop")."""
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
