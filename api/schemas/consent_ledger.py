"""The result of an import of consent."""

from typing import Self

from api.schemas.shared import Answer
from services.consent_ledger import Imported


class ImportErrorOut(Answer):
    """A line that was not imported, and why."""

    line: int
    error: str


class ImportedOut(Answer):
    """Rows added, rows known before, and lines refused, of which the first 100 are told.

    `stopped_at` is null for a whole import. Otherwise the lines before it are imported and those
    from it on are not: send the file again.
    """

    added: int
    known: int
    refused: int
    errors: list[ImportErrorOut]
    stopped_at: int | None

    @classmethod
    def of(cls, imported: Imported) -> Self:
        return cls.model_validate(imported)
