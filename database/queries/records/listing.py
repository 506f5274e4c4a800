"""Lists records: any filters, any order, pages by cursors, bounded in all.

What is common is found among the first some thousand records of the order, read as they are
sorted. What is rare is found by the indexes of what was asked, month by month from where a page
begins if the order is that of the opening: so each statement meets one partition, and few rows.
PostgreSQL cannot choose between the two. It knows how common each filter is, and not how common
they are together, so it would now and then read everything for an empty page.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from database.queries.records.filters import RecordFilters, Spell, conditions, within_spell
from database.queries.records.partitions import month_of, next_month
from database.queries.searching import within
from database.queries.visibility import Viewer, visible_records
from database.tables import ConversationRecord

WINDOWS = (2_000, 20_000)
"""Records of an order that are read as they come. Ours: an index knows best what fewer than one in
forty of them have; where that does not help, ten times as many are read in a tenth of a second.
"""
BUDGET_SECONDS = 3.0
"""Of one list. Ours: nobody waits longer, and what was found until then is a page."""
LEAST_MS = 50
INSTANT = timedelta(microseconds=1)
FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)


class Sort(StrEnum):
    """What records are sorted by. Those without it come last, by their opening."""

    opened = "opened"
    closed = "closed"
    last_message = "last_message"
    duration = "duration"
    first_response = "first_response"
    score = "score"

    @property
    def is_moment(self) -> bool:
        """Say whether it is a moment, and not a number."""
        return self in (Sort.opened, Sort.closed, Sort.last_message)

    @property
    def column(self) -> InstrumentedAttribute[Any]:
        """Return the column."""
        table = ConversationRecord
        return {
            Sort.opened: table.opened_at,
            Sort.closed: table.closed_at,
            Sort.last_message: table.last_message_at,
            Sort.duration: table.duration_seconds,
            Sort.first_response: table.first_response_seconds,
            Sort.score: table.survey_score,
        }[self]


@dataclass(frozen=True)
class Order:
    """The order of a list. `ascending`: the oldest, shortest or lowest first."""

    sort: Sort = Sort.opened
    ascending: bool = False


@dataclass(frozen=True)
class Place:
    """Where a page ends. `value`: of what is sorted by; None: where it is missing."""

    value: datetime | int | None
    opened_at: datetime
    id: UUID


@dataclass(frozen=True)
class Wanted:
    """Which records to list, and how."""

    viewer: Viewer
    filters: RecordFilters
    order: Order
    now: datetime


@dataclass
class Page:
    """Records in their order. `reached`: where the search stopped, if there was no time for all."""

    places: list[Place]
    is_complete: bool = True
    reached: Place | None = None


@dataclass(frozen=True)
class Month:
    """A month, from its beginning to that of the next."""

    since: datetime
    until: datetime

    @classmethod
    def of(cls, at: datetime) -> "Month":
        """Return the month of a moment."""
        return cls(month_of(at), next_month(month_of(at)))

    @property
    def spell(self) -> Spell:
        return Spell(self.since, self.until)


@dataclass
class Clock:
    """The time that is left of a list."""

    ends_at: float

    @property
    def milliseconds(self) -> int:
        return max(int((self.ends_at - time.monotonic()) * 1000), LEAST_MS)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.ends_at


async def listed(session: AsyncSession, wanted: Wanted, *, after: Place | None, limit: int) -> Page:
    """Return the places of records in their order, after `after`."""
    if wanted.filters.finds_nothing:
        return Page([])
    clock = Clock(time.monotonic() + BUDGET_SECONDS)
    found = Page([])
    for is_missing in (False, True):
        if is_missing and (wanted.order.sort is Sort.opened or not found.is_complete):
            break
        if after is not None and after.value is None and not is_missing:
            continue
        room = limit - len(found.places)
        if room > 0:
            start = after if after and (after.value is None) == is_missing else None
            part = await Search(session, wanted, is_missing=is_missing, clock=clock).page(
                start, room
            )
            found = Page([*found.places, *part.places], part.is_complete, part.reached)
    return found


async def rows(session: AsyncSession, places: Sequence[Place]) -> dict[UUID, ConversationRecord]:
    """Return the records of some places, by their conversations."""
    if not places:
        return {}
    table = ConversationRecord
    keys = [(one.opened_at, one.id) for one in places]
    query = select(table).where(tuple_(table.opened_at, table.conversation_id).in_(keys))
    return {row.conversation_id: row for row in await session.scalars(query)}


async def count(session: AsyncSession, wanted: Wanted, *, most: int) -> int | None:
    """Return how many records there are, `most` at most; None: there was no time to count them."""
    if wanted.filters.finds_nothing:
        return 0
    clock = Clock(time.monotonic() + BUDGET_SECONDS)
    search, found = Search(session, wanted, is_missing=False, clock=clock), 0
    at = wanted.filters.opened_within.until
    while found < most and (month := await search.month_before(at)) is not None:
        passing = search.passing(*search.opened(month.spell)).limit(most - found).subquery()
        async with within(session, clock.milliseconds) as watch:
            found += int(await session.scalar(select(func.count()).select_from(passing)) or 0)
        if watch.ran_out or clock.is_over:
            return None
        at = month.since
    return found


@dataclass
class Search:
    """Looks for a page among the records that have what is sorted by, or among those that do not.

    These are sorted by their opening.
    """

    session: AsyncSession
    wanted: Wanted
    is_missing: bool
    clock: Clock

    async def page(self, after: Place | None, limit: int) -> Page:
        """Return a page after a place of this kind."""
        found: list[Place] = []
        for size in self._windows():
            end = await self._read_one(self._nth(after, size))
            if self.clock.is_over:
                return Page(found, is_complete=False, reached=after)
            part = await self._read(self._passing(after, end).order_by(*self.sorted), limit)
            if part is None:
                return Page(found, is_complete=False, reached=after)
            found, limit = [*found, *part], limit - len(part)
            if limit == 0 or end is None:
                return Page(found)
            after = end
        rest = await (self._by_months if self._is_by_opening else self._all)(after, limit)
        return Page([*found, *rest.places], rest.is_complete, rest.reached)

    async def month_before(self, at: datetime | None) -> Month | None:
        """Return the month of the latest opening before a moment; None: there is none.

        Months without records are passed over, however many.
        """
        return await self._month(at and at - INSTANT)

    def passing(self, *conditions_: ColumnElement[bool]) -> Select[Any]:
        """Return the places of records that pass the filters."""
        wanted = self.wanted
        asked = conditions(wanted.viewer.account_id, wanted.filters, wanted.now)
        opened = self.opened(wanted.filters.opened_within)
        return self._places().where(
            visible_records(wanted.viewer), *asked, *opened, *self._kind, *conditions_
        )

    @staticmethod
    def opened(spell: Spell) -> list[ColumnElement[bool]]:
        """Return the conditions that let PostgreSQL pass over partitions."""
        return list(within_spell(ConversationRecord.opened_at, spell))

    @property
    def _is_by_opening(self) -> bool:
        return self.is_missing or self.wanted.order.sort is Sort.opened

    @property
    def _key(self) -> list[InstrumentedAttribute[Any]]:
        table = ConversationRecord
        last: list[InstrumentedAttribute[Any]] = [table.opened_at, table.conversation_id]
        return last if self._is_by_opening else [self.wanted.order.sort.column, *last]

    @property
    def sorted(self) -> list[ColumnElement[Any]]:
        """Return what the list is sorted by."""
        ascending = self.wanted.order.ascending
        return [one.asc() if ascending else one.desc() for one in self._key]

    @property
    def _kind(self) -> list[ColumnElement[bool]]:
        if self.wanted.order.sort is Sort.opened:
            return []
        column = self.wanted.order.sort.column
        return [column.is_(None) if self.is_missing else column.is_not(None)]

    def _windows(self) -> Sequence[int]:
        filters = self.wanted.filters
        if filters.consumer_ids is not None:
            return ()  # their records are few
        is_broad = not self._is_by_opening or filters.consumers is not None
        return WINDOWS if is_broad else WINDOWS[:1]

    def _places(self) -> Select[Any]:
        table = ConversationRecord
        value = self.wanted.order.sort.column.label("value")
        return select(value, table.opened_at, table.conversation_id)

    def _nth(self, after: Place | None, size: int) -> Select[Any]:
        """Look for the place at which a window of the order ends, whatever is in it."""
        is_its = ConversationRecord.account_id == self.wanted.viewer.account_id
        spell = self.opened(self.wanted.filters.opened_within)
        query = self._places().where(is_its, *spell, *self._kind, *self._beyond(after))
        return query.order_by(*self.sorted).offset(size - 1).limit(1)

    def _passing(self, after: Place | None, end: Place | None) -> Select[Any]:
        return self.passing(*self._beyond(after), *self._until(end))

    def _beyond(self, place: Place | None) -> list[ColumnElement[bool]]:
        if place is None:
            return []
        key, at = tuple_(*self._key), self._key_of(place)
        ascending, opened = self.wanted.order.ascending, ConversationRecord.opened_at
        found = [key > at if ascending else key < at]
        if self._is_by_opening:  # so that partitions are passed over
            found += [opened >= place.opened_at if ascending else opened <= place.opened_at]
        return found

    def _until(self, place: Place | None) -> list[ColumnElement[bool]]:
        if place is None:
            return []
        key, at = tuple_(*self._key), self._key_of(place)
        ascending, opened = self.wanted.order.ascending, ConversationRecord.opened_at
        found = [key <= at if ascending else key >= at]
        if self._is_by_opening:
            found += [opened <= place.opened_at if ascending else opened >= place.opened_at]
        return found

    def _key_of(self, place: Place) -> Any:
        last = (place.opened_at, place.id)
        return tuple_(*(last if self._is_by_opening else (place.value, *last)))

    async def _all(self, after: Place | None, limit: int) -> Page:
        """Look among all that is left, by the indexes of what was asked."""
        found = await self._read(self._unsorted(self._passing(after, None)), limit)
        return Page(found or [], is_complete=found is not None)

    def _unsorted(self, query: Select[Any]) -> Select[Any]:
        """Sort what passes, all of it: PostgreSQL must not read in the order of the list."""
        passing = query.offset(0).subquery()
        key = [passing.c.opened_at, passing.c.conversation_id]
        key = key if self._is_by_opening else [passing.c.value, *key]
        ascending = self.wanted.order.ascending
        return select(passing).order_by(*(one.asc() if ascending else one.desc() for one in key))

    async def _by_months(self, after: Place | None, limit: int) -> Page:
        """Look month by month among all that is left, by the indexes of what was asked."""
        found: list[Place] = []
        ascending, at = self.wanted.order.ascending, after.opened_at if after else None
        reached = after
        while limit > 0 and (month := await self._month(at, ascending=ascending)) is not None:
            query = self._passing(after, None).where(*self.opened(month.spell))
            part = None if self.clock.is_over else await self._read(self._unsorted(query), limit)
            if part is None:
                return Page(found, is_complete=False, reached=reached)
            found, limit = [*found, *part], limit - len(part)
            at = month.until if ascending else month.since - INSTANT
            reached = self._beginning(at, ascending=ascending)
        return Page(found)

    async def _month(self, at: datetime | None, *, ascending: bool = False) -> Month | None:
        """Return the month of the next opening: from a moment on or, descending, until then."""
        opened = ConversationRecord.opened_at
        spell = self.opened(self.wanted.filters.opened_within)
        is_its = ConversationRecord.account_id == self.wanted.viewer.account_id
        query = select(func.min(opened) if ascending else func.max(opened)).where(is_its, *spell)
        if at is not None:
            query = query.where(opened >= at if ascending else opened <= at)
        next_at = await self.session.scalar(query)
        return None if next_at is None else Month.of(next_at)

    def _beginning(self, at: datetime, *, ascending: bool) -> Place:
        """Return the place just before everything that is yet to be looked at."""
        at, one = (at - INSTANT, LAST_ID) if ascending else (at + INSTANT, FIRST_ID)
        return Place(None if self.is_missing else at, at, one)

    async def _read_one(self, query: Select[Any]) -> Place | None:
        found = await self._read(query, 1)
        return found[0] if found else None

    async def _read(self, query: Select[Any], limit: int) -> list[Place] | None:
        """Return places; None if there was no time for that."""
        found: list[Place] = []
        async with within(self.session, self.clock.milliseconds) as watch:
            rows_ = await self.session.execute(query.limit(limit))
            found = [Place(value, opened_at, one) for value, opened_at, one in rows_]
        return None if watch.ran_out else found
