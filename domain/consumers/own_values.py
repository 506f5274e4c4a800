"""Which kept filters ask for somebody who is erased by a value of their account's own fields."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.consumers.fields import Field
from domain.errors import Invalid
from domain.searching.naming import is_long, text_in, texts_in
from domain.searching.words import places_of

LETTERS_OF_NUMBER = 5
"""Of a word with digits by which texts are searched for one consumer, at least, such as the number
of a customer: four digits are a year. Ours.
"""


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
    in_fields = list(texts_in(filters.get("field")))
    known = frozenset(places_of(text_in(filters.get("name"))))
    searched = known.union(places_of(text_in(filters.get("q"))))
    for value in values:
        if (
            any(map(value.is_asked_for_in_field, in_fields))
            or (value.words == known and any(map(is_long, known)))
            or (value.is_number and value.words.issubset(searched))
        ):
            yield value


def _as_kept(field: Field, given: str) -> str:
    try:
        return str(field.read(given) or "")
    except Invalid:  # the field takes other values by now
        return given
