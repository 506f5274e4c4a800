"""Log-ins by an account's identity provider: it proves who somebody is, and their role."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts, agents, proofs
from database.tables import Agent, IdentityProvider
from domain.errors import DomainError
from domain.people.log_in_names import LONGEST_NAME, log_in_name, shown_name
from domain.people.roles import Role
from security.secrets import SecretBox, SecretUnreadable
from services.caller import RANKS
from services.configuring import agents as people
from services.configuring.agents import NewAgent
from services.configuring.passwords import PasswordHasher
from services.installation import Installation
from services.openid import Begun, Client, OpenId, OpenIdFailed

LASTS = 600.0
"""Seconds from the begin of a log-in to its end. Ours: people look for their phones."""

log = structlog.stdlib.get_logger()


class NotSignedOn(DomainError):
    """The log-in did not succeed: `code` is the same whatever was wrong."""

    code = "not_signed_on"
    status = 401
    sentence = "The log-in was not completed. Begin again, or log in with your password."


@dataclass(frozen=True)
class SignOn:
    """What logging in by a provider needs. `redirect_uri`: where people come back to."""

    sessions: Sessions
    openid: OpenId
    box: SecretBox
    redirect_uri: str


async def begin(by: SignOn, account_id: str) -> tuple[str, str]:
    """Return where a person is sent, and what their browser keeps. Raises `NotSignedOn`.

    An account without a provider looks like one whose provider does not answer.
    """
    async with by.sessions() as session:
        row = await session.get(IdentityProvider, account_id)
    if row is None:
        raise NotSignedOn
    try:
        address, begun = await by.openid.begin(_client(by, row))
    except OpenIdFailed as failed:
        raise _refused(account_id, failed.why) from failed
    now = await by.sessions.clock.now()
    kept = {"account": account_id, "at": now.timestamp(), **asdict(begun)}
    return address, by.box.seal_text(json.dumps(kept))


async def finish(by: SignOn, passwords: PasswordHasher, kept: str, state: str, code: str) -> str:
    """Return the id of the person who came back; they are added or changed as the provider says.

    At their first log-in their proven address says who they are, and from then on only the
    provider's own id (`iss` and `sub`): addresses change hands.

    Raises `NotSignedOn` for what was not begun in this browser, lately, and for whom the provider
    does not prove, does not let in here, or who is not known here.
    """
    account_id, begun = _opened(by, kept, await by.sessions.clock.now())
    if state != begun.state or not code:
        raise _refused(account_id, "another log-in")
    async with by.sessions() as session:
        row = await session.get(IdentityProvider, account_id)
    if row is None:
        raise _refused(account_id, "no provider")
    try:
        claims = await by.openid.finish(
            _client(by, row), begun, code, await by.sessions.clock.now()
        )
    except OpenIdFailed as failed:
        raise _refused(account_id, failed.why) from failed
    async with by.sessions.begin() as session:
        return (await _person(session, passwords, row, claims)).id


async def _person(
    session: AsyncSession,
    passwords: PasswordHasher,
    row: IdentityProvider,
    claims: Mapping[str, Any],
) -> Agent:
    identity = str(claims["iss"]), str(claims["sub"])
    if row.roles:
        await accounts.take_turn(session, row.account_id)  # before a row is locked
    agent = await agents.by_identity(session, row.account_id, *identity)
    role = _role(row, claims)
    if agent is None:
        agent = await _first_time(session, passwords, row, role, claims)
        agent.sign_on_issuer, agent.sign_on_subject = identity
    elif agent.retired_at is not None:
        raise _refused(row.account_id, "retired")
    if role is not None and agent.role != role:
        if role is not Role.admin:
            await agents.check_admin_remains(session, agent)
        agent.role = str(role)
    await session.flush()
    await proofs.changed(session, agent.account_id)
    return agent


async def _first_time(
    session: AsyncSession,
    passwords: PasswordHasher,
    row: IdentityProvider,
    role: Role | None,
    claims: Mapping[str, Any],
) -> Agent:
    """Return whom a proven address belongs to: only once, as addresses may be given to others."""
    email = claims.get("email")
    proven = claims.get("email_verified", True if row.proves_addresses else None)
    if not isinstance(email, str) or proven is not True:
        raise _refused(row.account_id, "address not verified")
    found = await agents.by_email(session, email, row.account_id, locked=True)
    if not found:
        return await _added(session, passwords, row, email, role, claims)
    [agent] = found
    if agent.sign_on_issuer == claims["iss"] and agent.sign_on_subject is not None:
        raise _refused(row.account_id, "address of somebody else")
    return agent


async def _added(
    session: AsyncSession,
    passwords: PasswordHasher,
    row: IdentityProvider,
    email: str,
    role: Role | None,
    claims: Mapping[str, Any],
) -> Agent:
    if not row.adds_people or role is None:
        raise _refused(row.account_id, "nobody known")
    if await agents.was_retired(session, row.account_id, email):
        raise _refused(row.account_id, "retired")
    name = str(claims.get("name") or email.partition("@")[0])[:LONGEST_NAME]
    new = NewAgent(shown_name(name), log_in_name(email), None, role)
    made = await people.create(Installation().caller(row.account_id), session, passwords, new)
    return made.agent


def _role(row: IdentityProvider, claims: Mapping[str, Any]) -> Role | None:
    """Return the highest role that the claim gives; None: roles are not taken from it."""
    if not row.roles:
        return None
    claim = claims.get(row.role_claim)
    values: Sequence[Any] = claim if isinstance(claim, list) else [claim]
    given = [Role(row.roles[one]) for one in values if isinstance(one, str) and one in row.roles]
    if not given:
        raise _refused(row.account_id, "no role")
    return max(given, key=lambda role: RANKS[role])


def _client(by: SignOn, row: IdentityProvider) -> Client:
    try:
        secret = by.box.unseal_text(row.secret)
    except SecretUnreadable as error:
        raise _refused(row.account_id, "secret unreadable") from error
    return Client(row.issuer, row.client_id, secret, by.redirect_uri)


def _opened(by: SignOn, kept: str, now: datetime) -> tuple[str, Begun]:
    try:
        values = json.loads(by.box.unseal_text(kept))
    except (SecretUnreadable, ValueError) as error:
        raise NotSignedOn from error
    if now.timestamp() - values.pop("at") > LASTS:
        raise NotSignedOn
    account_id = str(values.pop("account"))
    return account_id, Begun(**values)


def _refused(account_id: str, why: str) -> NotSignedOn:
    log.warning("single_sign_on_refused", account_id=account_id, why=why)
    return NotSignedOn()
