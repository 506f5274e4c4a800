"""Agents: the people of the account, and what they can do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import (
    account_rows,
    accounts,
    agent_states,
    agents,
    person_links,
    proofs,
    sessions,
)
from database.queries.agents import Working
from database.tables import Agent
from domain.people.log_in_names import log_in_name, shown_name
from domain.people.passwords import check_password
from domain.people.roles import AgentState, Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.writing.signatures import checked_signature
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import shared_now, utc_now
from services.configuring.passwords import PasswordHasher

NO_PASSWORD = "!"  # noqa: S105 - no hash: nothing is right
"""Stands for the password of somebody who has not set one yet."""


@dataclass(frozen=True)
class NewAgent:
    """A person to add. Without an id, the name makes one; without capacity, the account's.

    Without a password they cannot log in until they set one themselves: `services.person_links`.
    """

    name: str
    email: str
    password: str | None = field(default=None, repr=False)
    role: Role = Role.agent
    skills: Sequence[str] = ()
    capacity: int | None = None
    may_pick: bool = False
    id: str | None = None


@dataclass(frozen=True)
class AgentChange(Change):
    name: str | Unchanged = UNCHANGED
    email: str | Unchanged = UNCHANGED
    password: str | Unchanged = field(default=UNCHANGED, repr=False)
    role: Role | Unchanged = UNCHANGED
    skills: Sequence[str] | Unchanged = UNCHANGED
    capacity: int | Unchanged | None = UNCHANGED
    may_pick: bool | Unchanged = UNCHANGED
    may_open: bool | Unchanged = UNCHANGED
    signature: str | Unchanged | None = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> list[Working]:
    """Return the account's people with skills and load, after the id `after`."""
    caller.require(Role.agent)
    rows = await account_rows.listed(
        session, Agent, caller.account_id, after=after, limit=limit, retired=retired
    )
    return await agents.working(session, rows)


async def find(caller: Caller, session: AsyncSession, agent_id: str) -> Working:
    """Return a person, retired or not. Raises `NotFound`."""
    caller.require(Role.agent)
    agent = await account_rows.find(session, Agent, caller.account_id, agent_id)
    return await _working(session, agent)


async def create(
    caller: Caller, session: AsyncSession, passwords: PasswordHasher, new: NewAgent
) -> Working:
    """Add a person. They start offline.

    Raises `Invalid` for an unfit address, name, password, skill or id; `Conflict` for a log-in name
    or an id that is taken.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    name, email = shown_name(new.name), log_in_name(new.email)
    check_setting("capacity", new.capacity)
    await agents.check_email_free(session, caller.account_id, email)
    agent = Agent(
        password_hash=(
            NO_PASSWORD
            if new.password is None
            else await _hashed(passwords, new.password, email, name)
        ),
        id=await account_rows.new_id(session, Agent, caller.account_id, name, new.id),
        account_id=caller.account_id,
        name=name,
        email=email,
        role=str(new.role),
        state=str(AgentState.offline),
        state_since=utc_now(),
        capacity=new.capacity,
        may_pick=new.may_pick,
    )
    session.add(agent)
    await session.flush()
    await agents.set_skills(session, agent, new.skills)
    return await _working(session, agent)


async def change(
    caller: Caller,
    session: AsyncSession,
    passwords: PasswordHasher,
    agent_id: str,
    wanted: AgentChange,
) -> Working:
    """Change a person. A new password ends their log-ins; it or a new address, their link.

    Raises what `create` raises, `NotFound`, and `Conflict` for a retired person or the last admin.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    may_demote = wanted.role not in (UNCHANGED, Role.admin)
    if may_demote:
        await accounts.take_turn(session, caller.account_id)  # before a row is locked
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    if may_demote:
        await agents.check_admin_remains(session, agent)
    if wanted.email is not UNCHANGED:
        wanted = replace(wanted, email=log_in_name(wanted.email))
        await agents.check_email_free(session, agent.account_id, str(wanted.email), agent.id)
    if wanted.signature is not UNCHANGED:
        wanted = replace(wanted, signature=checked_signature(wanted.signature))
    is_other = wanted.email not in (UNCHANGED, agent.email)
    wanted.apply(agent, but=["password", "skills"])
    if is_other or wanted.password is not UNCHANGED:
        # A link may have been mailed to a stranger, when the address was mistyped.
        await person_links.forget(session, agent.id)
    if wanted.password is not UNCHANGED:
        agent.password_hash = await _hashed(passwords, wanted.password, agent.email, agent.name)
        await sessions.log_out_everywhere(session, agent.id)
    if wanted.skills is not UNCHANGED:
        await agents.set_skills(session, agent, wanted.skills)
    await session.flush()
    await proofs.changed(session, agent.account_id)
    await agents.work_changed(session, agent.account_id)
    return await _working(session, agent)


async def retire(caller: Caller, session: AsyncSession, agent_id: str) -> None:
    """Retire a person: they can no longer log in.

    Raises `NotFound`, and `Conflict` for the last admin and a person who still has conversations.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    await accounts.take_turn(session, caller.account_id)  # before a row is locked
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    await agents.check_admin_remains(session, agent)
    await agents.check_nothing_held(session, agent)
    await sessions.log_out_everywhere(session, agent.id)
    await proofs.changed(session, agent.account_id)
    now = await shared_now(session)
    account_rows.retire(agent, now)
    await agent_states.set_state(session, agent, AgentState.offline, None, now)


async def _hashed(passwords: PasswordHasher, password: str, email: str, name: str) -> str:
    """Return what is kept of a password. Raises `Invalid` for one that is easily guessed."""
    check_password(password, email, name)
    return await passwords.hash(password)


async def _working(session: AsyncSession, agent: Agent) -> Working:
    return (await agents.working(session, [agent]))[0]
