"""The first day of a brand: what of its set-up is done."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import first_day
from domain.people.roles import Role
from domain.settings.first_day import Done
from services.caller import Caller


async def show(caller: Caller, session: AsyncSession) -> Done:
    """Return what the caller's brand has set up already."""
    caller.require(Role.admin)
    return await first_day.load(session, caller.account_id)
