"""One-time codes: set up and removed by each person, asked for at log-in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import account_rows, audit, log_in_failures, second_factors
from database.tables import Agent
from domain.errors import Conflict, Invalid, NotAllowed
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.auditing import Action
from security.one_time_codes import (
    OneTimeSecrets,
    address_for_app,
    new_one_time_secret,
    new_recovery_codes,
    step_of,
)
from security.passwords import digest
from services.caller import Caller
from services.clock import shared_now
from services.configuring.agents import NO_PASSWORD
from services.errors import CodeNeeded, WrongCode
from services.log_ins import ChecksPasswords, LimitsAttempts, check_own

ISSUER = "Switchboard"


@dataclass(frozen=True)
class Begun:
    """A secret that is not confirmed yet: as an app takes it, and as its QR code says it."""

    secret: str
    address: str


@dataclass(frozen=True)
class Standing:
    """Whether log-ins need a code, and how many recovery codes are left."""

    is_on: bool
    recovery_left: int


async def standing(caller: Caller, session: AsyncSession) -> Standing:
    """Return how the caller's own log-ins are protected."""
    agent = await _own(caller, session)
    left = await second_factors.recovery_left(session, agent.id)
    return Standing(agent.totp_since is not None, left)


async def begin(
    caller: Caller,
    sessions: Sessions,
    box: OneTimeSecrets,
    passwords: ChecksPasswords,
    attempts: LimitsAttempts,
    password: str,
) -> Begun:
    """Make the caller a new secret, which has no effect before it is confirmed.

    Whoever finds a page open must not lock its owner out: the password is asked for, of those who
    have one. Raises `Conflict` while codes are on, `WrongLogIn` for a wrong password.
    """
    async with sessions() as session:
        person = await _without_codes(caller, session)
    if person.password_hash != NO_PASSWORD:
        await check_own(passwords, attempts, person, password)
    secret = new_one_time_secret()
    async with sessions.begin() as session:
        agent = await _without_codes(caller, session)
        await second_factors.switch(session, agent, box.seal(secret), None)
    return Begun(secret, address_for_app(secret, agent.email, ISSUER))


async def confirm(
    caller: Caller, session: AsyncSession, box: OneTimeSecrets, code: str
) -> Sequence[str]:
    """Switch codes on, if this is one; returns recovery codes, which are shown once.

    Raises `Invalid` for another code, `Conflict` where none was begun or they are on.
    """
    agent = await _own(caller, session)
    if agent.totp_secret is None or agent.totp_since is not None:
        raise Conflict("Begin again: there is nothing to confirm.")
    now = await shared_now(session)
    step = step_of(box.unseal(agent.totp_secret), _digits(code), now.timestamp())
    if step is None:
        raise Invalid("This is not the code that the app shows now. Check the time of the phone.")
    agent.totp_since, agent.totp_step = now, step
    codes = new_recovery_codes()
    await second_factors.replace_recovery(session, agent.id, [digest(one) for one in codes])
    await audit.record(session, agent.account_id, Action.added, "recovery_code", agent.id)
    return codes


async def switch_off(caller: Caller, session: AsyncSession, box: OneTimeSecrets, code: str) -> None:
    """Switch the caller's codes off, with one of them. Raises `WrongCode`."""
    agent = await _own(caller, session)
    if agent.totp_since is not None:
        await check(session, box, agent, code)
    await _remove(session, agent)


async def remove(caller: Caller, session: AsyncSession, agent_id: str) -> None:
    """Switch a person's codes off, who lost their phone. For admins. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    agent = await account_rows.find_active(session, Agent, caller.account_id, agent_id)
    await _remove(session, agent)
    await log_in_failures.unlock_codes(session, agent.id)


async def check(session: AsyncSession, box: OneTimeSecrets, agent: Agent, code: str | None) -> None:
    """Check the code of somebody whose password was right.

    Raises `CodeNeeded` without one, `WrongCode` for a wrong one or one that was used.
    """
    if agent.totp_since is None or agent.totp_secret is None:
        return
    if not code:
        raise CodeNeeded
    now = await shared_now(session)
    step = step_of(box.unseal(agent.totp_secret), _digits(code), now.timestamp())
    if step is not None and await second_factors.use_step(session, agent.id, step):
        return
    if not await second_factors.use_recovery(session, agent.id, digest(code.strip().lower())):
        raise WrongCode
    await audit.record(session, agent.account_id, Action.used, "recovery_code", agent.id)


async def _remove(session: AsyncSession, agent: Agent) -> None:
    await second_factors.switch(session, agent, None, None)
    await second_factors.replace_recovery(session, agent.id, ())


async def _without_codes(caller: Caller, session: AsyncSession) -> Agent:
    agent = await _own(caller, session)
    if agent.totp_since is not None:
        raise Conflict("Codes are on already. Switch them off first.")
    return agent


async def _own(caller: Caller, session: AsyncSession) -> Agent:
    caller.require(Role.agent)
    if caller.person is None or caller.session_hash is None:
        raise NotAllowed("Only people who logged in have codes.")
    return await account_rows.find_active(session, Agent, caller.account_id, caller.person.agent_id)


def _digits(code: str) -> str:
    return "".join(one for one in code if one.isascii() and one.isdigit())
