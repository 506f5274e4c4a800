"""What providers and we said to each other about a message, for admins."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import exchanges
from database.tables import Exchange, Message
from domain.people.roles import Role
from services.caller import Caller


@dataclass(frozen=True)
class Exchanges:
    """A message, and its exchanges that are still kept, oldest first."""

    message: Message
    exchanges: Sequence[Exchange]


async def exchanges_of(caller: Caller, session: AsyncSession, message_id: UUID) -> Exchanges:
    """Return the exchanges with the provider about a message. Raises `NotFound`."""
    caller.require(Role.admin)
    message, found = await exchanges.of_message(session, caller.account_id, message_id)
    return Exchanges(message, found)
