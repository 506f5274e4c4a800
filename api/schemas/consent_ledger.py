"""The result of an import of consent."""

from typing import Self

from api.schemas.shared import Answer
from services.consent_ledger import Imported


class ImportErrorOut(Answer):
    """A line that was not imported, and why."""

    line: int
    error: str


class ImportedOut(Answer):
    """Rows added, rows known before, and lines refused, of which the first 100 are told."""

    added: int
    known: int
    refused: int
    errors: list[ImportErrorOut]

    @classmethod
    def of(cls, imported: Imported) -> Self:
        return cls.model_validate(imported)
