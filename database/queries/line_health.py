"""Lines as their providers have them: what was replaced there, and what the last check found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Line, LineHealth, LineSetUp

# Claimed, so that of several workers each line has one that checks it.
CLAIM = sql("""
    WITH due AS (
        SELECT line.id FROM line LEFT JOIN line_health AS health ON health.line_id = line.id
        WHERE line.retired_at IS NULL
          AND (health.checked_at IS NULL OR health.checked_at <= :now - CAST(:every AS interval))
        ORDER BY health.checked_at NULLS FIRST, line.id LIMIT 1
        FOR UPDATE OF line SKIP LOCKED
    )
    INSERT INTO line_health (line_id, checked_at, findings)
    SELECT due.id, :now, '[]' FROM due
    ON CONFLICT (line_id) DO UPDATE SET checked_at = excluded.checked_at
    RETURNING line_id
""")
# Each is the end of an index that holds just these texts: one row is read, however many there are.
LAST_IN = sql("""
    SELECT message.written_at, message.text, consumer.number, message.conversation_id
    FROM message JOIN consumer ON consumer.id = message.consumer_id
    WHERE message.line_id = :line_id AND message.author = 'consumer'
    ORDER BY message.written_at DESC LIMIT 1
""")
LAST_OUT = sql("""
    SELECT attempted_at FROM message
    WHERE line_id = :line_id AND author <> 'consumer' AND provider_message_id IS NOT NULL
      AND attempted_at IS NOT NULL
    ORDER BY attempted_at DESC LIMIT 1
""")
BY_TURNS = sql("SELECT pg_advisory_xact_lock(hashtextextended('sender ' || lower(:address), 0))")
ELSEWHERE = sql("""
    SELECT EXISTS (
        SELECT FROM line WHERE lower(address) = lower(:address) AND retired_at IS NULL
          AND account_id <> :account_id
    )
""")

ELSEWHERE_OF_MANY = sql("""
    SELECT DISTINCT lower(address) FROM line
    WHERE lower(address) = ANY(:addresses) AND retired_at IS NULL AND account_id <> :account_id
""")


@dataclass(frozen=True)
class LastTexts:
    """When a line's last texts came and left, None if none did; the last one from a consumer."""

    came_at: datetime | None = None
    left_at: datetime | None = None
    text: str = ""
    number: str = ""
    conversation_id: UUID | None = None


async def set_up_of(session: AsyncSession, line_id: str) -> LineSetUp | None:
    """Return how a line was set up at its provider; None: not by us."""
    return await session.get(LineSetUp, line_id)


async def keep_replaced(session: AsyncSession, line_id: str, replaced: Mapping[str, str]) -> None:
    """Keep where a line's texts went. What was kept first stays: it is what was there before us."""
    row = insert(LineSetUp).values(line_id=line_id, replaced=dict(replaced))
    await session.execute(row.on_conflict_do_nothing())


async def forget_set_up(session: AsyncSession, line_id: str) -> None:
    await session.execute(delete(LineSetUp).where(LineSetUp.line_id == line_id))


async def take_turn(session: AsyncSession, address: str) -> None:
    """Wait for other transactions, of any account, that take an address into service."""
    await session.execute(BY_TURNS, {"address": address})


async def is_elsewhere(session: AsyncSession, account_id: str, address: str) -> bool:
    """Say whether a line of another account has an address. For who has proved to have it."""
    values = {"account_id": account_id, "address": address}
    return bool(await session.scalar(ELSEWHERE, values))


async def elsewhere(
    session: AsyncSession, account_id: str, addresses: Sequence[str]
) -> frozenset[str]:
    """Return which of these addresses lines of other accounts have, in lower case."""
    values = {"account_id": account_id, "addresses": [one.lower() for one in addresses]}
    return frozenset(await session.scalars(ELSEWHERE_OF_MANY, values))


async def by_address(session: AsyncSession, account_id: str) -> Mapping[str, Line]:
    """Return the account's lines in service by their address."""
    query = select(Line).where(Line.account_id == account_id, Line.retired_at.is_(None))
    return {line.address.lower(): line for line in await session.scalars(query)}


async def claim(session: AsyncSession, now: datetime, every: timedelta) -> str | None:
    """Return a line whose check is due, for this process alone; None: there is none."""
    found: str | None = await session.scalar(CLAIM, {"now": now, "every": every})
    return found


async def health_of(session: AsyncSession, line_ids: Sequence[str]) -> Mapping[str, LineHealth]:
    query = select(LineHealth).where(LineHealth.line_id.in_(line_ids))
    return {one.line_id: one for one in await session.scalars(query)}


async def save(
    session: AsyncSession,
    line_id: str,
    now: datetime,
    findings: Sequence[Mapping[str, Any]],
    *,
    is_broken: bool,
) -> None:
    """Keep what a check found, and since when the line is broken."""
    found = list(map(dict, findings))
    since = now if is_broken else None
    row = insert(LineHealth).values(
        line_id=line_id, checked_at=now, findings=found, broken_since=since
    )
    kept = sql("coalesce(line_health.broken_since, excluded.broken_since)") if is_broken else None
    changed = {"checked_at": now, "findings": found, "broken_since": kept}
    await session.execute(row.on_conflict_do_update(index_elements=["line_id"], set_=changed))


async def last_texts(session: AsyncSession, line_id: str) -> LastTexts:
    """Return a line's last texts."""
    values = {"line_id": line_id}
    left_at = await session.scalar(LAST_OUT, values)
    row = (await session.execute(LAST_IN, values)).one_or_none()
    if row is None:
        return LastTexts(left_at=left_at)
    return LastTexts(row.written_at, left_at, row.text, row.number, row.conversation_id)
