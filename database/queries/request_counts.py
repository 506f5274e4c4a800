"""Requests of callers by the minute, added up over all API processes, and last uses of tokens."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from database.direct import Direct

# In the order of their ids, so that two processes never wait for each other.
ADD = b"""
    INSERT INTO request_count AS counted (caller, minute, requests)
    SELECT caller, %(minute)s, requests
    FROM unnest(%(callers)s::text[], %(requests)s::int[]) AS more (caller, requests)
    ORDER BY caller
    ON CONFLICT (caller, minute) DO UPDATE SET requests = counted.requests + excluded.requests
    RETURNING caller, requests
"""
FORGET = b"DELETE FROM request_count WHERE minute < now() - %(kept)s"
USED = b"""
    UPDATE api_token SET last_used_at = %(minute)s
    WHERE id IN (
        SELECT id FROM api_token
        WHERE id = ANY(%(tokens)s) AND (last_used_at IS NULL OR last_used_at < %(minute)s)
        ORDER BY id FOR UPDATE SKIP LOCKED
    )
"""


async def add(direct: Direct, minute: datetime, more: Mapping[str, int]) -> dict[str, int]:
    """Add requests of a minute; returns the sums of these callers, by all processes."""
    values = {"minute": minute, "callers": list(more), "requests": list(more.values())}
    return {str(caller): int(sum_) for caller, sum_ in await direct.fetch_all(ADD, values)}


async def forget_after(direct: Direct, kept: timedelta) -> None:
    """Delete the counts of earlier minutes, by the database's clock: a process's may be wrong."""
    await direct.fetch_one(FORGET, {"kept": kept})


async def tokens_used(direct: Direct, minute: datetime, tokens: Collection[str]) -> None:
    """Note that tokens were used in a minute, unless that is noted already."""
    await direct.fetch_one(USED, {"minute": minute, "tokens": list(tokens)})
