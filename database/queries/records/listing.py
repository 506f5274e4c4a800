"""Lists and counts records: any filters, any order, pages by cursors, bounded in all."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.records.places import Order, Place, Sort, Wanted
from database.queries.records.search import LEAST_MS, Search
from database.queries.searching import within
from database.tables import Conversation, ConversationRecord

BUDGET_SECONDS = 0.8
"""Of one list. Ours: nobody waits longer, and what was found until then is a page; the next one
goes on looking.
"""


@dataclass
class Page:
    """Records in their order. `reached`: where the search stopped, if there was no time for all."""

    places: list[Place]
    is_complete: bool = True
    reached: Place | None = None


async def listed(
    session: AsyncSession,
    wanted: Wanted,
    *,
    after: Place | None,
    limit: int,
    seconds: float | None = None,
) -> Page:
    """Return the places of records in their order, after `after`. `seconds`: it may take."""
    page = Page([])
    if wanted.filters.finds_nothing:
        return page
    ends_at = time.monotonic() + (BUDGET_SECONDS if seconds is None else seconds)
    for is_missing in (False, True):
        if is_missing and (wanted.order.sort is Sort.opened or not page.is_complete):
            break
        if after is not None and after.value is None and not is_missing:
            continue
        if (room := limit - len(page.places)) > 0:
            start = after if after and (after.value is None) == is_missing else None
            search = Search(session, wanted, is_missing, ends_at)
            async with within(session, _milliseconds(ends_at)) as watch:
                await search.fill(start, room)
            is_complete = search.is_complete and not watch.ran_out
            page = Page([*page.places, *search.found], is_complete, search.reached)
    return page


async def opened_at(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> tuple[tuple[datetime, UUID], ...]:
    """Return those of some conversations that an account has, each with when it was opened."""
    table = Conversation
    its = (table.account_id == account_id, table.id.in_(ids))
    found = await session.execute(select(table.opened_at, table.id).where(*its).order_by(table.id))
    return tuple((row.opened_at, row.id) for row in found)


async def rows(session: AsyncSession, places: Sequence[Place]) -> dict[UUID, ConversationRecord]:
    """Return the records of some places, by their conversations."""
    if not places:
        return {}
    table = ConversationRecord
    keys = [(one.opened_at, one.id) for one in places]
    query = select(table).where(tuple_(table.opened_at, table.conversation_id).in_(keys))
    return {row.conversation_id: row for row in await session.scalars(query)}


async def count(
    session: AsyncSession, wanted: Wanted, *, most: int, seconds: float | None = None
) -> int | None:
    """Return how many records there are, `most` at most; None: there was no time to count them."""
    if wanted.filters.finds_nothing:
        return 0
    ends_at, counted = time.monotonic() + (BUDGET_SECONDS if seconds is None else seconds), 0
    search = Search(session, replace(wanted, order=Order()), False, ends_at)
    async with within(session, _milliseconds(ends_at)) as watch:
        counted = await search.count(most)
    return counted if search.is_complete and not watch.ran_out else None


def _milliseconds(ends_at: float) -> int:
    return max(int((ends_at - time.monotonic()) * 1000), LEAST_MS)
