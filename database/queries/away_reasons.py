"""An account's own reasons for being away."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import AwayReason
from domain.errors import Invalid
from domain.people.roles import AgentState


async def listed(session: AsyncSession, account_id: str) -> Sequence[str]:
    """Return an account's reasons in the order they were given."""
    query = select(AwayReason.name).where(AwayReason.account_id == account_id)
    return (await session.scalars(query.order_by(AwayReason.id))).all()


async def save(session: AsyncSession, account_id: str, names: Sequence[str]) -> None:
    """Replace an account's reasons. Raises `Invalid` when one is given twice."""
    if len({name.casefold() for name in names}) < len(names):
        raise Invalid("A reason is given twice.")
    await session.execute(delete(AwayReason).where(AwayReason.account_id == account_id))
    session.add_all(AwayReason(account_id=account_id, name=name) for name in names)
    await session.flush()


async def check(
    session: AsyncSession, account_id: str, state: AgentState, reason: str | None
) -> None:
    """Raise `Invalid` for a reason that is not on the list, or given with another state."""
    if reason is None:
        return
    if state is not AgentState.away:
        raise Invalid("Only the state away has a reason.")
    if reason not in await listed(session, account_id):
        raise Invalid(f"{reason} is not one of the account's reasons for being away.")
