"""What the rows of an export are read from, batch by batch, each in a transaction of its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.exports import contents
from database.queries.records import listing
from database.queries.records.filters import Spell
from database.queries.records.places import Place, Wanted
from domain.errors import Invalid, Unavailable
from domain.exporting.rows import Row
from domain.reporting.kinds import SplitBy
from services.caller import Caller
from services.clock import shared_now
from services.exporting import columns
from services.exporting.columns import Known
from services.exporting.inputs import ReportWanted
from services.exporting.places import Reached
from services.reporting import reports

AT_ONCE = 100
"""Conversations of a batch. Ours: their rows fit into memory many times over."""
ROWS_AT_ONCE = 2_000
LIST_SECONDS = 30.0
"""Of one page of conversations. Ours: nobody waits for it."""
TOO_LONG = "These filters take too long. Add a time, such as when conversations were opened."


@dataclass(frozen=True)
class Gathered:
    """Rows. `read`: conversations that were read to their end; `reached`: the last one.

    `lacks`: what is said of them if something may be missing.
    """

    rows: Sequence[Row]
    reached: Reached | None
    read: int = 0
    is_last: bool = False
    lacks: str | None = None


class Source(Protocol):
    """What rows are read from."""

    @property
    def names(self) -> Sequence[str]:
        """Return the names of all its columns."""
        ...

    async def read(self, session: AsyncSession, after: Reached | None, /) -> Gathered:
        """Return the next rows. Raises `Invalid` for filters that take too long."""
        ...


@dataclass(frozen=True)
class Page:
    """The next conversations. `reached`: how far that is; `is_last`: there are no more."""

    places: Sequence[Place]
    reached: Reached | None
    is_last: bool = False


async def page(session: AsyncSession, wanted: Wanted, after: Reached | None) -> Page:
    """Return the next conversations. Raises `Invalid` for filters that take too long."""
    start = after.place if after else None
    found = await listing.listed(session, wanted, after=start, limit=AT_ONCE, seconds=LIST_SECONDS)
    places = found.places
    if found.is_complete:
        ends = Reached.at(places[-1]) if places else after
        return Page(places, ends, len(places) < AT_ONCE)
    following = found.reached or (places[-1] if places else None)
    if following is None or following == start:
        raise Invalid(TOO_LONG)
    return Page(places, Reached.at(following))


@dataclass(frozen=True)
class Conversations:
    """One row for each conversation, or as many as it has survey answers."""

    wanted: Wanted
    known: Known
    names: Sequence[str]
    row_of: Callable[[columns.Found, Known], Sequence[Row]]

    async def read(self, session: AsyncSession, after: Reached | None) -> Gathered:
        """Return the rows of the next conversations."""
        found = await page(session, self.wanted, after)
        shown = await columns.load(session, self.wanted, found.places)
        rows = [row for one in shown for row in self.row_of(one, self.known)]
        return Gathered(rows, found.reached, len(found.places), found.is_last)


@dataclass(frozen=True)
class Contents:
    """Rows that conversations have many of: messages, or events.

    `load`: rows of conversations after an inner place, with each its conversation and inner place.
    """

    wanted: Wanted
    known: Known
    names: Sequence[str]
    load: Callable[[AsyncSession, Sequence[UUID], int, int], Awaitable[Sequence[Any]]]
    row_of: Callable[[Any, Known], Row]
    inner_of: Callable[[Any], int]

    async def read(self, session: AsyncSession, after: Reached | None) -> Gathered:
        """Return the next rows: the rest of a conversation, or those of the next ones."""
        if after is not None and after.inner is not None:
            return await self._rest(session, after, after.inner)
        found = await page(session, self.wanted, after)
        places = {one.id: one for one in found.places}
        loaded = await self.load(session, list(places), -1, ROWS_AT_ONCE + 1)
        rows = loaded[:ROWS_AT_ONCE]
        if len(loaded) == len(rows):
            return Gathered(self._rows(rows), found.reached, len(places), found.is_last)
        last = rows[-1]
        cut = Reached.at(places[last.conversation_id], self.inner_of(last))
        return Gathered(self._rows(rows), cut, list(places).index(last.conversation_id))

    async def _rest(self, session: AsyncSession, after: Reached, inner: int) -> Gathered:
        rows = await self.load(session, [after.id], inner, ROWS_AT_ONCE)
        is_whole = len(rows) < ROWS_AT_ONCE
        ends = None if is_whole else self.inner_of(rows[-1])
        reached = Reached(after.opened_at, after.id, ends)
        return Gathered(self._rows(rows), reached, int(is_whole))

    def _rows(self, rows: Sequence[Any]) -> Sequence[Row]:
        return [self.row_of(one, self.known) for one in rows]


def messages(wanted: Wanted, known: Known, within: Spell) -> Contents:
    """Return the entries of transcripts that were written in a span."""
    load = partial(contents.messages, within=within)
    return Contents(
        *(wanted, known, columns.MESSAGES, load, columns.message_row),
        inner_of=lambda row: row.position,
    )


def events(wanted: Wanted, known: Known, within: Spell) -> Contents:
    """Return the events of conversations that were in a span."""
    load = partial(contents.events, within=within)
    return Contents(
        *(wanted, known, columns.EVENTS, load, columns.event_row),
        inner_of=lambda row: row.id,
    )


class RecordsBehind(Unavailable):
    """Some conversations have no record of what had happened. It is tried again."""

    code = "records_behind"
    sentence = "Some conversations cannot be found yet. Try again in some minutes."


MAY_LACK = "The latest conversations may be missing, because they could not be found yet."
"""What is said of a file that waited for records, and got none."""
DAYS_LACK = "Some of these days lack something, because they were still being counted."
"""What is said of figures that waited for days."""


class DaysUncounted(Unavailable):
    """Days of a report are being counted anew. It is tried again."""

    code = "days_uncounted"
    sentence = "Some of these days are being counted anew. Try again in some minutes."


@dataclass(frozen=True)
class Figures:
    """The rows of a report, all at once: they are few.

    `waits_until`: until then, days that are being counted anew are waited for; after it, each row
    says how many there are.
    """

    caller: Caller
    report: ReportWanted
    waits_until: datetime

    @property
    def names(self) -> Sequence[str]:
        """Return the names of columns."""
        return [*columns.figure_names(self.report.query().wanted), "days_uncounted"]

    async def read(self, session: AsyncSession, _after: Reached | None, /) -> Gathered:
        """Return all rows, the total where nothing tells rows apart. Raises `DaysUncounted`."""
        query = self.report.query()
        found = await reports.read(self.caller, session, query)
        if found.uncounted and await shared_now(session) < self.waits_until:
            raise DaysUncounted
        rows = [(row, found.seconds_of(row)) for row in found.rows]
        if query.by is SplitBy.total:
            rows = [(found.total, found.seconds)]
        told = [
            (*columns.figure_row(query.wanted, row, seconds), found.uncounted)
            for row, seconds in rows
        ]
        lacks = DAYS_LACK if found.uncounted else None
        return Gathered(told, None, is_last=True, lacks=lacks)
