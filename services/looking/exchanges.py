"""What providers and we said to each other about a message, for admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, exchanges
from database.queries.exchanges import MOST_SHOWN, Position
from database.tables import Connector, Exchange, Message
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services import auditing
from services.caller import Caller


@dataclass(frozen=True)
class Exchanges:
    """A message, and its exchanges that are still kept, oldest first."""

    message: Message
    exchanges: Sequence[Exchange]


async def exchanges_of(
    caller: Caller,
    session: AsyncSession,
    message_id: UUID,
    *,
    after: Position | None = None,
    limit: int = MOST_SHOWN,
) -> Exchanges:
    """Return the exchanges with the provider about a message. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_read)
    message, found = await exchanges.of_message(
        session, caller.account_id, message_id, after=after, limit=limit
    )
    await auditing.note_read(caller, session, "exchanges", str(message_id))
    return Exchanges(message, found)


async def exchanges_of_connector(
    caller: Caller,
    session: AsyncSession,
    connector_id: str,
    *,
    before: Position | None,
    limit: int,
) -> Sequence[Exchange]:
    """Return the latest exchanges that are about no message, newest first. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_read)
    row = await account_rows.find(session, Connector, caller.account_id, connector_id)
    return await exchanges.of_connector(session, row.id, before=before, limit=limit)
