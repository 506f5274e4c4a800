"""Which kept filters ask for somebody who is erased, by the words that a search finds them by."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.searching.words import UNSPACED, Sought, places_of, sought_in

LETTERS_OF_NAME = 3
"""Of a word by which a name is known, at least: "Lee" is one, "de" is in too many. Ours."""
UNSPACED_OF_NAME = 2
"""The same in scripts without spaces: most family names in Han have one or two. Ours."""
SEARCHED = ("name", "q", "field")
"""Filters whose words may name a consumer."""


@dataclass(frozen=True)
class Who:
    """An erased consumer as filters may name them. `name`, `email`: words, folded."""

    id: str
    name: frozenset[str]
    email: frozenset[str]

    @classmethod
    def called(cls, id_: str, name: str | None, email: str | None) -> "Who":
        """Return who has a name and an e-mail."""
        return cls(id_, frozenset(places_of(name or "")), frozenset(places_of(email or "")))

    def is_asked_for_by(self, filters: Mapping[str, Any]) -> bool:
        """Say whether filters ask for them: by their id, e-mail or whole name, by words of their
        name, or by a search that holds these.

        Of several words, others may be beginnings, as the search takes them: with a whole one
        they say whom they are about. Beginnings alone say it of nobody.
        """
        if filters.get("consumer") == self.id:
            return True
        asked = text_in(filters.get("name"))
        searched = {one for key in SEARCHED for one in places_of(text_in(filters.get(key)))}
        return (
            _is_whole(asked, (self.name, self.email))
            or self._has(sought_in(asked), least=1)
            or self._has(sought_in(text_in(filters.get("q"))), least=2)
            or self._is_within(searched)
        )

    def _has(self, asked: Sequence[Sought], least: int) -> bool:
        long = [one for one in asked if is_long(one.word)]
        whole = [one for one in long if _is_one_of(one, self.name)]
        return (
            len(long) >= least
            and bool(whole)
            and all(one in whole or _begins_one_of(one, self.name) for one in long)
        )

    def _is_within(self, searched: Collection[str]) -> bool:
        """Say whether a search holds their e-mail, or their name of several words."""
        long = {one for one in self.name if is_long(one)}
        name = long if len(long) > 1 else self.name
        return (len(name) > 1 and name.issubset(searched)) or (
            bool(self.email) and self.email.issubset(searched)
        )


def _is_whole(asked: str, ones: Collection[frozenset[str]]) -> bool:
    words = frozenset(places_of(asked))
    return bool(words) and words in ones


def is_long(word: str) -> bool:
    """Say whether somebody may be known by a word."""
    return len(word) >= (UNSPACED_OF_NAME if UNSPACED.match(word) else LETTERS_OF_NAME)


def _is_one_of(asked: Sought, words: Collection[str]) -> bool:
    """Say whether a word is one of a name. What has no spaces is in one where it begins a gram."""
    if UNSPACED.match(asked.word):
        return asked.word in words or _begins_one_of(asked, words)
    return asked.word in words


def _begins_one_of(asked: Sought, words: Collection[str]) -> bool:
    return asked.begins and any(one.startswith(asked.word) for one in words)


def text_in(value: Any) -> str:
    """Return the texts of a filter as one."""
    return " ".join(texts_in(value))


def texts_in(value: Any) -> Iterator[str]:
    """Yield the texts of a filter, such as of a list."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from texts_in(one)
