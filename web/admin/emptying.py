"""What is open at something that shall be retired, and where it goes: done as bulk jobs are."""

from domain.people.roles import Role
from services.supervising import bulk
from services.supervising.inputs import BulkAction, BulkFilters, BulkInput
from web.frame import Frame


async def count(frame: Frame, filters: BulkFilters) -> int:
    """Return how many conversations are open there."""
    frame.caller.require(Role.admin)
    return await bulk.count(frame.caller, frame.session, filters)


async def give(frame: Frame, filters: BulkFilters, action: BulkAction) -> None:
    """Do something to all that is open there, in a job that goes on whatever stops."""
    frame.caller.require(Role.admin)
    await bulk.give(frame.caller, frame.session, BulkInput(action=action, filters=filters))
