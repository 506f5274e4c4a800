"""The spells of time that a search looks at, one after the other: each meets few partitions.

The first is a month. What was rare there is looked for in two months more, then four, and so on.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.partitions.catalogue import RECORDS
from database.partitions.making import months_there
from database.partitions.months import next_month
from database.queries.records.filters import INSTANT, Spell, within_spell
from database.tables import ConversationRecord

MOST_TOGETHER = 8
"""Months of one statement. Ours: more partitions take longer to plan than they save."""


async def spells(session: AsyncSession, account_id: str, wanted: Spell) -> Sequence[Spell]:
    """Return the months in which an account's conversations were opened, the oldest first.

    Where months have no partition of their own, they are one spell.
    """
    opened = ConversationRecord.opened_at
    its = ConversationRecord.account_id == account_id
    query = select(func.min(opened), func.max(opened)).where(its, *within_spell(opened, wanted))
    row = (await session.execute(query)).one()
    first, last = cast("tuple[datetime | None, datetime | None]", tuple(row))
    if first is None or last is None:
        return []
    edges = {first, last + INSTANT}
    for month in await months_there(session, RECORDS):
        edges |= {one for one in (month, next_month(month)) if first < one <= last}
    ordered = sorted(edges)
    return [Spell(*pair) for pair in pairwise(ordered)]


def widening(found: Sequence[Spell], *, ascending: bool) -> Iterator[Spell]:
    """Yield spells from one end to the other: one, then two together, four, eight, eight ..."""
    left, together = list(found), 1
    while left:
        if ascending:
            part, left = left[:together], left[together:]
        else:
            part, left = left[-together:], left[:-together]
        yield Spell(part[0].since, part[-1].until)
        together = min(2 * together, MOST_TOGETHER)


def place_in(spell: Spell, at: datetime | None, *, ascending: bool) -> Spell:
    """Return a spell from a place of a list on."""
    since, until = spell.since, spell.until
    if at is not None and ascending:
        since = max(since, at) if since else at
    elif at is not None:
        until = min(until, at + INSTANT) if until else at + INSTANT
    return Spell(since, until)
