"""Logging in and out, who is logged in, and changing a password. The API limits attempts."""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import (
    account_rows,
    agent_states,
    agents,
    audit,
    person_links,
    proofs,
    sessions,
)
from database.queries.agents import Working
from database.tables import Agent, Session
from domain.errors import Conflict, NotAllowed
from domain.people.passwords import check_password as check_password_fit
from domain.people.roles import Role
from domain.settings.auditing import Action
from services.caller import Caller
from services.clock import shared_now, utc_now
from services.errors import SeveralAccounts, WrongLogIn

LEAST_CHECKS = 2
"""Passwords checked at each attempt, so that its duration reveals nothing of other accounts."""
LONGEST_ID = 32
"""Characters of a log-in's name. Ours."""


class Checked(Protocol):
    """Whether a password is right, and a new hash when the old one should be replaced."""

    @property
    def is_right(self) -> bool: ...
    @property
    def new_hash(self) -> str | None: ...


class ChecksPasswords(Protocol):
    """Makes hashes of passwords, and checks them."""

    async def hash(self, password: str) -> str: ...
    async def check(self, password: str, password_hash: str | None) -> Checked: ...


class LimitsAttempts(Protocol):
    """Limits attempts at a person's password."""

    def of_one(self, agent_id: str) -> AbstractAsyncContextManager[None]: ...


@dataclass(frozen=True)
class Where:
    """Where somebody logs in: what their browser says it is, and its address."""

    browser: str = ""
    address: str = ""


NOWHERE = Where()


@dataclass(frozen=True)
class LogIn:
    """A log-in that has not ended. `is_own`: the one that asks."""

    row: Session = field(repr=False)
    is_own: bool = False

    @property
    def id(self) -> str:
        """A name for it that is no secret."""
        return hashlib.sha256(self.row.token_hash).hexdigest()[:LONGEST_ID]


async def people_of(session: AsyncSession, email: str, account_id: str | None) -> Sequence[Agent]:
    """Return the people with this address, in the named account or in any."""
    return await agents.by_email(session, email, account_id) if "\0" not in email else []


@dataclass(frozen=True)
class Right:
    """Whose password was right. `new_hash`: what is to replace the old one."""

    agent: Agent
    new_hash: str | None = field(default=None, repr=False)


async def check_password(
    passwords: ChecksPasswords, found: Sequence[Agent], password: str
) -> Right:
    """Return the person among `found` who has this password.

    It takes its time: hold no connection meanwhile. Raises `WrongLogIn`, after the same time
    whether nobody has the address, or people of this or another account; `SeveralAccounts` when
    the password is right in more than one.
    """
    nobodys = [None] * (LEAST_CHECKS - len(found))
    right: list[Right] = []
    for agent in [*found, *nobodys]:
        checked = await passwords.check(password, agent.password_hash if agent else None)
        if agent is None or not checked.is_right:
            continue
        right.append(Right(agent, checked.new_hash))
    if not right:
        raise WrongLogIn
    if len(right) > 1:
        raise SeveralAccounts([one.agent.account_id for one in right])
    return right[0]


async def still(session: AsyncSession, right: Right) -> Agent:
    """Return the person whose password was right, if it still is: until the transaction ends.

    Raises `WrongLogIn` for somebody who was retired or got another password meanwhile.
    """
    agent = await agents.as_it_stays(session, right.agent.id)
    if agent.retired_at is not None or agent.password_hash != right.agent.password_hash:
        raise WrongLogIn
    if right.new_hash:
        agent.password_hash = right.new_hash
    return agent


async def begin(
    session: AsyncSession,
    agent: Agent,
    token_hash: bytes,
    expires_at: datetime,
    where: Where = NOWHERE,
) -> Working:
    """Log in a person whose password was right."""
    session.add(
        Session(
            token_hash=token_hash,
            agent_id=agent.id,
            expires_at=expires_at,
            browser=where.browser,
            address=where.address,
        )
    )
    return (await agents.working(session, [agent]))[0]


async def note_lock(sessions_: Sessions, agent: Agent) -> None:
    """Keep in the audit log that a person's codes are locked, whatever becomes of the request."""
    async with sessions_.begin() as session:
        await audit.record(session, agent.account_id, Action.locked, "recovery_code", agent.id)


async def log_out(caller: Caller, session: AsyncSession) -> None:
    """End the log-in the caller was identified by. After their last one an agent is offline.

    Programs have no log-in to end.
    """
    caller.require(Role.agent)
    if caller.session_hash is None or caller.person is None:
        return
    await sessions.log_out(session, caller.session_hash)
    await proofs.changed(session, caller.account_id)
    await agent_states.log_out(session, caller.person.agent_id, await shared_now(session))


async def listed(caller: Caller, session: AsyncSession, agent_id: str | None = None) -> list[LogIn]:
    """Return the log-ins of the caller or, for admins, of a person; the latest first.

    Raises `NotFound`, `NotAllowed`.
    """
    agent = await _whose(caller, session, agent_id)
    rows = await sessions.of_agent(session, agent.id, utc_now())
    return [LogIn(row, is_own=row.token_hash == caller.session_hash) for row in rows]


async def end(
    caller: Caller, session: AsyncSession, log_in_id: str | None, agent_id: str | None = None
) -> None:
    """End one log-in, or all but the caller's own, of the caller or, for admins, of a person.

    Raises `NotFound`, `NotAllowed`.
    """
    agent = await _whose(caller, session, agent_id)
    for row in await sessions.of_agent(session, agent.id, utc_now()):
        is_meant = log_in_id == LogIn(row).id if log_in_id else True
        if is_meant and row.token_hash != caller.session_hash:
            await sessions.log_out(session, row.token_hash)
            await audit.record(session, caller.account_id, Action.ended, "log_in", agent.id)
    await proofs.changed(session, caller.account_id)
    await agent_states.log_out(session, agent.id, await shared_now(session))


async def _whose(caller: Caller, session: AsyncSession, agent_id: str | None) -> Agent:
    caller.require(Role.agent if agent_id is None else Role.admin)
    own = caller.person.agent_id if caller.person else None
    wanted = agent_id or own
    if wanted is None or (agent_id is None and caller.session_hash is None):
        raise NotAllowed("Only people have log-ins.")
    return await account_rows.find(session, Agent, caller.account_id, wanted)


async def who_am_i(caller: Caller, session: AsyncSession) -> Working | None:
    """Return who acts, None for a program on its own."""
    caller.require(Role.agent)
    if caller.person is None:
        return None
    agent = await account_rows.find(session, Agent, caller.account_id, caller.person.agent_id)
    return (await agents.working(session, [agent]))[0]


async def check_own(
    passwords: ChecksPasswords, attempts: LimitsAttempts, person: Agent, password: str
) -> None:
    """Check the password of somebody who is logged in, with no connection held.

    Raises `WrongLogIn`, and what stops those who try too often.
    """
    async with attempts.of_one(person.id):
        if not (await passwords.check(password, person.password_hash)).is_right:
            raise WrongLogIn("The current password is wrong.")


async def change_own_password(
    caller: Caller,
    sessions_: Sessions,
    passwords: ChecksPasswords,
    attempts: LimitsAttempts,
    *,
    current: str,
    new: str,
) -> None:
    """Change the caller's own password; their other log-ins end. Raises `WrongLogIn`, `Invalid`."""
    caller.require(Role.agent)
    if caller.person is None or caller.session_hash is None:
        raise NotAllowed("Only people have passwords.")
    own = caller.account_id, caller.person.agent_id
    async with sessions_() as session:
        person = await account_rows.find_active(session, Agent, *own)
    await check_own(passwords, attempts, person, current)
    check_password_fit(new, person.email, person.name)
    hashed = await passwords.hash(new)
    async with sessions_.begin() as session:
        agent = await account_rows.find_active(session, Agent, *own)
        if agent.password_hash != person.password_hash:
            raise Conflict("Your password was changed elsewhere meanwhile.")
        agent.password_hash = hashed
        await person_links.forget(session, agent.id)
        await sessions.log_out_everywhere(session, agent.id, but=caller.session_hash)
        await proofs.changed(session, caller.account_id)
