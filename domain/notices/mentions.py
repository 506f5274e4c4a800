"""Mentions: `@Name` in a note, resolved to people of the account."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence

MOST = 20
"""People named in one note. Ours."""


def mentioned(text: str, people: Mapping[str, str], chosen: Collection[str] = ()) -> Sequence[str]:
    """Return the ids of the people whom a note names, in the order of the text.

    `people`: names by id. `chosen`: ids that the writer picked, which decide between people of one
    name. A name counts whole, or as a first name that only one person has. At most `MOST`.
    """
    spoken, known = _folded(text), _by_words(people)
    found: dict[str, None] = {}
    for at in _begins(spoken):
        rest = spoken[at + 1 :]
        fitting = [words for words in known if rest.startswith(words) and _ends(rest, len(words))]
        if not fitting:
            continue
        ids = known[max(fitting, key=len)]
        picked = [one for one in ids if one in chosen]
        found |= dict.fromkeys(picked or (ids if len(ids) == 1 else ()))
    return list(found)[:MOST]


def _by_words(people: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the ids of people by their names, and by first names that nobody's whole name is."""
    whole: dict[str, list[str]] = {}
    first: dict[str, list[str]] = {}
    for agent_id, name in people.items():
        words = _folded(name).split()
        if not words:
            continue
        whole.setdefault(" ".join(words), []).append(agent_id)
        first.setdefault(words[0], []).append(agent_id)
    return {words: ids for words, ids in first.items() if words not in whole} | whole


def _begins(text: str) -> Sequence[int]:
    """Return where an @ stands that begins a word: not the one in an e-mail address."""
    return [
        at
        for at, char in enumerate(text)
        if char == "@" and not (at and (text[at - 1].isalnum() or text[at - 1] in "._-"))
    ]


def _ends(rest: str, length: int) -> bool:
    return len(rest) == length or not rest[length].isalnum()


def _folded(text: str) -> str:
    """Return a text as names are compared: in lower case, words apart by one space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
