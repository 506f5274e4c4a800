"""What an import of consumers has done, or would do."""

from api.schemas.consent_ledger import ImportErrorOut
from api.schemas.shared import Answer


class ImportExampleOut(Answer):
    """A row that changes something. `changed`: what, such as `name` or `fields`."""

    line: int
    number: str
    is_new: bool
    changed: list[str]


class ConsumersImportedOut(Answer):
    """Consumers who are new, changed, and as they were, and lines refused, of which the first 100
    are told. `examples`: the first rows that change something.

    `stopped_at` is null for a whole import. Otherwise the lines before it are imported and those
    from it on are not: send the file again.
    """

    encoding: str
    """The file was read in it."""
    new: int
    changed: int
    same: int
    refused: int
    errors: list[ImportErrorOut]
    examples: list[ImportExampleOut]
    stopped_at: int | None
