"""What a brand has done of its first steps."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import first_steps
from database.queries.first_steps import Done
from domain.people.roles import Role
from services.caller import Caller


async def done(caller: Caller, session: AsyncSession) -> Done:
    """Return what the caller's account has done: for the first page after a log-in."""
    caller.require(Role.agent)
    return await first_steps.done(session, caller.account_id)
