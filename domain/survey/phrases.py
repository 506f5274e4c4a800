"""Finds known phrases among the tokens of a text."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from domain.survey.tokens import Kind, Token
from domain.survey.vocabulary import figures
from domain.survey.vocabulary.known import KNOWN

V = TypeVar("V")
Slot = tuple[frozenset[str], bool]
"""The words that may fill one slot of a pattern, and whether the slot may be empty."""

Words = Sequence[Token]
SPOKEN = (Kind.word, Kind.number)
LONGEST = 8
"""Words of the longest phrase in the vocabulary."""


def phrase_at(words: Words, start: int, known: Collection[str]) -> int | None:
    """Return where the longest known phrase at `start` ends, or None."""
    return next((end for end, said in reversed(_ends_of(words, start)) if said in known), None)


def looked_up(words: Words, start: int, known: Mapping[str, V]) -> tuple[V, int] | None:
    """Return the meaning of the longest known phrase at `start`, and where it ends."""
    end = phrase_at(words, start, known)
    return None if end is None else (known[said(words[start:end])], end)


def said(words: Words) -> str:
    return " ".join(token.text for token in words)


def is_word(words: Words, index: int, known: Collection[str]) -> bool:
    """Say whether one of the known words stands at `index`."""
    return index < len(words) and words[index].kind is Kind.word and words[index].text in known


def any_phrase(words: Words, known: Collection[str]) -> bool:
    return any(phrase_at(words, index, known) for index in range(len(words)))


def lead_at(words: Words, start: int) -> list[int]:
    """Return the ends of phrases that lead to a number, such as `I'd give it a`; longest first."""
    if start >= len(words):
        return []
    leads = _leads().get(words[start].text, ())
    ends = {end for slots in leads for end in _ends(words, start, slots)}
    if words[start].kind is Kind.word and words[start].text not in KNOWN:
        ends |= {end for slots in _deserving() for end in _ends(words, start + 1, slots)}
    return sorted(ends - {start}, reverse=True)


def _ends_of(words: Words, start: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    phrase = ""
    for index in range(start, min(len(words), start + LONGEST)):
        if words[index].kind not in SPOKEN:
            break
        phrase = f"{phrase} {words[index].text}" if phrase else words[index].text
        found.append((index + 1, phrase))
    return found


def _ends(words: Words, start: int, slots: tuple[Slot, ...]) -> set[int]:
    """Return the ends of a pattern, following all its alternatives word by word."""
    reached, ends, index = _skipped({0}, slots), set[int](), start
    while reached:
        if len(slots) in reached:
            ends.add(index)
        if index >= len(words) or words[index].kind is not Kind.word:
            break
        word = words[index].text
        after = {at + 1 for at in reached if at < len(slots) and word in slots[at][0]}
        reached, index = _skipped(after, slots), index + 1
    return ends


def _skipped(reached: set[int], slots: tuple[Slot, ...]) -> set[int]:
    """Return the slots reached, including those behind optional slots left empty."""
    every = set(reached)
    for at in sorted(reached):
        while at < len(slots) and slots[at][1]:
            at += 1
            every.add(at)
    return every


@lru_cache(maxsize=1)
def _leads() -> dict[str, list[tuple[Slot, ...]]]:
    """Return the patterns of leads, by the words they may begin with."""
    found: dict[str, list[tuple[Slot, ...]]] = {}
    for pattern in figures.LEADS:
        slots = tuple(map(_slot, pattern.split()))
        first = (slots[at][0] for at in _skipped({0}, slots) if at < len(slots))
        for word in frozenset().union(*first):
            found.setdefault(word, []).append(slots)
    return found


@lru_cache(maxsize=1)
def _deserving() -> tuple[tuple[Slot, ...], ...]:
    return tuple(tuple(map(_slot, pattern.split())) for pattern in figures.DESERVES)


def _slot(written: str) -> Slot:
    names = written.strip("[]")
    return frozenset(figures.GROUPS.get(names, names).split("|")), written.startswith("[")
