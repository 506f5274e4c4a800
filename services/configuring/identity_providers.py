"""The account's own identity provider: people log in there, and their roles come from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows
from database.tables import Agent, IdentityProvider
from domain.endpoints.urls import receiver_url
from domain.errors import Invalid, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from security.secrets import SecretBox
from services.caller import Caller

LONGEST = 500
"""Characters of a value. Ours."""
MOST_ROLES = 50


@dataclass(frozen=True)
class NewProvider:
    """What is known of a provider. `secret`: None for the present one.

    `roles`: roles here by the values of the claim; empty: whoever is known keeps their role.
    `adds_people`: who logs in there for the first time is added here. `proves_addresses`: an
    address counts although the provider does not say that it is verified.
    """

    issuer: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    role_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    adds_people: bool = False
    proves_addresses: bool = False


async def find(caller: Caller, session: AsyncSession) -> IdentityProvider | None:
    """Return the account's provider; None: there is none."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_read)
    return await session.get(IdentityProvider, caller.account_id)


async def put(
    caller: Caller,
    session: AsyncSession,
    box: SecretBox,
    new: NewProvider,
    *,
    has_own_networks: bool,
) -> IdentityProvider:
    """Set the account's provider. Raises `Invalid`, and `UrlRefused` for an unfit issuer."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    issuer = new.issuer.strip()
    receiver_url(issuer, has_own_networks=has_own_networks)
    _check(new)
    row = await session.get(IdentityProvider, caller.account_id)
    if row is None:
        if not new.secret:
            raise Invalid("Enter the client's secret.")
        row = IdentityProvider(account_id=caller.account_id, secret=box.seal_text(new.secret))
        session.add(row)
    elif new.secret:
        row.secret = box.seal_text(new.secret)
    row.issuer, row.client_id = issuer, new.client_id.strip()
    row.role_claim, row.adds_people = new.role_claim.strip(), new.adds_people
    row.proves_addresses = new.proves_addresses
    row.roles = {value: str(role) for value, role in new.roles.items()}
    await session.flush()
    return row


async def remove(caller: Caller, session: AsyncSession) -> None:
    """Remove the account's provider: people log in with passwords again. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    row = await session.get(IdentityProvider, caller.account_id)
    if row is None:
        raise NotFound
    await session.delete(row)


async def forget(caller: Caller, session: AsyncSession, agent_id: str) -> None:
    """Forget who a person is at the provider: their address says it anew. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.agents_write)
    agent = await account_rows.find(session, Agent, caller.account_id, agent_id)
    agent.sign_on_issuer = agent.sign_on_subject = None
    await session.flush()


def _check(new: NewProvider) -> None:
    written = (new.issuer, new.client_id, new.secret or "", new.role_claim, *new.roles)
    if any(len(one) > LONGEST or "\0" in one for one in written) or len(new.roles) > MOST_ROLES:
        raise Invalid("A value is too long.")
    if not new.client_id.strip():
        raise Invalid("Enter the client's id.")
    if new.roles and not new.role_claim.strip():
        raise Invalid("Name the claim that holds the roles.")
    if new.adds_people and not new.roles:
        raise Invalid("To add people, say which values of the claim give which roles.")
