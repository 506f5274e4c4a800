"""Looks for a page of records: in the order of the list first, then by what was asked.

What is common is found among the first some thousand records of the order, read as they are
sorted. What is rare is found by the indexes of what was asked, month by month from where a page
begins if the order is that of the opening: so each statement meets few partitions, and few rows.
PostgreSQL cannot choose between the two. It knows how common each filter is, and not how common
they are together, so it would now and then read everything for an empty page.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement

from database.queries.records.filters import INSTANT, Spell, conditions, within_spell
from database.queries.records.places import Place, Sort, Wanted
from database.queries.records.spells import place_in, spells, widening
from database.queries.visibility import visible_records
from database.tables import ConversationRecord

WINDOWS = (2_000, 20_000)
"""Records of an order that are read as they come. Ours: an index knows best what fewer than one in
forty of them have; where that does not help, ten times as many are read in a tenth of a second.
"""
LEAST_MS = 50
HURRIES_MS = 600
"""What is left from which on each statement is told how long it has."""
FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)


@dataclass
class Search:
    """Looks among the records that have what is sorted by, or `is_missing`: that do not.

    These are sorted by their opening. `found`: so far. `reached`: everything before was looked at.
    """

    session: AsyncSession
    wanted: Wanted
    is_missing: bool
    ends_at: float
    found: list[Place] = field(default_factory=list)
    reached: Place | None = None
    is_complete: bool = True

    async def fill(self, after: Place | None, limit: int) -> None:
        """Find so many places after one of this kind, as far as there is time."""
        for size in self._windows():
            end = await self._end_of_window(after, size)
            query = self.passing(*self._beyond(after), *self._until(end))
            await self._take(query.order_by(*self.sorted), limit)
            if len(self.found) == limit or end is None:
                return
            self.reached = after = end
            if self._is_late():
                return
        await (self._by_months if self._is_by_opening else self._all)(after, limit)

    async def count(self, most: int) -> int:
        """Return how many there are, at most so many, as far as there is time."""
        counted = 0
        for spell in widening(await self._spells(None), ascending=False):
            rows = self.passing(*self.opened(spell)).limit(most - counted).subquery()
            counted += int(await self.session.scalar(select(func.count()).select_from(rows)) or 0)
            if counted == most or self._is_late():
                break
        return counted

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
    def sorted(self) -> list[ColumnElement[Any]]:
        """Return what the list is sorted by."""
        ascending = self.wanted.order.ascending
        return [one.asc() if ascending else one.desc() for one in self._key]

    def _is_late(self) -> bool:
        self.is_complete = time.monotonic() < self.ends_at
        return not self.is_complete

    @property
    def _is_by_opening(self) -> bool:
        return self.is_missing or self.wanted.order.sort is Sort.opened

    @property
    def _key(self) -> list[InstrumentedAttribute[Any]]:
        table = ConversationRecord
        last: list[InstrumentedAttribute[Any]] = [table.opened_at, table.conversation_id]
        return last if self._is_by_opening else [self.wanted.order.sort.column, *last]

    @property
    def _kind(self) -> list[ColumnElement[bool]]:
        if self.wanted.order.sort is Sort.opened:
            return []
        column = self.wanted.order.sort.column
        return [column.is_(None) if self.is_missing else column.is_not(None)]

    def _windows(self) -> Sequence[int]:
        filters = self.wanted.filters
        if filters.consumer_ids is not None or filters.conversations is not None:
            return ()  # their records are few
        is_broad = not self._is_by_opening or filters.consumers is not None
        return WINDOWS if is_broad else WINDOWS[:1]

    def _places(self) -> Select[Any]:
        table = ConversationRecord
        value = self.wanted.order.sort.column.label("value")
        return select(value, table.opened_at, table.conversation_id)

    async def _end_of_window(self, after: Place | None, size: int) -> Place | None:
        """Return where a window of the order ends, whatever is in it; None: it is the last one."""
        is_its = ConversationRecord.account_id == self.wanted.viewer.account_id
        spell = self.opened(self.wanted.filters.opened_within)
        query = self._places().where(is_its, *spell, *self._kind, *self._beyond(after))
        query = query.order_by(*self.sorted).offset(size - 1).limit(1)
        row = (await self.session.execute(query)).one_or_none()
        return Place(*row) if row else None

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

    async def _all(self, after: Place | None, limit: int) -> None:
        """Look among all that is left, by the indexes of what was asked."""
        await self._take(self._unsorted(self.passing(*self._beyond(after))), limit)

    def _unsorted(self, query: Select[Any]) -> Select[Any]:
        """Sort what passes, all of it: PostgreSQL must not read in the order of the list."""
        passing = query.offset(0).subquery()
        key = [passing.c.opened_at, passing.c.conversation_id]
        key = key if self._is_by_opening else [passing.c.value, *key]
        ascending = self.wanted.order.ascending
        return select(passing).order_by(*(one.asc() if ascending else one.desc() for one in key))

    async def _by_months(self, after: Place | None, limit: int) -> None:
        """Look month by month among all that is left, by the indexes of what was asked."""
        ascending = self.wanted.order.ascending
        for spell in widening(await self._spells(after), ascending=ascending):
            query = self.passing(*self._beyond(after), *self.opened(spell))
            await self._take(self._unsorted(query), limit)
            if len(self.found) == limit:
                return
            edge = spell.until if ascending else spell.since
            self.reached = self._beginning(edge) if edge else self.reached
            if self._is_late():
                return

    async def _spells(self, after: Place | None) -> Sequence[Spell]:
        at = after.opened_at if after else None
        opened = self.wanted.filters.opened_within
        left = place_in(opened, at, ascending=self.wanted.order.ascending)
        return await spells(self.session, self.wanted.viewer.account_id, left)

    def _beginning(self, edge: datetime) -> Place:
        """Return the place just before everything that is beyond a moment."""
        ascending = self.wanted.order.ascending
        at, one = (edge - INSTANT, LAST_ID) if ascending else (edge, FIRST_ID)
        return Place(None if self.is_missing else at, at, one)

    async def _take(self, query: Select[Any], limit: int) -> None:
        left = max(int((self.ends_at - time.monotonic()) * 1000), LEAST_MS)
        if left < HURRIES_MS:
            hurry = func.set_config("statement_timeout", f"{left}ms", True)
            await self.session.execute(select(hurry))
        rows = await self.session.execute(query.limit(limit - len(self.found)))
        self.found += [Place(*row) for row in rows]
