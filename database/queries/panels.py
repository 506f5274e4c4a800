"""Panels: pages of other systems beside a conversation."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Panel


async def in_use(session: AsyncSession, account_id: str) -> Sequence[Panel]:
    """Return an account's panels in its order."""
    query = select(Panel).where(Panel.account_id == account_id, Panel.retired_at.is_(None))
    return (await session.scalars(query.order_by(Panel.position, Panel.name, Panel.id))).all()
