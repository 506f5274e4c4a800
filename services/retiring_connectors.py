"""Retiring a connector with its lines: what is open on them is counted first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Line
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import emptying, number_set_up
from services.caller import Caller
from services.configuring import connectors, lines
from services.phone_set_up import Provisioning
from services.supervising.inputs import BulkFilters


@dataclass(frozen=True)
class HeldLine:
    """A line in service, with how many conversations are open on it."""

    line: Line
    open_there: int


async def held(caller: Caller, session: AsyncSession, connector_id: str) -> list[HeldLine]:
    """Return the lines in service of a connector."""
    found = await _lines(caller, session, connector_id)
    return [
        HeldLine(line, await emptying.count(caller, session, BulkFilters(line=line.id)))
        for line in found
    ]


async def retire(
    caller: Caller, by: Provisioning, connector_id: str, *, lines_too: bool, leaves: bool = False
) -> None:
    """Retire a connector, and with `lines_too` its lines first, as `number_set_up.retire` does.

    `leaves`: the provider's settings stay as they are. Nothing is retired while a conversation is
    open on one of the lines. Whatever stops half way is done by the same call again. Raises
    `NotFound`, `Conflict`, `ProviderSilent`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    found: Sequence[Line] = ()
    if lines_too:
        async with by.sessions() as session:
            await connectors.find(caller, session, connector_id)
            found = await _lines(caller, session, connector_id)
            for line in found:
                await lines.check_retirable(caller, session, line.id)
    for line in found:
        await number_set_up.retire(caller, by, line.id, leaves=leaves)
    async with by.sessions.begin() as session:
        await connectors.retire(caller, session, connector_id)


async def _lines(caller: Caller, session: AsyncSession, connector_id: str) -> list[Line]:
    every = await lines.listed(caller, session)
    return [one.line for one in every if one.line.connector_id == connector_id]
