"""Connectors: how the account reaches its SMS providers. Secrets are written, never shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, pauses
from database.tables import Connector, ConnectorPause
from domain.delivery.pacing import GIVE_UP_AFTER
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.text.joining import WINDOW_SECONDS, Segments
from providers.contract import Description
from providers.credentials import filled_in
from security.secrets import SecretBox
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import shared_now, utc_now

FILED_AFTER_SECONDS = 86_400
"""Ours: what somebody asked a day ago they have asked again or dropped, as with late answers."""
GIVE_UP_SECONDS = round(GIVE_UP_AFTER.total_seconds())

Secret = Mapping[str, JsonValue]
"""The fields of a provider's credentials, as somebody filled them in."""


@dataclass(frozen=True)
class KnownProviders:
    """The providers an installation knows, and what keeps their secrets.

    `may_be_elsewhere`: connectors may use another address than the provider's own. Only for
    development, because the account's credentials are sent there.
    """

    descriptions: Mapping[str, Description]
    box: SecretBox
    may_be_elsewhere: bool


@dataclass(frozen=True)
class NewConnector:
    """A provider to connect to. Without an id, the name makes one."""

    provider: str
    name: str
    secret: Secret = field(repr=False)
    api_url: str | None = None
    prefix: str = ""
    resend_unconfirmed: bool = False
    may_overtake_unconfirmed: bool = True
    segments: Segments = Segments.separate
    join_window_seconds: int = WINDOW_SECONDS
    filed_after_seconds: int = FILED_AFTER_SECONDS
    give_up_seconds: int = GIVE_UP_SECONDS
    id: str | None = None


@dataclass(frozen=True)
class ConnectorChange(Change):
    """A secret is replaced whole."""

    name: str | Unchanged = UNCHANGED
    secret: Secret | Unchanged = field(default=UNCHANGED, repr=False)
    api_url: str | Unchanged | None = UNCHANGED
    prefix: str | Unchanged = UNCHANGED
    resend_unconfirmed: bool | Unchanged = UNCHANGED
    may_overtake_unconfirmed: bool | Unchanged = UNCHANGED
    segments: Segments | Unchanged = UNCHANGED
    join_window_seconds: int | Unchanged = UNCHANGED
    filed_after_seconds: int | Unchanged = UNCHANGED
    give_up_seconds: int | Unchanged = UNCHANGED


async def listed(
    caller: Caller, session: AsyncSession, *, after: str | None = None, limit: int | None = None
) -> Sequence[Connector]:
    """Return the connectors in use, after the id `after`."""
    caller.require(Role.admin)
    return await account_rows.listed(
        session, Connector, caller.account_id, after=after, limit=limit
    )


async def find(caller: Caller, session: AsyncSession, connector_id: str) -> Connector:
    """Return a connector, retired or not. Raises `NotFound`."""
    caller.require(Role.admin)
    return await account_rows.find(session, Connector, caller.account_id, connector_id)


async def create(
    caller: Caller, session: AsyncSession, providers: KnownProviders, new: NewConnector
) -> Connector:
    """Connect to a provider.

    Raises `Invalid` for an unfit provider, secret, address or id, `Conflict` for a taken id.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    check_setting("name", new.name)
    check_setting("prefix", new.prefix)
    check_setting("join_window_seconds", new.join_window_seconds)
    check_setting("filed_after_seconds", new.filed_after_seconds)
    check_setting("give_up_seconds", new.give_up_seconds)
    connector = Connector(
        id=await account_rows.new_id(session, Connector, caller.account_id, new.name, new.id),
        account_id=caller.account_id,
        provider=new.provider,
        name=new.name,
        secret=_sealed(providers, new.provider, new.secret),
        api_url=_address(providers, new.api_url),
        prefix=new.prefix,
        resend_unconfirmed=new.resend_unconfirmed,
        may_overtake_unconfirmed=new.may_overtake_unconfirmed,
        segments=new.segments,
        join_window_seconds=new.join_window_seconds,
        filed_after_seconds=new.filed_after_seconds,
        give_up_seconds=new.give_up_seconds,
    )
    session.add(connector)
    await session.flush()
    return connector


async def change(
    caller: Caller,
    session: AsyncSession,
    providers: KnownProviders,
    connector_id: str,
    wanted: ConnectorChange,
) -> Connector:
    """Change a connector. New secrets apply from the next text and the next webhook on.

    Raises `NotFound`, `Conflict` for a retired one, `Invalid` for another address.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    connector = await account_rows.find_active(session, Connector, caller.account_id, connector_id)
    if wanted.secret is not UNCHANGED:
        connector.secret = _sealed(providers, connector.provider, wanted.secret)
    if wanted.api_url is not UNCHANGED:
        connector.api_url = _address(providers, wanted.api_url)
    wanted.apply(connector, but=["secret", "api_url"])
    if wanted.secret is not UNCHANGED or wanted.api_url is not UNCHANGED:
        await session.flush()
        await pauses.end(session, connector.id, await shared_now(session))
    return connector


async def paused(
    caller: Caller, session: AsyncSession
) -> Sequence[tuple[Connector, ConnectorPause]]:
    """Return the account's connectors that are out of order, each with its pause."""
    caller.require(Role.manager)
    return await pauses.of_account(session, caller.account_id)


async def pause_of(
    caller: Caller, session: AsyncSession, connector_id: str
) -> ConnectorPause | None:
    """Return why a connector of the account is out of order; None: it is in order."""
    caller.require(Role.manager)
    return {row.id: pause for row, pause in await paused(caller, session)}.get(connector_id)


async def resume(caller: Caller, session: AsyncSession, connector_id: str) -> Connector:
    """Try a paused connector with all its texts at once; one that is in order stays as it is.

    Raises `NotFound`, and `Conflict` for a retired one.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    connector = await account_rows.find_active(session, Connector, caller.account_id, connector_id)
    await pauses.end(session, connector.id, await shared_now(session))
    return connector


async def retire(caller: Caller, session: AsyncSession, connector_id: str) -> None:
    """Retire a connector. Raises `NotFound`, and `Conflict` while it has lines."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    connector = await account_rows.find_active(session, Connector, caller.account_id, connector_id)
    await accounts.check_connector_unused(session, connector)
    account_rows.retire(connector, utc_now())


def _sealed(providers: KnownProviders, provider: str, secret: Secret) -> bytes:
    description = providers.descriptions.get(provider)
    if description is None:
        known = ", ".join(sorted(providers.descriptions))
        raise Invalid(f"Unknown provider. Known providers: {known}.")
    return providers.box.seal(filled_in(description.credentials, secret))


def _address(providers: KnownProviders, url: str | None) -> str | None:
    if url is None:
        return None
    if not providers.may_be_elsewhere:
        raise Invalid("Another address than the provider's is for development only.")
    return url.rstrip("/")
