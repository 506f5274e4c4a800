"""What to change of something: fields that are left out stay as they are, None empties one."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from enum import Enum
from typing import Final

from database.tables.base import Table
from domain.settings.allowed import check_setting


class Unchanged(Enum):
    """Stands in a field that is left out: None is a value."""

    unchanged = "unchanged"


UNCHANGED: Final = Unchanged.unchanged


@dataclass(frozen=True)
class Change:
    """Fields to change, named as the columns of what they are of."""

    def apply(self, row: Table, *, but: Collection[str] = ()) -> None:
        """Write the fields that were given to a row, but for those that are no column of it.

        Raises `Invalid` for a value that is not allowed.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not UNCHANGED and field.name not in but:
                check_setting(field.name, value)
                setattr(row, field.name, value)
