"""The ledger of consent, read in pages for an export and written in slices by an import."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.consent import CONNECTOR_SCOPE, LINE_SCOPE, Recorded
from database.tables import Connector, ConsentEvent, Consumer, Line
from domain.consent.ledger import COLUMNS, ImportedConsent

PAGE = 1000
"""Rows of an export in memory at once. Ours."""

# Two imports of an account write by turns, so that they never wait for each other in a circle.
# A text that arrives waits for an import only if it is the first of a phone in the same slice.
BY_TURNS = sql("SELECT pg_advisory_xact_lock(hashtextextended('consent ' || :account_id, 0))")
CONSUMERS = sql("""
    INSERT INTO consumer (account_id, phone, number)
    SELECT DISTINCT ON (phone) :account_id, phone, number
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row (phone text, number text)
    ORDER BY phone
    ON CONFLICT (account_id, phone) DO NOTHING
""")
# An opt-out counts unless a later change is known here. An opt-in is evidence, and opts nobody in
# who has opted out here: only they can, by START.
EVENTS = sql("""
    WITH added AS (
        INSERT INTO consent_event (account_id, consumer_id, scope, kind, source, agent_id, token_id,
            text, at, evidence, imported_at, import_key)
        SELECT :account_id, consumer.id, scope, kind, 'import', :agent_id, :token_id, text, at,
            evidence, now(), decode(key, 'hex')
        FROM jsonb_to_recordset(CAST(:rows AS jsonb))
            AS row (place int, key text, phone text, scope text, kind text, text text,
                    at timestamptz, evidence text)
        JOIN consumer ON consumer.account_id = :account_id AND consumer.phone = row.phone
        WHERE NOT EXISTS (  -- what was said here, and comes back from an export
            SELECT FROM consent_event AS own
            WHERE own.consumer_id = consumer.id AND own.source <> 'import'
              AND own.scope = row.scope AND own.kind = row.kind AND own.at = row.at
        )
        ORDER BY place
        ON CONFLICT (account_id, import_key) DO NOTHING
        RETURNING consumer_id, scope, kind, at
    ), applied AS (
        INSERT INTO consent (consumer_id, scope, is_opted_out, changed_at)
        SELECT consumer_id, scope, true, max(at) FROM added
        WHERE kind = 'opted_out'
        GROUP BY consumer_id, scope
        ORDER BY consumer_id, scope
        ON CONFLICT (consumer_id, scope)
            DO UPDATE SET is_opted_out = true, changed_at = excluded.changed_at
            WHERE NOT consent.is_opted_out AND consent.changed_at < excluded.changed_at
    )
    SELECT count(*) FROM added
""")


async def newest(session: AsyncSession, account_id: str) -> int:
    """Return the id of an account's newest event: an export ends there."""
    query = select(func.max(ConsentEvent.id)).where(ConsentEvent.account_id == account_id)
    return await session.scalar(query) or 0


async def page(
    session: AsyncSession, account_id: str, after: int, until: int
) -> Sequence[Mapping[str, Any]]:
    """Return the next events of an account, the oldest first, with the columns of an export."""
    table = ConsentEvent
    columns = [
        Consumer.number if name == "number" else getattr(table, name).label(name)
        for name in COLUMNS
    ]
    query = (
        select(*columns)
        .join(Consumer, Consumer.id == table.consumer_id)
        .where(table.account_id == account_id, table.id > after, table.id <= until)
        .order_by(table.id)
        .limit(PAGE)
    )
    return [dict(row) for row in (await session.execute(query)).mappings()]


async def scopes(session: AsyncSession, account_id: str) -> frozenset[str]:
    """Return every scope that an account's consent may have."""
    lines = await session.scalars(select(LINE_SCOPE + Line.id).where(Line.account_id == account_id))
    connectors = await session.scalars(
        select(CONNECTOR_SCOPE + Connector.id).where(Connector.account_id == account_id)
    )
    return frozenset({"account", *lines, *connectors})


def packed(rows: Sequence[ImportedConsent]) -> str:
    """Return rows in the form in which `add` gives them to the database."""
    return json.dumps(
        [
            {
                "place": place,
                "key": row.key.hex(),
                "phone": row.phone.key,
                "number": row.phone.written,
                "scope": row.scope,
                "kind": row.kind,
                "text": row.text,
                "at": row.at.isoformat(),
                "evidence": row.evidence,
            }
            for place, row in enumerate(rows)
        ]
    )


async def add(session: AsyncSession, account_id: str, rows: str, by: Recorded) -> int:
    """Add `packed` events and apply their opt-outs. Returns how many were not there before."""
    whose = {"account_id": account_id}
    await session.execute(BY_TURNS, whose)
    await session.execute(CONSUMERS, whose | {"rows": rows})
    recorded = {"agent_id": by.agent_id, "token_id": by.token_id}
    return await session.scalar(EVENTS, {**whose, "rows": rows, **recorded}) or 0
