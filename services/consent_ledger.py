"""The ledger of consent: exported as evidence, and imported from another system."""

import csv
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import IO, Any

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import accounts, consent_ledger
from domain.consent.ledger import NEEDED, ImportedConsent, read_row
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import auditing
from services.caller import Caller
from services.csv_files import sliced
from services.opting_out import recorded_by

SLICE = 2000
"""Lines that are written in one transaction. Ours: a fifth of a second, and texts of the same
consumers wait no longer.
"""
WRITING_SECONDS = 45
"""The time in which an import writes. Ours: proxies usually wait 60 s for an answer. What is known
already takes none of this time, so that sending the file again always gets further.
"""
MOST_ERRORS = 100
"""Errors that are told. The others are counted."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class LineError:
    """Why a line was not imported."""

    line: int
    error: str


@dataclass
class Imported:
    """What became of an import. `known`: rows that were imported before.

    `stopped_at`: the first line that was not imported any more; None: the whole file was.
    """

    added: int = 0
    known: int = 0
    refused: int = 0
    errors: list[LineError] = field(default_factory=list)
    stopped_at: int | None = None

    def refuse(self, errors: Sequence[LineError]) -> None:
        """Count refused lines."""
        self.refused += len(errors)
        self.errors.extend(errors[: MOST_ERRORS - len(self.errors)])


async def export(caller: Caller, sessions: Sessions) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Return all events up to now, the oldest first, page by page."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.consumers_read)
    async with sessions.begin() as session:
        await auditing.note_export(caller, session, "consent", "")
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

    Every slice is kept by itself. An import that stops later says at which line. Raises `Invalid`
    for a file without the columns that are needed.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.consumers_write)
    text = TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    lines, imported = csv.reader(text), Imported()
    try:
        heading = _heading(lines)
        async with sessions.begin() as session:
            scopes = await consent_ledger.scopes(session, caller.account_id)
            masks = (await accounts.find(session, caller.account_id)).masks_cards
        await _take(caller, sessions, _read(lines, heading, scopes, masks=masks), imported)
    finally:
        text.detach()
    return imported


Read = Iterator["tuple[int, ImportedConsent] | LineError"]


@dataclass(frozen=True)
class _Slice:
    """Lines that are taken together. `line`: the first; `size`: how many are good."""

    line: int
    size: int
    packed: str
    refused: Sequence[LineError]


async def _take(caller: Caller, sessions: Sessions, lines: Read, imported: Imported) -> None:
    """Import slice by slice, until the file ends or the time for writing is over."""
    ends = None
    async with aclosing(sliced(lines, SLICE, _slice)) as slices:
        async for found in slices:
            is_over = ends is not None and time.monotonic() >= ends
            if is_over or not await _add(caller, sessions, found, imported):
                imported.stopped_at = found.line
                return
            if imported.added and ends is None:
                ends = time.monotonic() + WRITING_SECONDS


def _slice(found: "list[tuple[int, ImportedConsent] | LineError]") -> _Slice:
    refused = [one for one in found if isinstance(one, LineError)]
    good = [one for one in found if not isinstance(one, LineError)]
    first = min([line for line, _ in good[:1]] + [one.line for one in refused[:1]])
    return _Slice(first, len(good), consent_ledger.packed([row for _, row in good]), refused)


async def _add(caller: Caller, sessions: Sessions, found: _Slice, imported: Imported) -> bool:
    """Say whether a slice is kept. If it is the first, the database's error says that none is."""
    by = recorded_by(caller)
    try:
        async with sessions.begin() as session:
            added = await consent_ledger.add(session, caller.account_id, found.packed, by)
    except NOT_DONE as error:
        if not imported.added + imported.known:
            raise
        log.warning("consent_import_stopped", error=type(error).__name__)
        return False
    imported.added += added
    imported.known += found.size - added
    imported.refuse(found.refused)
    return True


def _heading(lines: Iterator[list[str]]) -> list[str]:
    try:
        heading = [name.strip().lower() for name in next(lines, [])]
    except csv.Error as error:
        raise Invalid("This is no CSV file.") from error
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        raise Invalid(
            "The first line has to name the columns, with commas between them. "
            f"Missing: {', '.join(missing)}."
        )
    return heading


def _read(lines: Any, heading: Sequence[str], scopes: frozenset[str], *, masks: bool) -> Read:
    now = datetime.now(UTC)
    while True:
        first = lines.line_num + 1
        try:
            cells = next(lines, None)
            if cells is None:
                return
            if cells:
                row = read_row(dict(zip(heading, cells, strict=False)), now)
                if row.scope not in scopes:
                    raise Invalid("scope names a line or a connector that does not exist.")
                yield first, row.without_cards() if masks else row
        except csv.Error:
            yield LineError(first, "The line is no line of CSV.")
        except Invalid as error:
            yield LineError(first, error.detail)
