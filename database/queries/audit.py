"""The audit log: read with filters, added to for reads and exports, and forgotten by its age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.auditing.acting import ACTING, Acting
from database.tables import Agent, ApiToken, AuditEntry
from domain.settings.auditing import Action

FORGETS = sql("SELECT set_config('switchboard.forgets', 'yes', true)")
FORGET = sql("""
    DELETE FROM audit_entry WHERE id IN (
        SELECT entry.id FROM audit_entry AS entry JOIN account ON account.id = entry.account_id
        WHERE entry.at < :now - make_interval(days => account.audit_kept_days)
        ORDER BY entry.id LIMIT :limit
    )
""")
RECORD_READS = sql("""
    INSERT INTO audit_entry (
        account_id, actor, agent_id, door, address, request_id, action, subject, subject_id
    )
    SELECT CAST(:account AS text), CAST(:actor AS text), CAST(:agent AS text), CAST(:door AS text),
        CAST(:address AS text), CAST(:request AS text), CAST(:action AS text),
        CAST(:subject AS text), wanted
    FROM unnest(CAST(:ids AS text[])) AS wanted
    WHERE NOT EXISTS (
        SELECT FROM audit_entry AS seen
        WHERE seen.action = 'read' AND seen.subject_id = wanted AND seen.at > :since
          AND seen.account_id = CAST(:account AS text)
          AND seen.subject = ANY(CAST(:subjects AS text[]))
          AND seen.actor IS NOT DISTINCT FROM CAST(:actor AS text)
    )
""")


@dataclass(frozen=True)
class AuditFilters:
    """Which entries: those that pass all that are given."""

    actor: str | None = None
    """Of a person: what they did themselves, and by programs."""
    subject: str | None = None
    subject_id: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def listed(
    session: AsyncSession,
    account_id: str,
    wanted: AuditFilters,
    *,
    before: int | None,
    limit: int,
) -> Sequence[AuditEntry]:
    """Return entries, the latest first."""
    query = select(AuditEntry).where(AuditEntry.account_id == account_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if wanted.actor is not None:
        is_theirs = (AuditEntry.actor == wanted.actor) | (AuditEntry.agent_id == wanted.actor)
        query = query.where(is_theirs)
    for name in ("subject", "subject_id", "action"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(getattr(AuditEntry, name) == value)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return (await session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit))).all()


async def record(
    session: AsyncSession,
    account_id: str,
    action: Action,
    subject: str,
    subject_id: str,
    told: Mapping[str, Any] | None = None,
    by: Acting | None = None,
) -> None:
    """Add that somebody read or exported something. `told`: what else there is to know of it.

    `by`: who did it, where it is done later on their behalf.
    """
    acting = by or ACTING.get()
    session.add(
        AuditEntry(
            account_id=account_id,
            actor=acting.id if acting else None,
            agent_id=acting.agent_id if acting else None,
            door=acting.door if acting else None,
            address=acting.address if acting else None,
            request_id=acting.request_id if acting else None,
            action=str(action),
            subject=subject,
            subject_id=subject_id,
            after=dict(told or {}),
        )
    )
    await session.flush()


async def record_reads(
    session: AsyncSession,
    account_id: str,
    subject: str,
    ids: Sequence[str],
    *,
    covered_by: Sequence[str],
    since: datetime,
) -> None:
    """Add that whoever acts now has read something of each of these, in one statement.

    Left out is what they have read since a moment already: the same, or one of `covered_by`.
    """
    acting = ACTING.get()
    values = {
        "account": account_id,
        "actor": acting.id if acting else None,
        "agent": acting.agent_id if acting else None,
        "door": acting.door if acting else None,
        "address": acting.address if acting else None,
        "request": acting.request_id if acting else None,
        "action": str(Action.read),
        "subject": subject,
        "ids": list(ids),
        "subjects": [subject, *covered_by],
        "since": since,
    }
    await session.execute(RECORD_READS, values)


async def names(session: AsyncSession, account_id: str) -> dict[str, str]:
    """Return what people and tokens of an account are called, retired ones too."""
    found: dict[str, str] = {}
    for table in (Agent, ApiToken):
        query = select(table.id, table.name).where(table.account_id == account_id)
        found |= {row.id: row.name for row in await session.execute(query)}
    return found


async def forget(session: AsyncSession, now: datetime, limit: int) -> int:
    """Delete entries that their account keeps no longer. Returns how many."""
    await session.execute(FORGETS)
    result = await session.execute(FORGET, {"now": now, "limit": limit})
    return int(getattr(result, "rowcount", 0))
