"""Which kept filters ask for somebody who is erased, by the words that a search finds them by."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.consumers.fields import Field
from domain.errors import Invalid
from domain.searching.words import UNSPACED, Sought, places_of, sought_in

LETTERS_OF_NAME = 3
"""Of a word by which a name is known, at least: "Lee" is one, "de" is in too many. Ours."""
UNSPACED_OF_NAME = 2
"""The same in scripts without spaces: most family names in Han have one or two. Ours."""
LETTERS_OF_NUMBER = 5
"""Of a word with digits by which texts are searched for one consumer, at least, such as the number
of a customer: four digits are a year. Ours.
"""
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
        asked = _text(filters.get("name"))
        searched = {one for key in SEARCHED for one in places_of(_text(filters.get(key)))}
        return (
            _is_whole(asked, (self.name, self.email))
            or self._has(sought_in(asked), least=1)
            or self._has(sought_in(_text(filters.get("q"))), least=2)
            or self._is_within(searched)
        )

    def _has(self, asked: Sequence[Sought], least: int) -> bool:
        long = [one for one in asked if _is_long(one.word)]
        whole = [one for one in long if _is_one_of(one, self.name)]
        return (
            len(long) >= least
            and bool(whole)
            and all(one in whole or _begins_one_of(one, self.name) for one in long)
        )

    def _is_within(self, searched: Collection[str]) -> bool:
        """Say whether a search holds their e-mail, or their name of several words."""
        long = {one for one in self.name if _is_long(one)}
        name = long if len(long) > 1 else self.name
        return (len(name) > 1 and name.issubset(searched)) or (
            bool(self.email) and self.email.issubset(searched)
        )


@dataclass(frozen=True)
class OwnValue:
    """An erased consumer's value of a field of their account's own. `words`: of it, folded."""

    field: Field
    words: frozenset[str]

    def is_same_as(self, written: str) -> bool:
        """Say whether another value has the same words."""
        return frozenset(places_of(written)) == self.words

    def is_asked_for_in_field(self, written: str) -> bool:
        """Say whether a filter such as `loyalty:4711` asks for it, as the search reads it."""
        key, _, given = written.partition(":")
        return key == self.field.key and self.is_same_as(_as_kept(self.field, given))

    @property
    def is_number(self) -> bool:
        """Say whether it stands for somebody in texts, too: other words may be about anything."""
        return any(
            len(one) >= LETTERS_OF_NUMBER and any(map(str.isdigit, one)) for one in self.words
        )


def own_values(fields: Collection[Field], values: Mapping[str, Any]) -> Iterator[OwnValue]:
    """Yield a consumer's values that have words, from all by the ids of fields; not yes and no."""
    for field in fields:
        value = values.get(field.id)
        if isinstance(value, str) and (words := frozenset(places_of(value))):
            yield OwnValue(field, words)


def values_asked_for(
    values: Collection[OwnValue], filters: Mapping[str, Any]
) -> Iterator[OwnValue]:
    """Yield the values that filters ask for: in their field, or whole as what is known of somebody;
    and those that hold a number, within a search for words.
    """
    in_fields = list(_texts(filters.get("field")))
    known = frozenset(places_of(_text(filters.get("name"))))
    searched = known.union(places_of(_text(filters.get("q"))))
    for value in values:
        if (
            any(map(value.is_asked_for_in_field, in_fields))
            or (value.words == known and any(map(_is_long, known)))
            or (value.is_number and value.words.issubset(searched))
        ):
            yield value


def _as_kept(field: Field, given: str) -> str:
    try:
        return str(field.read(given) or "")
    except Invalid:  # the field takes other values by now
        return given


def _is_whole(asked: str, ones: Collection[frozenset[str]]) -> bool:
    words = frozenset(places_of(asked))
    return bool(words) and words in ones


def _is_long(word: str) -> bool:
    return len(word) >= (UNSPACED_OF_NAME if UNSPACED.match(word) else LETTERS_OF_NAME)


def _is_one_of(asked: Sought, words: Collection[str]) -> bool:
    """Say whether a word is one of a name. What has no spaces is in one where it begins a gram."""
    if UNSPACED.match(asked.word):
        return asked.word in words or _begins_one_of(asked, words)
    return asked.word in words


def _begins_one_of(asked: Sought, words: Collection[str]) -> bool:
    return asked.begins and any(one.startswith(asked.word) for one in words)


def _text(value: Any) -> str:
    return " ".join(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)
