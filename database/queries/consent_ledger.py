"""The ledger of consent, read in pages for an export and written in batches by an import."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.consent import (
    CONNECTOR_SCOPE,
    LINE_SCOPE,
    ConsentSource,
    Recorded,
)
from database.tables import Connector, Consent, ConsentEvent, Consumer, Line
from domain.consent.ledger import COLUMNS, ImportedConsent

PAGE = 1000
"""Rows of an export in memory at once. Ours."""


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


async def add(
    session: AsyncSession, account_id: str, rows: Sequence[ImportedConsent], by: Recorded
) -> int:
    """Add imported events and apply their opt-outs. Returns how many were not there before.

    An opt-out counts unless a later change is known here. An opt-in is evidence, and opts nobody in
    who has opted out here: only they can, by START.
    """
    consumers = await _consumers(session, account_id, rows)
    now = await session.scalar(select(func.now()))
    events = {
        row.key: _event(account_id, consumers, row, by) | {"imported_at": now} for row in rows
    }
    # The rows are given apart from the statement: it is compiled once, however many there are.
    statement = upsert(ConsentEvent).on_conflict_do_nothing(
        index_elements=[ConsentEvent.account_id, ConsentEvent.import_key]
    )
    added = await session.scalars(
        statement.returning(ConsentEvent.import_key), list(events.values())
    )
    new = set(added)
    await _apply(session, consumers, [row for row in rows if row.key in new])
    return len(new)


async def _consumers(
    session: AsyncSession, account_id: str, rows: Sequence[ImportedConsent]
) -> dict[str, UUID]:
    phones = {row.phone.key: row.phone.written for row in rows}
    # In one order, so that two imports do not lock each other out.
    values = [
        {"account_id": account_id, "phone": key, "number": number}
        for key, number in sorted(phones.items())
    ]
    await session.execute(upsert(Consumer).on_conflict_do_nothing(), values)
    query = select(Consumer.phone, Consumer.id).where(
        Consumer.account_id == account_id, Consumer.phone.in_(phones)
    )
    return {row.phone: row.id for row in await session.execute(query)}


def _event(
    account_id: str, consumers: Mapping[str, UUID], row: ImportedConsent, by: Recorded
) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "consumer_id": consumers[row.phone.key],
        "scope": row.scope,
        "kind": row.kind,
        "source": ConsentSource.imported.value,
        "agent_id": by.agent_id,
        "token_id": by.token_id,
        "text": row.text,
        "at": row.at,
        "evidence": row.evidence,
        "import_key": row.key,
    }


async def _apply(
    session: AsyncSession, consumers: Mapping[str, UUID], rows: Sequence[ImportedConsent]
) -> None:
    latest: dict[tuple[UUID, str], datetime] = {}
    for row in rows:
        if row.kind == "opted_out":
            whose = (consumers[row.phone.key], row.scope)
            latest[whose] = max(row.at, latest.get(whose, row.at))
    if not latest:
        return
    values = [
        {"consumer_id": consumer, "scope": scope, "is_opted_out": True, "changed_at": at}
        for (consumer, scope), at in sorted(latest.items())
    ]
    statement = upsert(Consent)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Consent.consumer_id, Consent.scope],
            set_={"is_opted_out": True, "changed_at": statement.excluded.changed_at},
            where=~Consent.is_opted_out & (Consent.changed_at < statement.excluded.changed_at),
        ),
        values,
    )
