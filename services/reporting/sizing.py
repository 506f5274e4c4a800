"""Says at once when facts would have to be read for longer than anybody waits.

Sums are kept by each dimension and by each two together. What is asked by three at once is read
from facts, and sums say how many of them there are.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports import sums
from database.queries.reports.sums import Asked
from domain.errors import Invalid
from domain.reporting.kinds import FactKind, SplitBy

MOST_READ = 8_000_000
"""Facts of an account that are gone through. Ours: a million or more a second."""
MOST_ADDED = 1_000_000
"""Facts that are added up. Ours: some hundred thousand a second, with how times are spread."""
OF_MANY = frozenset(
    {
        *(FactKind.load, FactKind.load_limit, FactKind.load_share, FactKind.load_room),
        *(FactKind.text_alone, FactKind.delivery),
    }
)
"""Kinds of which one fact stands for many times."""
TOO_MUCH = (
    "Too much happened in these days to be counted by so much at once. Choose fewer days or fewer "
    "filters."
)


async def check(session: AsyncSession, asked: Asked) -> None:
    """Refuse what would be read from too many facts. Raises `Invalid`."""
    if asked.kept is not None:
        return
    kinds = [one for one in asked.kinds if one not in OF_MANY]
    whole = replace(asked, by=SplitBy.total, kinds=kinds, led=None)
    every = await _count(session, replace(whole, only={}))
    if every <= MOST_ADDED:
        return
    for part in _parts(replace(whole, led=asked.led)) if every <= MOST_READ else ():
        if await _count(session, part) <= MOST_ADDED:
            return
    raise Invalid(TOO_MUCH)


def _parts(asked: Asked) -> Iterator[Asked]:
    """Yield questions of which there are sums, and of whose facts it reads a part."""
    if asked.led is not None:
        yield replace(asked, only={})
    for size in (1, 2):
        for some in combinations(asked.only.items(), size):
            yield replace(asked, only=dict(some), led=None)


async def _count(session: AsyncSession, asked: Asked) -> int:
    found = await sums.ask(session, asked)
    return sum(one.times for its in found.values() for one in its.values())
