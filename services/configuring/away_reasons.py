"""Why agents may be away, in the account's own words."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import away_reasons
from domain.people.roles import Role
from services.caller import Caller


async def listed(caller: Caller, session: AsyncSession) -> Sequence[str]:
    """Return the reasons that agents choose from, in the order they were given."""
    caller.require(Role.agent)
    return await away_reasons.listed(session, caller.account_id)


async def replace(caller: Caller, session: AsyncSession, reasons: Sequence[str]) -> None:
    """Replace the reasons. Who is away for one of them stays so. Raises `Invalid`."""
    caller.require(Role.admin)
    await away_reasons.save(session, caller.account_id, reasons)
