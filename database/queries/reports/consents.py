"""Entries of the ledger of consent, as reports count them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from domain.reporting.consents import Consented
from domain.reporting.sources import source_of

BESIDE = timedelta(minutes=1)
"""Ours: a keyword is in the ledger before the conversation that it begins or ends."""
BEHIND = b"SELECT DISTINCT account_id FROM consent_due"
# Whoever takes an entry counts it in the same transaction.
TAKE = sql("""
    DELETE FROM consent_due WHERE consent_event_id IN (
        SELECT consent_event_id FROM consent_due WHERE account_id = :account_id
        ORDER BY consent_event_id LIMIT :limit FOR UPDATE SKIP LOCKED
    ) RETURNING consent_event_id
""")
PAGE = sql("""
    SELECT id FROM consent_event WHERE account_id = :account_id AND id > :after
    ORDER BY id LIMIT :limit
""")
# START opts in again by several entries, of which one counts. Evidence of consent, which comes with
# each batch, opts nobody in who has opted out, and says nothing new of who has opted in: it counts
# where nothing was known then. The conversation is the one that was
# going on, or else the nearest: the one that the keyword began.
READ = sql("""
    SELECT entry.id, entry.kind, entry.source, entry.at, entry.agent_id,
        CASE WHEN entry.kind = 'opted_out' THEN its.skill_id END AS skill_id, its.id AS its_id,
        coalesce(its.line_id, line.id) AS line_id, its.origin, its.origin_id,
        EXISTS (
            SELECT FROM consent_event AS other
            WHERE other.consumer_id = entry.consumer_id AND other.kind = entry.kind
              AND other.at = entry.at AND other.id < entry.id
        ) OR entry.source = 'import' AND entry.kind = 'opted_in' AND EXISTS (
            SELECT FROM consent_event AS known
            WHERE known.consumer_id = entry.consumer_id
              AND known.at <= entry.at AND known.id < entry.id
        ) AS is_again
    FROM consent_event AS entry
    LEFT JOIN line ON line.account_id = entry.account_id AND 'line:' || line.id = entry.scope
    LEFT JOIN LATERAL (
        SELECT c.id, c.skill_id, c.line_id, c.origin, c.origin_id FROM conversation AS c
        WHERE c.consumer_id = entry.consumer_id AND c.opened_at <= entry.at + :beside
          AND (c.closed_at IS NULL OR c.closed_at >= entry.at - :beside)
        ORDER BY greatest(c.opened_at - entry.at, entry.at - c.closed_at, interval '0'),
            c.opened_at DESC LIMIT 1
    ) AS its ON entry.source NOT IN ('import', 'erasure')
    WHERE entry.id = ANY(:ids)
""")


@dataclass(frozen=True)
class ConsentRow:
    """An entry, and where it counts."""

    id: int
    conversation_id: UUID | None
    line_id: str | None
    source: str | None
    entry: Consented


async def behind(direct: Direct) -> Collection[str]:
    """Return the accounts with entries that are not counted."""
    return [str(row[0]) for row in await direct.fetch_all(BEHIND, {})]


async def take(session: AsyncSession, account_id: str, *, limit: int) -> Sequence[ConsentRow]:
    """Take entries that are to be counted and that nobody else counts now."""
    ids = await session.scalars(TAKE, {"account_id": account_id, "limit": limit})
    return await _read(session, list(ids))


async def page(
    session: AsyncSession, account_id: str, after: int, *, limit: int
) -> Sequence[ConsentRow]:
    """Return the next entries of the ledger, in the order in which it was written."""
    values = {"account_id": account_id, "after": after, "limit": limit}
    return await _read(session, list(await session.scalars(PAGE, values)))


async def _read(session: AsyncSession, ids: list[int]) -> Sequence[ConsentRow]:
    if not ids:
        return []
    rows = await session.execute(READ, {"ids": sorted(ids), "beside": BESIDE})
    found = [
        ConsentRow(
            row.id,
            row.its_id,
            row.line_id,
            source_of(row.origin, row.origin_id) if row.origin else None,
            Consented(row.kind, row.source, row.at, row.agent_id, row.skill_id, row.is_again),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.id)
