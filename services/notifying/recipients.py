"""Recipients of a batch: from a file or a list, good rows kept and bad ones told by their line."""

import csv
import hashlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts, batch_rows, batches
from database.tables import Account, Batch, BatchUpload, Line
from domain.batches.kinds import BadRow, BatchStatus
from domain.batches.moves import check_draft
from domain.batches.numbers import calling_code_of
from domain.batches.rows import GoodRow, RefusedRow, Row, Wording, columns_of, read_row, row_of
from domain.consent.first_texts import FirstTextCheck
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.text.cards import masked
from services.caller import Caller
from services.csv_files import CHUNK, heading_of, opened_csv, reader_of, sliced
from services.notifying.inputs import MOST_RECIPIENTS, RecipientIn

SLICE = 2000
"""Rows written in one transaction, as many as an import of consent writes. Ours."""
LINES_PASSED_BY = 1000
"""Lines without a row after which a slice grows all the same, so that it ends in time. Ours."""
READING_SECONDS = 45
"""The time in which a file is read. Ours: proxies usually wait 60 s for an answer. Sent again, the
same file goes on where it stopped.
"""
MOST_TOLD = 100
"""Bad rows in an answer. The others are counted, and listed on their own."""
MOST_KEPT = 100_000
"""Bad rows of an upload that are kept for that list. Ours: as many as recipients."""


@dataclass(frozen=True)
class Read:
    """What became of an upload. `known`: the same file was read before, as this upload.

    `bad`: counts by reason. `told`: the first bad rows: place, reason, detail. `stopped_at`: the
    last line that was read, if the rest was not.
    """

    upload: int
    name: str
    encoding: str
    good: int
    bad: Mapping[BadRow, int]
    told: Sequence[Mapping[str, Any]]
    known: int | None
    stopped_at: int | None
    recipients: int


@dataclass(frozen=True)
class _Terms:
    """What rows are read by."""

    batch_id: UUID
    wording: Wording
    calling_code: int | None


@dataclass(frozen=True)
class _NoRows:
    """Lines that were passed by: blank, or read before. `line`: the last of them."""

    line: int


_Item = Row | RefusedRow | _NoRows


@dataclass(frozen=True)
class _Slice:
    """Rows that are written together. `line`: the last of them."""

    line: int
    good: str
    count: int
    bad: Sequence[RefusedRow]


async def add(
    caller: Caller, sessions: Sessions, batch_id: UUID, rows: Sequence[RecipientIn]
) -> Read:
    """Add recipients to a batch in draft. Lines of bad ones count from 1. Raises as `upload`."""
    terms, batch = await _terms(caller, sessions, batch_id)
    given = json.dumps([row.model_dump() for row in rows], sort_keys=True).encode()
    upload, known = await _begun(
        caller, sessions, batch, hashlib.sha256(given).digest(), "Recipients", "JSON"
    )
    found = (
        Row(line, row.number, row.values, row.consent_evidence)
        for line, row in enumerate(rows, start=1)
    )
    return await _read(caller, sessions, terms, upload, known, found)


async def upload(
    caller: Caller, sessions: Sessions, batch_id: UUID, file: IO[bytes], name: str
) -> Read:
    """Add recipients from a CSV file with a heading to a batch in draft.

    The column with the number is found by its name; others fill the placeholders of the text. Every
    slice is kept by itself. Raises `NotFound`, `Conflict` for a batch that was started, `Invalid`
    for a file that is no text or lacks a column.
    """
    terms, batch = await _terms(caller, sessions, batch_id)
    digest = _digest(file)
    with opened_csv(file) as opened:
        lines = reader_of(opened.text)
        columns = columns_of(heading_of(lines), batch.text, batch.consent_column)
        upload, known = await _begun(caller, sessions, batch, digest, _shown(name), opened.encoding)
        rows = _rows(lines, columns, after=upload.read_until)
        return await _read(caller, sessions, terms, upload, known, rows)


async def bad_rows(
    caller: Caller, session: AsyncSession, batch_id: UUID, after: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Return rows that make no recipient, in order. Raises `NotFound`."""
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_read)
    await batches.find(session, caller.account_id, batch_id, caller.led_skills)
    return await batch_rows.bad_rows(session, batch_id, after, limit)


async def _terms(caller: Caller, sessions: Sessions, batch_id: UUID) -> tuple[_Terms, Batch]:
    caller.require(Role.manager)
    caller.require_scope(TokenScope.notifications_write)
    async with sessions.begin() as session:
        batch = await batches.find(session, caller.account_id, batch_id, caller.led_skills)
        check_draft(BatchStatus(batch.status))
        line = await session.get_one(Line, batch.line_id)
        account: Account = await accounts.find(session, caller.account_id)
    wording = Wording(
        template=batch.text,
        brand=account.brand,
        language=line.language or account.language,
        check=FirstTextCheck(account.first_text_check),
        adds_how_to_stop=batch.adds_how_to_stop,
        smart_encoding=line.smart_encoding,
        refuses_cards=account.masks_cards,
    )
    return _Terms(batch_id, wording, calling_code_of(line.address)), batch


async def _begun(
    caller: Caller, sessions: Sessions, batch: Batch, digest: bytes, name: str, encoding: str
) -> tuple[BatchUpload, int | None]:
    async with sessions.begin() as session:
        locked = await batches.lock(session, caller.account_id, batch.id, caller.led_skills)
        check_draft(BatchStatus(locked.status))
        account = await accounts.find(session, caller.account_id)
        name = masked(name) if account.masks_cards else name
        upload, known = await batch_rows.upload_of(session, batch.id, digest, name, encoding)
    return upload, known.number if known else None


async def _read(
    caller: Caller,
    sessions: Sessions,
    terms: _Terms,
    upload: BatchUpload,
    known: int | None,
    rows: Iterable[_Item],
) -> Read:
    ends = time.monotonic() + READING_SECONDS

    def prepare(found: list[_Item]) -> _Slice:
        return _prepared(found, terms, upload.number)

    is_whole = True
    async with aclosing(sliced(iter(rows), SLICE, prepare)) as slices:
        async for one in slices:
            await _write(caller, sessions, terms.batch_id, upload.number, one)
            if time.monotonic() >= ends:
                is_whole = False
                break
    return await _finished(caller, sessions, terms.batch_id, upload.number, known, is_whole)


def _prepared(found: Sequence[_Item], terms: _Terms, upload: int) -> _Slice:
    good: list[GoodRow] = []
    bad: list[RefusedRow] = []
    for row in found:
        if isinstance(row, _NoRows):
            continue
        read = _read_one(row, terms)
        if isinstance(read, GoodRow):
            good.append(read)
        else:
            bad.append(read)
    return _Slice(found[-1].line, batch_rows.packed_good(upload, good), len(good), bad)


def _read_one(row: Row | RefusedRow, terms: _Terms) -> GoodRow | RefusedRow:
    if isinstance(row, RefusedRow):
        return row
    return read_row(row, terms.wording, terms.calling_code)


async def _write(
    caller: Caller, sessions: Sessions, batch_id: UUID, number: int, found: _Slice
) -> None:
    """Write a slice, and how far its upload was read, in one transaction."""
    async with sessions.begin() as session:
        batch = await batches.lock(session, caller.account_id, batch_id, caller.led_skills)
        check_draft(BatchStatus(batch.status))
        upload = await session.get_one(BatchUpload, (batch_id, number))
        kept = sum(upload.bad.values())
        room = max(0, MOST_RECIPIENTS - batch.recipients)
        added, duplicates, too_many = await batch_rows.add(
            session, batch_id, found.good, room=room, tells=kept < MOST_KEPT
        )
        told = found.bad[: max(0, MOST_KEPT - kept)]
        if told:
            await batch_rows.refuse(session, batch_id, batch_rows.packed_bad(number, told))
        bad = Counter(row.reason.value for row in found.bad)
        bad[BadRow.duplicate.value] += duplicates
        bad[BadRow.too_many.value] += too_many
        await batch_rows.count_slice(session, upload, added=added, bad=bad, line=found.line)


async def _finished(
    caller: Caller,
    sessions: Sessions,
    batch_id: UUID,
    number: int,
    known: int | None,
    is_whole: bool,
) -> Read:
    async with sessions.begin() as session:
        upload = await session.get_one(BatchUpload, (batch_id, number))
        upload.is_whole = is_whole
        batch = await batches.find(session, caller.account_id, batch_id, caller.led_skills)
        told = await batch_rows.bad_rows_of(session, batch_id, number, MOST_TOLD)
        return Read(
            upload=number,
            name=upload.name,
            encoding=upload.encoding,
            good=upload.good,
            bad={BadRow(reason): count for reason, count in upload.bad.items()},
            told=told,
            known=known,
            stopped_at=None if is_whole else upload.read_until,
            recipients=batch.recipients,
        )


def _shown(name: str) -> str:
    """Return a file's name as it is kept: whatever it holds is no reason to refuse the file."""
    return "".join(filter(str.isprintable, name))[:200].strip() or "File"


def _digest(file: IO[bytes]) -> bytes:
    whole = hashlib.sha256()
    while chunk := file.read(CHUNK):
        whole.update(chunk)
    file.seek(0)
    return whole.digest()


def _rows(lines: Any, columns: Any, after: int) -> Iterator[_Item]:
    """Yield what the rows of a file say, after a line. Blank lines are no rows."""
    passed = 0
    while True:
        line = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error:
            yield RefusedRow(line, BadRow.no_csv) if line > after else _NoRows(line)
            continue
        if cells is None:
            return
        if line > after and any(cell.strip() for cell in cells):
            yield row_of(line, cells, columns)
            continue
        passed += 1
        if passed % LINES_PASSED_BY == 0:
            yield _NoRows(line)


async def bad_row_pages(
    caller: Caller, sessions: Sessions, batch_id: UUID
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Return all rows that make no recipient, page by page. Raises `NotFound`."""
    async with sessions.begin() as session:
        await bad_rows(caller, session, batch_id, 0, 1)
    return _pages(caller, sessions, batch_id)


async def _pages(
    caller: Caller, sessions: Sessions, batch_id: UUID
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    after = 0
    while True:
        async with sessions.begin() as session:
            rows = await bad_rows(caller, session, batch_id, after, SLICE)
        if not rows:
            return
        yield rows
        after = rows[-1]["place"]
