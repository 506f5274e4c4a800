"""What would become of a batch if it were started now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.standings import CONSENTED, KNOWN, OPTED_OUT

# The same order of reasons as in `domain.consent.gates`.
FACED = f"""
    SELECT recipient.place, recipient.number, recipient.zone, recipient.forced_by,
        CASE WHEN {KNOWN} THEN recipient.segments ELSE recipient.first_segments END AS size,
        CASE
            WHEN recipient.left_out IS NOT NULL THEN recipient.left_out
            WHEN {OPTED_OUT} THEN 'opted_out'
            WHEN consumer.blocked_at IS NOT NULL THEN 'blocked'
            WHEN account.needs_consent AND recipient.evidence IS NULL
                AND batch.consent_evidence IS NULL AND NOT ({CONSENTED}) THEN 'no_consent'
            WHEN recipient.first_segments IS NULL AND NOT {KNOWN} THEN 'first_text'
        END AS reason
    FROM batch_recipient AS recipient JOIN batch ON batch.id = recipient.batch_id
        JOIN line ON line.id = batch.line_id JOIN account ON account.id = batch.account_id
        LEFT JOIN consumer ON consumer.account_id = batch.account_id
            AND consumer.phone = recipient.phone
    WHERE recipient.batch_id = :batch_id
"""  # noqa: S608 - our own words
COUNTS = sql(f"""
    SELECT reason, count(*) AS recipients, min(size) AS fewest, max(size) AS most,
        sum(size) AS segments, count(*) FILTER (WHERE forced_by <> '') AS unicode,
        left(string_agg(DISTINCT nullif(forced_by, ''), ''), :shown) AS forced_by
    FROM ({FACED}) AS faced GROUP BY reason
""")  # noqa: S608 - our own words
ZONES = sql("""
    SELECT min(number), count(*) FROM batch_recipient
    WHERE batch_id = :batch_id AND status = 'waiting' GROUP BY zone
""")
LEFT_OUT = sql(f"""
    SELECT place, number, reason FROM ({FACED} AND recipient.place > :after) AS faced
    WHERE reason IS NOT NULL ORDER BY place LIMIT :limit
""")  # noqa: S608 - our own words
# What the line's last texts cost, where the provider has told it.
PRICE = sql("""
    SELECT price_currency, sum(abs(price)) / sum(coalesce(billed_segments, segments))
    FROM (
        SELECT price_currency, price, billed_segments, segments FROM message
        WHERE line_id = :line_id AND price IS NOT NULL AND price_currency IS NOT NULL
          AND coalesce(billed_segments, segments) > 0
          AND written_at > :since
        ORDER BY written_at DESC LIMIT :limit
    ) AS billed
    GROUP BY price_currency ORDER BY count(*) DESC LIMIT 1
""")


async def counts(session: AsyncSession, batch_id: UUID, shown: int) -> Sequence[Mapping[str, Any]]:
    """Return recipients and segments by the reason to leave them out; null: they get the text.

    `shown`: how many of the characters that force Unicode are told.
    """
    rows = await session.execute(COUNTS, {"batch_id": batch_id, "shown": shown})
    return [dict(row) for row in rows.mappings()]


async def zones(session: AsyncSession, batch_id: UUID) -> Sequence[tuple[str, int]]:
    """Return a number of each set of quiet hours, and how many waiting recipients have them."""
    return [(row[0], row[1]) for row in await session.execute(ZONES, {"batch_id": batch_id})]


async def left_out(
    session: AsyncSession, batch_id: UUID, after: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Return recipients who would be left out, in order."""
    values = {"batch_id": batch_id, "after": after, "limit": limit}
    return [dict(row) for row in (await session.execute(LEFT_OUT, values)).mappings()]


async def price_per_segment(
    session: AsyncSession, line_id: str, since: datetime, limit: int
) -> tuple[float, str] | None:
    """Return what a segment of a line's last texts cost, with its currency; None: nobody told."""
    values = {"line_id": line_id, "since": since, "limit": limit}
    row = (await session.execute(PRICE, values)).one_or_none()
    return (float(row[1]), row[0]) if row else None
