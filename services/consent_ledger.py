"""The ledger of consent: exported as evidence, and imported from another system."""

import csv
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import TextIOWrapper
from itertools import islice
from typing import IO, Any

from database.engine import Sessions
from database.queries import consent_ledger
from domain.consent.ledger import NEEDED, ImportedConsent, read_row
from domain.errors import Invalid
from domain.people.roles import Role
from services.caller import Caller
from services.opting_out import recorded_by

BATCH = 500
"""Rows that are written together. Ours: small enough that texts arriving meanwhile do not wait."""
MOST_ERRORS = 100
"""Errors that are told. The others are counted."""


@dataclass(frozen=True)
class LineError:
    """Why a line was not imported."""

    line: int
    error: str


@dataclass
class Imported:
    """What became of an import. `known`: rows that were imported before."""

    added: int = 0
    known: int = 0
    refused: int = 0
    errors: list[LineError] = field(default_factory=list)

    def refuse(self, line: int, error: str) -> None:
        """Count a refused line."""
        self.refused += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(LineError(line, error))


async def export(caller: Caller, sessions: Sessions) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Return all events up to now, the oldest first, page by page."""
    caller.require(Role.admin)
    return _pages(caller.account_id, sessions)


async def _pages(account_id: str, sessions: Sessions) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    async with sessions.begin() as session:
        until = await consent_ledger.newest(session, account_id)
    after = 0
    while True:
        async with sessions.begin() as session:
            rows = await consent_ledger.page(session, account_id, after, until)
        if not rows:
            return
        yield rows
        after = rows[-1]["id"]


async def import_csv(caller: Caller, sessions: Sessions, file: IO[bytes]) -> Imported:
    """Import events from a CSV file with a heading. Good rows are kept; doing it twice adds none.

    Raises `Invalid` for a file without the columns that are needed.
    """
    caller.require(Role.admin)
    text = TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    lines, imported = csv.reader(text), Imported()
    try:
        rows = _rows(lines, _heading(lines), imported)
        async with sessions.begin() as session:
            scopes = await consent_ledger.scopes(session, caller.account_id)
        while batch := list(islice(rows, BATCH)):
            await _add(caller, sessions, batch, scopes, imported)
    finally:
        text.detach()
    return imported


def _heading(lines: Iterator[list[str]]) -> list[str]:
    try:
        heading = [name.strip().lower() for name in next(lines, [])]
    except csv.Error as error:
        raise Invalid("This is no CSV file.") from error
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        raise Invalid(f"The first line has to name the columns. Missing: {', '.join(missing)}.")
    return heading


def _rows(
    lines: Any, heading: Sequence[str], imported: Imported
) -> Iterator[tuple[int, ImportedConsent]]:
    now = datetime.now(UTC)
    while True:
        first = lines.line_num + 1
        try:
            cells = next(lines, None)
            if cells is None:
                return
            if cells:
                yield first, read_row(dict(zip(heading, cells, strict=False)), now)
        except csv.Error:
            imported.refuse(first, "The line is no line of CSV.")
        except Invalid as error:
            imported.refuse(first, error.detail)


async def _add(
    caller: Caller,
    sessions: Sessions,
    batch: Sequence[tuple[int, ImportedConsent]],
    scopes: frozenset[str],
    imported: Imported,
) -> None:
    good = [row for _, row in batch if row.scope in scopes]
    for line, row in batch:
        if row.scope not in scopes:
            imported.refuse(line, "scope names a line or a connector that does not exist.")
    if not good:
        return
    by = recorded_by(caller)
    async with sessions.begin() as session:
        added = await consent_ledger.add(session, caller.account_id, good, by)
    imported.added += added
    imported.known += len(good) - added
