"""What became of a command."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations, idempotency
from database.queries.conversations import CommandResult
from domain.people.roles import Role
from services.caller import Caller
from services.once import command_key


class CommandState(StrEnum):
    """What is known about a command."""

    done = "done"
    may_still_be_done = "may_still_be_done"
    """It was started and has no answer yet."""
    unknown = "unknown"
    """No command has this key, or it was refused."""


@dataclass(frozen=True)
class CommandOutcome:
    """What became of a command; `done` says what it did."""

    state: CommandState
    done: CommandResult | None = None


async def find_command(
    caller: Caller, session: AsyncSession, conversation_id: UUID, key: str
) -> CommandOutcome:
    """Return what became of one of the caller's own commands. Raises `NotFound`."""
    caller.require(Role.agent)
    done = await conversations.done_by(session, conversation_id, command_key(caller, key))
    if done:
        return CommandOutcome(CommandState.done, done)
    await conversations.find(session, caller.viewer, conversation_id)
    is_begun = await idempotency.is_claimed(session, caller.account_id, caller.id, key)
    return CommandOutcome(CommandState.may_still_be_done if is_begun else CommandState.unknown)
