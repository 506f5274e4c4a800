"""What an account may change about keywords: words of its own, and which built-in ones count."""

from collections.abc import Iterable, Iterator

from domain.consent.keywords import (
    BUILT_IN_HELP,
    BUILT_IN_START,
    BUILT_IN_STOP,
    CARRIERS,
    LONGEST_PHRASE,
    OPTIONAL,
    OwnWords,
    said_in,
)
from domain.errors import Invalid

BUILT_IN = BUILT_IN_STOP | BUILT_IN_START | BUILT_IN_HELP | CARRIERS


def chosen(
    *, stop: Iterable[str], start: Iterable[str], help: Iterable[str], off: Iterable[str]
) -> OwnWords:
    """Return an account's words as they are compared.

    Raises `Invalid` for what could never match, means something else already, or must stay.
    """
    switched_off = frozenset(_optional(off))
    taken = set(BUILT_IN - switched_off)
    return OwnWords(
        stop=frozenset(_new(stop, taken)),
        start=frozenset(_new(start, taken)),
        help=frozenset(_new(help, taken)),
        off=switched_off,
    )


def _new(words: Iterable[str], taken: set[str]) -> Iterator[str]:
    for given in words:
        word = " ".join(said_in(given))
        if sum(map(str.isalpha, word)) < 2:
            raise Invalid(f"The keyword {given} needs two letters at least.")
        if word.count(" ") >= LONGEST_PHRASE:
            raise Invalid(f"The keyword {given} has more than {LONGEST_PHRASE} words.")
        if word in CARRIERS:
            raise Invalid(f"{given} is a word of the carriers: it means the same everywhere.")
        if word in taken:
            raise Invalid(f"{given} is a keyword already, or given twice.")
        taken.add(word)
        yield word


def _optional(words: Iterable[str]) -> Iterator[str]:
    for given in words:
        word = " ".join(said_in(given))
        if word in CARRIERS:
            raise Invalid(f"{given} is a word of the carriers: it cannot be switched off.")
        if word not in OPTIONAL:
            raise Invalid(f"{given} is none of the built-in keywords.")
        yield word
