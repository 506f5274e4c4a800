"""Recent failed log-ins, which all processes of the API count together.

Single statements on connections of their own: a log-in holds a connection already, and one that
waited for a second could wait for ever.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct

TAKE = b"""
    INSERT INTO log_in_failure AS known (what, times, last_at)
    VALUES (%(what)s, ARRAY[%(now)s::timestamptz], %(now)s)
    ON CONFLICT (what) DO UPDATE SET
        times = array_append(
            ARRAY(SELECT at FROM unnest(known.times) AS at WHERE at > %(since)s), %(now)s
        ),
        last_at = %(now)s
    WHERE (SELECT count(*) FROM unnest(known.times) AS at WHERE at > %(since)s) < %(most)s
    RETURNING what
"""
COUNTS = b"""
    SELECT what, (SELECT count(*) FROM unnest(times) AS at WHERE at > %(since)s)
    FROM log_in_failure WHERE what = ANY(%(whats)s)
"""
TAKE_BACK = b"""
    UPDATE log_in_failure SET times = array_remove(times, %(at)s)
    WHERE what = ANY(%(whats)s) RETURNING what
"""
UNLOCK = sql("DELETE FROM log_in_failure WHERE what = :what")
FORGET = b"DELETE FROM log_in_failure WHERE last_at < %(before)s RETURNING what"


async def take(direct: Direct, what: str, now: datetime, since: datetime, most: int) -> bool:
    """Count an attempt, unless there are too many. Of many at once, each sees those before."""
    values = {"what": what, "now": now, "since": since, "most": most}
    return await direct.fetch_one(TAKE, values) is not None


async def counts(direct: Direct, whats: Collection[str], since: datetime) -> Mapping[str, int]:
    """Return how many failures there are since a time, by what they are counted for."""
    rows = await direct.fetch_all(COUNTS, {"whats": list(whats), "since": since})
    return {what: count for what, count in rows if count}


async def take_back(direct: Direct, whats: Collection[str], at: datetime) -> None:
    """Forget an attempt that was no failure."""
    await direct.fetch_one(TAKE_BACK, {"whats": list(whats), "at": at})


async def forget(direct: Direct, before: datetime) -> None:
    """Forget old failures."""
    await direct.fetch_all(FORGET, {"before": before})


def codes_of(agent_id: str) -> str:
    """Return what a person's wrong codes of a day are counted for."""
    return f"codes of a day {agent_id}"


async def unlock_codes(session: AsyncSession, agent_id: str) -> None:
    """Let a person's codes be tried again."""
    await session.execute(UNLOCK, {"what": codes_of(agent_id)})
