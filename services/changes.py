"""Changes of a row: fields that are left out stay as they are, None empties a field."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from enum import Enum
from typing import Final

from database.tables.base import Table
from domain.settings.allowed import check_setting


class Unchanged(Enum):
    """The value of a field that is left out. None is a value of its own."""

    unchanged = "unchanged"


UNCHANGED: Final = Unchanged.unchanged


@dataclass(frozen=True)
class Change:
    """Fields to change, named like the columns of their row."""

    def apply(self, row: Table, *, but: Collection[str] = ()) -> None:
        """Write the given fields to a row, except those in `but`.

        Raises `Invalid` for a value that is not allowed.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not UNCHANGED and field.name not in but:
                check_setting(field.name, value)
                setattr(row, field.name, value)
