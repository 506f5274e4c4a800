"""What an account may change about keywords: add its own, and switch optional ones off."""

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
    """Return an account's keywords in the form they are compared in.

    Raises `Invalid` for a keyword that could never match, already has a meaning, or must stay on.
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
            raise Invalid(f"The keyword {given} needs at least two letters.")
        if word.count(" ") >= LONGEST_PHRASE:
            raise Invalid(f"The keyword {given} has more than {LONGEST_PHRASE} words.")
        if word in CARRIERS:
            raise Invalid(
                f"{given} is a keyword of the carriers, and its meaning cannot be changed."
            )
        if word in taken:
            raise Invalid(f"{given} is already a keyword, or is listed twice.")
        taken.add(word)
        yield word


def _optional(words: Iterable[str]) -> Iterator[str]:
    for given in words:
        word = " ".join(said_in(given))
        if word in CARRIERS:
            raise Invalid(f"{given} is a keyword of the carriers and cannot be switched off.")
        if word not in OPTIONAL:
            raise Invalid(f"{given} is not a built-in keyword.")
        yield word
