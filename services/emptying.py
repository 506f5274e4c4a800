"""What is open at something that shall be retired, and where it goes: done as bulk jobs are."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.roles import Role
from services.caller import Caller
from services.supervising import bulk
from services.supervising.inputs import BulkAction, BulkFilters, BulkInput


async def count(caller: Caller, session: AsyncSession, filters: BulkFilters) -> int:
    """Return how many conversations are open there."""
    caller.require(Role.admin)
    return await bulk.count(caller, session, filters)


async def give(
    caller: Caller, session: AsyncSession, filters: BulkFilters, action: BulkAction
) -> None:
    """Do something to all that is open there, in a job that goes on whatever stops.

    Raises `Invalid` for none, `NotFound` and `Conflict` for a target that is not there.
    """
    caller.require(Role.admin)
    await bulk.give(caller, session, BulkInput(action=action, filters=filters))
