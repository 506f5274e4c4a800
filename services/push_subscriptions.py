"""Browsers that people let us push to while no page is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import pushes
from database.tables import PushSubscription
from domain.endpoints.urls import receiver_url
from domain.errors import Invalid, NotAllowed, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from security.push_keys import PushKeys, decoded
from services.caller import Caller

MOST = 10
"""Browsers of one person. Ours: a desk, a laptop, a phone, and some that were forgotten."""
SECRET_BYTES = 16
"""Of a browser's secret (RFC 8291, 3.2)."""


@dataclass(frozen=True)
class NewSubscription:
    """What a browser says when its person lets us push. `browser`: a name for its owner."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    browser: str
    language: str = "en"
    """Of its page: notices are pushed in it, unless the person chose one."""


async def show_key(caller: Caller, session: AsyncSession, keys: PushKeys) -> str:
    """Return the installation's public key, which browsers subscribe with. It is made once."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_read)
    known = await pushes.key(session)
    if known is None:
        new = keys.make()
        known = await pushes.keep_key(session, new.public, new.private)
    return known.public_key


async def subscribe(
    caller: Caller, session: AsyncSession, new: NewSubscription, *, has_own_networks: bool
) -> PushSubscription:
    """Keep a browser, while the log-in lasts that the caller has in it. Safe to repeat.

    Raises `UrlRefused` for an address that is not public, `Invalid` for keys that are none,
    `NotAllowed` for programs.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    if caller.session_hash is None:
        raise NotAllowed("Only people who are logged in have a browser to push to.")
    receiver_url(new.endpoint, has_own_networks=has_own_networks)
    _check_keys(new)
    row: dict[str, object] = {
        "id": uuid4(),
        "account_id": caller.account_id,
        "agent_id": caller.actor.agent_id,
        "session_hash": caller.session_hash,
        "endpoint": new.endpoint,
        "p256dh": new.p256dh,
        "auth": new.auth,
        "browser": new.browser,
        "language": new.language,
    }
    return await pushes.subscribe(session, row, most=MOST)


async def list_subscriptions(caller: Caller, session: AsyncSession) -> Sequence[PushSubscription]:
    """Return the caller's browsers, the newest first."""
    caller.require(Role.agent)
    return await pushes.subscriptions(session, caller.actor.agent_id)


async def unsubscribe(caller: Caller, session: AsyncSession, subscription_id: UUID) -> None:
    """Push to a browser no more. Raises `NotFound`."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    own = await pushes.subscriptions(session, caller.actor.agent_id)
    if subscription_id not in {one.id for one in own}:
        raise NotFound
    await pushes.forget(session, subscription_id)


def _check_keys(new: NewSubscription) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(new.p256dh))
        is_secret = len(decoded(new.auth)) == SECRET_BYTES
    except ValueError:
        is_secret = False
    if not is_secret:
        raise Invalid("These are not the keys of a browser.")
