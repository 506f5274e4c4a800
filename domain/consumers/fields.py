"""The fields an account keeps about its consumers, and which values they take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from domain.consumers.kinds import FieldKind
from domain.consumers.links import web_link
from domain.consumers.words import one_line
from domain.errors import Invalid
from domain.people.roles import Role
from domain.text.hidden import is_seen

LONGEST_TEXT: Final = 500
"""Characters. Ours: a line or two; what is longer is a note."""
MOST_FIELDS: Final = 50
"""Fields in use of an account. Ours: more do not fit beside a conversation."""
MOST_CHOICES: Final = 100
LONGEST_CHOICE: Final = 80
DECIMAL: Final = re.compile(r"-?\d{1,20}(\.\d{1,10})?", re.ASCII)
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TAKEN: Final = frozenset({"number", "name", "email", "note"})
"""What every consumer has without any field."""

FieldValue = str | bool
Given = bool | int | str | None


@dataclass(frozen=True)
class Field:
    """A field of an account. `key`: how templates name it. `seen_by`, `edited_by`: the lowest
    roles that may. `is_required`: it is asked for, and never holds up a text.
    """

    id: str
    key: str
    name: str
    kind: FieldKind
    choices: tuple[str, ...]
    seen_by: Role
    edited_by: Role
    is_required: bool

    def read(self, given: Given) -> FieldValue | None:
        """Return a value as it is kept, None for an empty one. Raises `Invalid`."""
        try:
            value = self._value(given)
        except Invalid as error:
            raise Invalid(f"{self.name}: {error.detail}") from error
        if value is None and self.is_required:
            raise Invalid(f"{self.name} is required. Give another value instead of none.")
        return value

    def _value(self, given: Given) -> FieldValue | None:
        if given is None or (isinstance(given, str) and not given.strip()):
            return None
        if self.kind is FieldKind.yes_no or isinstance(given, bool):
            return _yes_or_no(self.kind, given)
        text = str(given)
        match self.kind:
            case FieldKind.text:
                return _text(text)
            case FieldKind.number:
                return _number(text.strip())
            case FieldKind.date:
                return _date(text.strip())
            case FieldKind.choice:
                return _choice(self.choices, one_line(text))
            case FieldKind.link:
                return web_link(text)


def checked_choices(kind: FieldKind, choices: Sequence[str]) -> list[str]:
    """Return the choices of a field as they are kept. Raises `Invalid`."""
    if kind is not FieldKind.choice:
        if choices:
            raise Invalid("Only a field of the kind choice has choices.")
        return []
    kept = [one_line(choice) for choice in choices]
    if not 1 <= len(kept) <= MOST_CHOICES:
        raise Invalid(f"Give 1 to {MOST_CHOICES} choices.")
    if not all(is_seen(choice) and len(choice) <= LONGEST_CHOICE for choice in kept):
        raise Invalid(f"A choice has 1 to {LONGEST_CHOICE} characters that can be seen.")
    if len({choice.casefold() for choice in kept}) < len(kept):
        raise Invalid("A choice is given twice.")
    return kept


def check_key(key: str) -> None:
    """Raise `Invalid` for a field of something that every consumer has anyway."""
    if key in TAKEN:
        raise Invalid(f"Every consumer has a {key} already. Give the field another name.")


def check_roles(seen_by: Role, edited_by: Role) -> None:
    """Raise `Invalid` if people could edit what they cannot see."""
    order = list(Role)
    if order.index(edited_by) < order.index(seen_by):
        raise Invalid("Whoever edits a field must also see it.")


def _yes_or_no(kind: FieldKind, given: Given) -> bool:
    if kind is not FieldKind.yes_no or not isinstance(given, bool):
        raise Invalid("true or false is needed." if kind is FieldKind.yes_no else "not yes or no.")
    return given


def _text(written: str) -> str | None:
    text = one_line(written)
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"{len(text)} characters; {LONGEST_TEXT} are allowed.")
    return text if is_seen(text) else None


def _number(written: str) -> str:
    if not DECIMAL.fullmatch(written):
        raise Invalid("write a number such as 1200 or 12.50.")
    number = Decimal(written)
    return f"{abs(number) if number == 0 else number:f}"


def _date(written: str) -> str:
    try:
        if not DATE.fullmatch(written):
            raise ValueError
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise Invalid("write a date such as 2026-12-24.") from None


def _choice(choices: Sequence[str], written: str) -> str:
    for choice in choices:
        if choice.casefold() == written.casefold():
            return choice
    raise Invalid("choose one of the choices.")
