"""Writes records: each whole, and only if something of it is new."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import ConversationRecord

Row = Mapping[str, Any]
KEY = ("opened_at", "conversation_id")


async def write(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Write records, new or instead of those that are there."""
    if not rows:
        return
    table = ConversationRecord.__table__
    statement = insert(ConversationRecord)
    fresh = statement.excluded
    others = [column.name for column in table.columns if column.name not in KEY]
    changed = or_(*(table.c[name].is_distinct_from(fresh[name]) for name in others))
    upsert = statement.on_conflict_do_update(
        index_elements=list(KEY), set_={name: fresh[name] for name in others}, where=changed
    )
    await session.execute(upsert, [dict(row) for row in rows])


async def forget(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> None:
    """Delete the records of conversations that are no more."""
    if ids:
        table = ConversationRecord
        gone = delete(table).where(table.account_id == account_id, table.conversation_id.in_(ids))
        await session.execute(gone)
