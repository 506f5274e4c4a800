"""What people sign their replies with, set by themselves."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows
from database.tables import Agent
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.writing.signatures import checked_signature
from services.caller import Caller
from services.changes import UNCHANGED, Unchanged


@dataclass(frozen=True)
class Signature:
    """A person's signature, None for none. `is_on`: their composer puts it under replies."""

    text: str | None
    is_on: bool


@dataclass(frozen=True)
class SignatureChange:
    """What to change of it."""

    text: str | Unchanged | None = UNCHANGED
    is_on: bool | Unchanged = UNCHANGED


async def show(caller: Caller, session: AsyncSession) -> Signature:
    """Return the caller's own signature. Raises `NobodyActs` for a program on its own."""
    caller.require(Role.agent)
    agent = await _own(caller, session)
    return Signature(agent.signature, agent.signs_replies)


async def change(caller: Caller, session: AsyncSession, wanted: SignatureChange) -> Signature:
    """Change the caller's own signature. Raises `NobodyActs`, `Invalid`."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    agent = await _own(caller, session)
    if wanted.text is not UNCHANGED:
        agent.signature = checked_signature(wanted.text)
    if wanted.is_on is not UNCHANGED:
        agent.signs_replies = wanted.is_on
    await session.flush()
    return Signature(agent.signature, agent.signs_replies)


async def _own(caller: Caller, session: AsyncSession) -> Agent:
    return await account_rows.find(session, Agent, caller.account_id, caller.actor.agent_id)
