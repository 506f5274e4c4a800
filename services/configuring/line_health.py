"""Whether a line works, as far as we know it by ourselves, and what is open on it."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import pauses
from database.queries.open_on_lines import open_on_lines
from database.tables import ConnectorPause
from domain.people.roles import Role
from services.caller import Caller
from services.configuring import lines
from services.configuring.lines import LineDetail


@dataclass(frozen=True)
class LineHealth:
    """A line with what is known of it. `pause`: why its connector is out of order."""

    detail: LineDetail
    pause: ConnectorPause | None
    open_conversations: int

    @property
    def is_well(self) -> bool:
        """Whether nothing that we count says that texts of the line do not pass."""
        found = self.detail
        return not (self.pause or found.refused or found.misdirected)


async def listed(
    caller: Caller, session: AsyncSession, *, retired: bool = False
) -> list[LineHealth]:
    """Return the account's lines, each with its health."""
    caller.require(Role.admin)
    return await _with_health(caller, session, await lines.listed(caller, session, retired=retired))


async def find(caller: Caller, session: AsyncSession, line_id: str) -> LineHealth:
    """Return a line with its health, retired or not. Raises `NotFound`."""
    caller.require(Role.admin)
    found = await lines.find(caller, session, line_id)
    return (await _with_health(caller, session, [found]))[0]


async def _with_health(
    caller: Caller, session: AsyncSession, found: list[LineDetail]
) -> list[LineHealth]:
    paused = await pauses.of_account(session, caller.account_id)
    by_connector = {connector.id: pause for connector, pause in paused}
    counts = await open_on_lines(session, caller.account_id)
    return [
        LineHealth(one, by_connector.get(one.line.connector_id), counts.get(one.line.id, 0))
        for one in found
    ]
