"""What an account knows of a consumer, and what becomes of it when two turn out to be one."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from domain.consumers.fields import FieldValue

MOST_NUMBERS: Final = 20
"""Numbers of one consumer. Ours: more is a mistake, or a switchboard."""
OWN: Final = ("name", "email", "note")
FIELD: Final = "field:"
"""What stands before a field's id where details are named."""


@dataclass(frozen=True)
class Profile:
    """A consumer's details. `fields`: by the ids of the account's fields."""

    name: str | None = None
    email: str | None = None
    note: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict)

    def details(self) -> Iterator[tuple[str, FieldValue]]:
        """Yield what is known, by name."""
        for name in OWN:
            if value := getattr(self, name):
                yield name, value
        for field_id, value in self.fields.items():
            yield FIELD + field_id, value

    def with_detail(self, name: str, value: FieldValue | None) -> "Profile":
        """Return the profile with one detail changed; None empties it."""
        if name.startswith(FIELD):
            return self.with_field(name.removeprefix(FIELD), value)
        own = {one: getattr(self, one) for one in OWN} | {name: value}
        return Profile(**own, fields=self.fields)

    def with_field(self, field_id: str, value: FieldValue | None) -> "Profile":
        """Return the profile with one of the account's fields changed; None empties it."""
        rest = {one: kept for one, kept in self.fields.items() if one != field_id}
        return replace(self, fields=rest if value is None else rest | {field_id: value})


@dataclass(frozen=True)
class Combined:
    """A profile with what it lacked, and the names of those details."""

    profile: Profile
    filled: tuple[str, ...]


def combined(kept: Profile, other: Profile) -> Combined:
    """Return the kept profile with what it lacks from another. What it has, it keeps."""
    known = dict(kept.details())
    filled = []
    for name, value in other.details():
        if name not in known:
            kept = kept.with_detail(name, value)
            filled.append(name)
    return Combined(kept, tuple(filled))


def without(profile: Profile, names: Collection[str], given: Profile) -> Combined:
    """Return a profile without details that came from another, and the names of those it had.

    A detail that somebody has changed since stays.
    """
    came = dict(given.details())
    taken = [name for name, value in profile.details() if name in names and came.get(name) == value]
    for name in taken:
        profile = profile.with_detail(name, None)
    return Combined(profile, tuple(taken))


def changed(before: Profile, after: Profile) -> tuple[str, ...]:
    """Return what differs, in words that tell nothing of which fields there are."""
    told = [name for name in OWN if getattr(before, name) != getattr(after, name)]
    return (*told, *(("fields",) if before.fields != after.fields else ()))
