"""Consumers in a file: what its columns mean, what a row says, what becomes of what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.consumers.fields import Field, Given
from domain.consumers.kinds import FieldKind
from domain.consumers.profile import Profile, combined
from domain.consumers.words import email_of_consumer, name_of_consumer, note_about_consumer
from domain.errors import Invalid
from domain.languages import check_language
from domain.text.formulas import as_written

NUMBER: Final = "number"
LANGUAGE: Final = "language"
DETAILS: Final = (NUMBER, "name", "email", "note", LANGUAGE)
SPELLINGS: Final[Mapping[str, str]] = {
    **{name: name for name in DETAILS},
    **{"phone": NUMBER, "phone number": NUMBER, "mobile": NUMBER, "telephone": NUMBER},
    **{"e-mail": "email", "e-mail address": "email", "email address": "email"},
    **{"nummer": NUMBER, "telefon": NUMBER, "telefonnummer": NUMBER, "notiz": "note"},
    **{"sprache": LANGUAGE},
}
YES: Final = frozenset({"yes", "y", "true", "1", "ja", "wahr"})
NO: Final = frozenset({"no", "n", "false", "0", "nein", "falsch"})


class Keeping(StrEnum):
    """What becomes of what is known already. A blank cell never empties anything."""

    kept = "kept"
    replaced = "replaced"


@dataclass(frozen=True)
class Columns:
    """Where a file says what, by the place of the column. `fields`: the account's own."""

    number: int
    details: Mapping[int, str]
    fields: Mapping[int, Field]
    width: int
    locked: frozenset[str] = frozenset()
    """The ids of fields that the caller may not edit."""


@dataclass(frozen=True)
class Details:
    """What a row says about a consumer, besides their number."""

    profile: Profile
    language: str | None


def columns_of(heading: Sequence[str], fields: Sequence[Field]) -> Columns:
    """Return what the columns of a file are. `fields`: those the caller sees. Raises `Invalid`."""
    own = {one.key.casefold(): one for one in fields} | {one.name.casefold(): one for one in fields}
    details: dict[int, str] = {}
    ours: dict[int, Field] = {}
    unknown = []
    for place, written in enumerate(heading):
        name = " ".join(written.split()).casefold()
        if name in SPELLINGS:
            details[place] = SPELLINGS[name]
        elif name in own:
            ours[place] = own[name]
        elif name:
            unknown.append(written.strip()[:80])
    if NUMBER not in details.values():
        raise Invalid("The first line has to name the columns. The column number is missing.")
    if unknown:
        raise Invalid(f"These columns are not known: {', '.join(unknown[:10])}.")
    named = [*details.values(), *(one.id for one in ours.values())]
    if len(set(named)) < len(named):
        raise Invalid("A column is there twice.")
    number = next(place for place, name in details.items() if name == NUMBER)
    return Columns(number, details, ours, len(heading))


def read_details(cells: Sequence[str], columns: Columns) -> Details:
    """Return what a row says. Raises `Invalid`."""
    if any(cell.strip() for cell in cells[columns.width :]):
        raise Invalid("The row has more cells than the first line has columns.")
    given = {name: _cell(cells, place) for place, name in columns.details.items()}
    values = {
        field.id: field.read(_given(field, written, columns.locked))
        for place, field in columns.fields.items()
        if (written := _cell(cells, place)) is not None
    }
    language = given.get(LANGUAGE)
    if language:
        check_language(language)
    profile = Profile(
        name=name_of_consumer(given.get("name")),
        email=email_of_consumer(given.get("email")),
        note=note_about_consumer(given.get("note")),
        fields={name: value for name, value in values.items() if value is not None},
    )
    return Details(profile, language)


def imported(known: Profile, given: Profile, keeping: Keeping) -> Profile:
    """Return what is known of a consumer after an import."""
    if keeping is Keeping.kept:
        return combined(known, given).profile
    return combined(given, known).profile


def _cell(cells: Sequence[str], place: int) -> str | None:
    written = cells[place].strip() if place < len(cells) else ""
    return as_written(written) or None


def _given(field: Field, written: str, locked: frozenset[str]) -> Given:
    if field.id in locked:
        raise Invalid(f"{field.name} is edited by {field.edited_by}s.")
    if field.kind is not FieldKind.yes_no:
        return written
    word = written.casefold()
    if word not in YES | NO:
        raise Invalid(f"{field.name}: write yes or no.")
    return word in YES
