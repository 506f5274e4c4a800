"""Texts of automatic messages that an account has set."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import AutomaticMessage
from domain.automatic.wordings import Wording
from domain.errors import NotFound


async def listed(session: AsyncSession, account_id: str) -> Sequence[AutomaticMessage]:
    """Return the texts an account has set, in the order of events."""
    query = select(AutomaticMessage).where(AutomaticMessage.account_id == account_id)
    return (
        await session.scalars(query.order_by(AutomaticMessage.event, AutomaticMessage.id))
    ).all()


async def put(session: AsyncSession, account_id: str, wording: Wording) -> AutomaticMessage:
    """Set a text, replacing the one in the same scope."""
    table = AutomaticMessage
    statement = insert(table).values(
        account_id=account_id,
        line_id=wording.line_id,
        skill_id=wording.skill_id,
        connector_id=wording.connector_id,
        language=wording.language,
        event=str(wording.event),
        text=wording.text,
        enabled=wording.enabled,
    )
    changed = statement.on_conflict_do_update(
        constraint="uq_automatic_message_scope",
        set_={"text": wording.text, "enabled": wording.enabled},
    )
    return (await session.scalars(changed.returning(table))).one()


async def remove(session: AsyncSession, account_id: str, row: int) -> None:
    """Remove a text, so that a less specific one or the default applies. Raises `NotFound`."""
    found = await session.get(AutomaticMessage, row)
    if found is None or found.account_id != account_id:
        raise NotFound
    await session.delete(found)


async def languages(session: AsyncSession, account_id: str) -> Sequence[str]:
    """Return the languages in which an account has set texts."""
    query = select(AutomaticMessage.language).where(AutomaticMessage.account_id == account_id)
    return (await session.scalars(query.distinct())).all()
