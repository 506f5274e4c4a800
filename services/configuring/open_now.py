"""How many open conversations a change of settings is about, before it is saved."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import open_now
from domain.people.roles import Role
from services.caller import Caller


async def count(caller: Caller, session: AsyncSession, skill_id: str | None = None) -> int:
    """Return how many conversations of the account, or of one of its skills, are open."""
    caller.require(Role.admin)
    return await open_now.count(session, caller.account_id, skill_id)
