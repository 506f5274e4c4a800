"""What waits in the whole installation: counted here for the status page and for figures alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from database.direct import Direct

RECENT = timedelta(days=1)
"""Refusals and texts in doubt of so long ago are shown. Ours."""
MOST_BEHIND = 1000
"""Events behind that are counted in one account. Ours: more is as bad."""

SINCE = "min({0}), coalesce(extract(epoch FROM now() - min({0})), 0)::float"
NOT_HANDED_OVER = f"""
    SELECT count(*), {SINCE.format("received_at")} FROM inbound
    WHERE handed_over_at IS NULL AND joining_until IS NULL
"""  # noqa: S608
# Statuses are written out, so that the index of texts that were not sent fits.
IN_DOUBT = f"""
    SELECT count(*), {SINCE.format("status_at")} FROM message
    WHERE status = 'unknown' AND status_at > now() - %(recent)s
"""  # noqa: S608
NOT_SENT = f"""
    SELECT count(*), {SINCE.format("written_at")} FROM message
    WHERE status IN ('queued', 'sending') AND provider_message_id IS NULL
"""  # noqa: S608
BEHIND = f"""
    SELECT coalesce(sum(late.events), 0)::int, {SINCE.format("late.oldest")}
    FROM ({{readers}}) AS reader CROSS JOIN LATERAL (
        SELECT count(*) AS events, min(at) AS oldest FROM (
            SELECT at FROM event
            WHERE event.account_id = reader.account_id AND event.id > reader.last_event_id
            ORDER BY event.id LIMIT %(most)s
        ) AS unread
    ) AS late
"""  # noqa: S608
OF_ACCOUNTS = """
    SELECT account.id AS account_id, coalesce(place.last_event_id, 0) AS last_event_id
    FROM account LEFT JOIN {table} AS place ON place.account_id = account.id
"""
OF_ENDPOINTS = """
    SELECT account_id, read_to AS last_event_id FROM endpoint
    WHERE retired_at IS NULL AND paused_at IS NULL AND kinds IS NULL
"""
RECORDS = "records"
READERS = {
    RECORDS: OF_ACCOUNTS.format(table="record_reading"),
    "notices": OF_ACCOUNTS.format(table="notice_reading"),
    "endpoints": OF_ENDPOINTS,
}
"""Who follows events. Endpoints that chose kinds move on only with those, so none is counted."""
STALE_DAYS = "SELECT count(*), NULL, 0 FROM stale_day"


@dataclass(frozen=True)
class Waiting:
    """How many wait, since when the first of them, and for how long, by the database's clock."""

    count: int
    since: datetime | None
    seconds: float = 0


async def not_handed_over(direct: Direct) -> Waiting:
    """Return consumers' texts that Temporal has not got, without those that wait for parts."""
    return await _waiting(direct, NOT_HANDED_OVER)


async def in_doubt(direct: Direct) -> Waiting:
    """Return recent texts of which nobody knows whether the provider took them."""
    return await _waiting(direct, IN_DOUBT, {"recent": RECENT})


async def not_sent(direct: Direct) -> Waiting:
    """Return texts to consumers that wait to leave, or are leaving: no provider has them yet."""
    return await _waiting(direct, NOT_SENT)


async def behind(direct: Direct, reader: str) -> Waiting:
    """Return how many events one of `READERS` has not read, of all accounts."""
    return await _waiting(direct, BEHIND.format(readers=READERS[reader]), {"most": MOST_BEHIND})


async def stale_days(direct: Direct) -> Waiting:
    """Return the days whose figures must be summed again."""
    return await _waiting(direct, STALE_DAYS)


async def _waiting(direct: Direct, query: str, values: Mapping[str, Any] | None = None) -> Waiting:
    row = await direct.fetch_one(query.encode(), values or {})
    if row is None:
        raise AssertionError("there is always one row")
    return Waiting(*row)
