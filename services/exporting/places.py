"""Where the next part of an export begins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from database.queries.records.places import Place


@dataclass(frozen=True)
class Reached:
    """How far an export is: the last conversation that was read, by its opening and id.

    `inner`: that conversation has rows after this one yet; None: it was read to its end.
    """

    opened_at: datetime
    id: UUID
    inner: int | None = None

    @property
    def place(self) -> Place:
        """Return it as lists of records have it."""
        return Place(self.opened_at, self.opened_at, self.id)

    @classmethod
    def at(cls, place: Place, inner: int | None = None) -> Self:
        """Return a place of a list of records."""
        return cls(place.opened_at, place.id, inner)

    def kept(self) -> dict[str, Any]:
        """Return it as the export's row keeps it."""
        at = self.opened_at.isoformat()
        return {"opened_at": at, "id": str(self.id), "inner": self.inner}

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> Self | None:
        """Return what a row keeps; None: nothing was read."""
        if kept is None:
            return None
        at = datetime.fromisoformat(kept["opened_at"])
        return cls(at, UUID(kept["id"]), kept["inner"])
