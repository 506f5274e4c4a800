"""Takes consumers over from a file, or says what that would do."""

import asyncio
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from io import TextIOWrapper
from typing import IO
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import (
    account_rows,
    accounts,
    consumer_fields,
    consumer_imports,
    events,
    profiles,
)
from database.queries.events import NewEvent
from database.tables import Consumer, Line
from domain.batches.numbers import calling_code_of
from domain.consumers.imports import Columns, Keeping, columns_of, imported
from domain.consumers.profile import Profile, changed
from domain.conversation.kinds import EventKind
from domain.errors import ConsumerChanged, Invalid
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now
from services.csv_files import CHUNK, heading_of, opened_csv, reader_of, sliced
from services.importing.rows import ReadRow, RefusedLine, Terms, count_rows, rows

SLICE = 1000
"""Rows that are written in one transaction. Ours: half a second, and texts of the same consumers
wait no longer.
"""
WRITING_SECONDS = 45
"""Ours: proxies usually wait 60 s for an answer. What is known already takes none of this time, so
that importing the file again always gets further.
"""
MOST_TOLD = 100
"""Refused lines, and examples of the others, in an answer. The rest is counted."""
EXAMPLES = 20

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Example:
    """A row that changes something. `changed`: what of the consumer, such as `name`."""

    line: int
    number: str
    is_new: bool
    changed: Sequence[str]


@dataclass
class ConsumersImported:
    """What an import has done, or would do. `digest`: of the file.

    `stopped_at`: the first line that was not imported any more; None: the whole file was.
    """

    digest: str
    encoding: str
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    errors: list[RefusedLine] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    stopped_at: int | None = None


@dataclass(frozen=True)
class Import:
    """How a file is taken over. `is_check`: nothing is written."""

    caller: Caller
    sessions: Sessions
    keeping: Keeping
    is_check: bool


async def import_csv(
    wanted: Import, file: IO[bytes], checked: str | None = None
) -> ConsumersImported:
    """Import consumers from a CSV file with a heading; doing it twice changes nothing more.

    Every slice is kept by itself. `checked`: the digest of the file that was checked before. Raises
    `Invalid` for another file and one that cannot be read.
    """
    wanted.caller.require_whole()
    wanted.caller.require_scope(TokenScope.consumers_write)
    digest = _digest(file)
    if checked is not None and checked != digest:
        raise Invalid("This is another file than the one that was checked. Check it first.")
    with opened_csv(file) as opened:
        terms = await _terms(wanted, heading_of(reader_of(opened.text)))
        await asyncio.to_thread(_check_size, opened.text)
        done = ConsumersImported(digest, opened.encoding)
        opened.text.seek(0)
        lines = reader_of(opened.text)
        heading_of(lines)
        await _take(wanted, rows(lines, terms), done)
    return done


def _digest(file: IO[bytes]) -> str:
    whole = hashlib.sha256()
    while chunk := file.read(CHUNK):
        whole.update(chunk)
    file.seek(0)
    return whole.hexdigest()


def _check_size(text: TextIOWrapper) -> None:
    text.seek(0)
    lines = reader_of(text)
    heading_of(lines)
    count_rows(lines)


async def _terms(wanted: Import, heading: Sequence[str]) -> Terms:
    caller = wanted.caller
    async with wanted.sessions.begin() as session:
        fields = await consumer_fields.in_use(session, caller.account_id, caller.roles)
        lines = await account_rows.listed(session, Line, caller.account_id)
        account = await accounts.find(session, caller.account_id)
    columns: Columns = columns_of(heading, fields)
    locked = frozenset(one.id for one in fields if not caller.has(one.edited_by))
    codes = {calling_code_of(line.address) for line in lines} - {None}
    code = codes.pop() if len(codes) == 1 else None
    return Terms(replace(columns, locked=locked), code, account.masks_cards)


async def _take(
    wanted: Import, found: Iterator[ReadRow | RefusedLine], done: ConsumersImported
) -> None:
    """Take slice by slice, until the file ends or the time for writing is over."""
    ends = None
    async with aclosing(sliced(found, SLICE, list)) as slices:
        async for one in slices:
            is_over = ends is not None and time.monotonic() >= ends
            if is_over or not await _taken(wanted, one, done):
                done.stopped_at = one[0].line
                return
            if done.new + done.changed and ends is None:
                ends = time.monotonic() + WRITING_SECONDS


async def _taken(
    wanted: Import, found: Sequence[ReadRow | RefusedLine], done: ConsumersImported
) -> bool:
    """Say whether a slice is kept. If it is the first, the error says that none is."""
    good = [one for one in found if isinstance(one, ReadRow)]
    try:
        async with wanted.sessions.begin() as session:
            outcome = await _write(wanted, session, good)
    except (ConsumerChanged, *NOT_DONE) as error:
        if not done.new + done.changed + done.same:
            raise
        log.warning("consumer_import_stopped", error=type(error).__name__)
        return False
    refused = [one for one in found if isinstance(one, RefusedLine)]
    done.refused += len(refused)
    done.errors += refused[: MOST_TOLD - len(done.errors)]
    done.new += sum(one.is_new for one in outcome)
    done.changed += sum(not one.is_new for one in outcome)
    done.same += len(good) - len(outcome)
    done.examples += outcome[: EXAMPLES - len(done.examples)]
    return True


async def _write(wanted: Import, session: AsyncSession, good: Sequence[ReadRow]) -> list[Example]:
    """Write what rows say, unless it is only checked; return those that change something."""
    account_id = wanted.caller.account_id
    known = await consumer_imports.by_phone(session, account_id, [one.phone.key for one in good])
    check = _Sheet(replace(wanted, is_check=True), {})
    for row in good:
        check.take(row, known.get(row.phone.key), is_added=False)
    if wanted.is_check or not check.examples:
        return check.examples
    # What is as it was is neither locked nor read again: a file that goes on gets past it quickly.
    lines = {one.line for one in check.examples}
    return await _change(wanted, session, [row for row in good if row.line in lines])


async def _change(
    wanted: Import, session: AsyncSession, changing: Sequence[ReadRow]
) -> list[Example]:
    account_id, phones = wanted.caller.account_id, [one.phone for one in changing]
    added = await consumer_imports.add(session, account_id, phones)
    known = await consumer_imports.by_phone(session, account_id, [one.key for one in phones])
    sheet = _Sheet(wanted, await consumer_imports.locked(session, known.values()))
    for row in changing:
        sheet.take(row, known.get(row.phone.key), is_added=row.phone.key in added)
    await session.flush()
    await _tell(wanted.caller, session, sheet.told)
    return sheet.examples


class _Sheet:
    """What becomes of the consumers of a slice, by the id of the kept number."""

    def __init__(self, wanted: Import, groups: Mapping[UUID, Sequence[Consumer]]) -> None:
        self.wanted = wanted
        self.groups = groups
        self.profiles: dict[UUID, Profile] = {}
        self.examples: list[Example] = []
        self.told: list[tuple[Sequence[Consumer], str]] = []

    def take(self, row: ReadRow, consumer: Consumer | None, *, is_added: bool) -> None:
        """Take one row over. `consumer`: whose number it is; None: nobody's yet."""
        given = row.details
        if consumer is None:
            what = changed(Profile(), given.profile)
            more = ("language",) if given.language else ()
            self._tell_example(row, (*what, *more), is_new=True)
            return
        kept = profiles.kept_id(consumer)
        before = self.profiles.get(kept, profiles.profile_of(consumer))
        after = imported(before, given.profile, self.wanted.keeping)
        what = changed(before, after)
        is_other = self._language(consumer, given.language)
        if is_other:
            what = (*what, "language")
        if not (what or is_added):
            return
        self.profiles[kept] = after
        if not self.wanted.is_check:
            self._write(consumer, after, given.language if is_other else None)
        if what and not is_added:
            self.told.append((self.groups.get(kept, ()), ",".join(what)))
        self._tell_example(row, what, is_new=is_added)

    def _language(self, consumer: Consumer, given: str | None) -> bool:
        keeps = self.wanted.keeping is Keeping.kept and consumer.language is not None
        return bool(given) and given != consumer.language and not keeps

    def _write(self, consumer: Consumer, after: Profile, language: str | None) -> None:
        if profiles.profile_of(consumer) != after:
            group = self.groups[profiles.kept_id(consumer)]
            profiles.write(group, after, consumer.revision + 1)
        if language:
            consumer.language = language
            consumer.language_source = str(self.wanted.caller.language_source)

    def _tell_example(self, row: ReadRow, what: Sequence[str], *, is_new: bool) -> None:
        self.examples.append(Example(row.line, row.phone.written, is_new, what))


async def _tell(
    caller: Caller, session: AsyncSession, told: Sequence[tuple[Sequence[Consumer], str]]
) -> None:
    """Append the events of consumers that were known before."""
    ids = [row.id for group, _ in told for row in group]
    conversations = await consumer_imports.to_tell(session, ids)
    now, by = utc_now(), caller.person.agent_id if caller.person else None
    new = []
    for group, what in told:
        data = {"consumer_id": str(group[0].id), "changed": what}
        found = [one for row in group for one in conversations.get(row.id, ())]
        kind = str(EventKind.consumer_changed)
        new += [NewEvent(kind, now, one, by, data) for one in found or (None,)]
    await events.append(session, caller.account_id, new)
