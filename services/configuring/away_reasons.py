"""The account's reasons for agents to be away."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import away_reasons
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller


async def listed(caller: Caller, session: AsyncSession) -> Sequence[str]:
    """Return the reasons agents choose from, in the account's order."""
    caller.require(Role.agent)
    return await away_reasons.listed(session, caller.account_id)


async def replace(caller: Caller, session: AsyncSession, reasons: Sequence[str]) -> None:
    """Replace the reasons. Agents who are away for an old one stay away. Raises `Invalid`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    await away_reasons.save(session, caller.account_id, reasons)
