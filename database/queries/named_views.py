"""Named views: a person's own, and those everybody of the account sees."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.tables import NamedView, ViewOrder
from domain.errors import NotFound

BY_TURNS = sql("SELECT pg_advisory_xact_lock(hashtextextended('views ' || :owner, 0))")


async def listed(
    session: AsyncSession, account_id: str, agent_id: str | None, *, of_history: bool = False
) -> list[NamedView]:
    """Return the views a person sees in their order, new ones at the end."""
    query = select(NamedView).where(_seen(account_id, agent_id, of_history))
    query = query.order_by(NamedView.created_at, NamedView.id)
    views = (await session.scalars(query)).all()
    order = await session.get(ViewOrder, agent_id) if agent_id else None
    places = {view_id: place for place, view_id in enumerate(order.view_ids if order else ())}
    return sorted(views, key=lambda view: places.get(str(view.id), len(places)))


async def find(
    session: AsyncSession,
    account_id: str,
    agent_id: str | None,
    view_id: UUID,
    *,
    to_change: bool = False,
    of_history: bool = False,
) -> NamedView:
    """Return a view a person sees. Raises `NotFound`, for another person's own too."""
    seen = _seen(account_id, agent_id, of_history)
    query = select(NamedView).where(NamedView.id == view_id, seen)
    view = await session.scalar(query.with_for_update() if to_change else query)
    if view is None:
        raise NotFound
    return view


async def count(
    session: AsyncSession, account_id: str, agent_id: str | None, *, of_history: bool = False
) -> int:
    """Count the views of a person, or of the account if `agent_id` is None.

    Nobody else counts them until this commits, so that two who add one see each other's.
    """
    await session.execute(BY_TURNS, {"owner": agent_id or account_id})
    theirs = NamedView.agent_id == agent_id if agent_id else NamedView.agent_id.is_(None)
    of_list = NamedView.of_history.is_(of_history)
    query = select(func.count()).where(NamedView.account_id == account_id, theirs, of_list)
    return await session.scalar(query) or 0


async def keep_order(session: AsyncSession, agent_id: str, view_ids: Sequence[UUID]) -> None:
    """Store the order in which a person wants to see views."""
    ids = [str(one) for one in view_ids]
    row = insert(ViewOrder).values(agent_id=agent_id, view_ids=ids)
    await session.execute(
        row.on_conflict_do_update(index_elements=[ViewOrder.agent_id], set_={"view_ids": ids})
    )


def _seen(account_id: str, agent_id: str | None, of_history: bool) -> ColumnElement[bool]:
    everybodys = NamedView.agent_id.is_(None)
    is_seen = or_(everybodys, NamedView.agent_id == agent_id) if agent_id else everybodys
    of_list = NamedView.of_history.is_(of_history)
    return and_(NamedView.account_id == account_id, of_list, is_seen)
