"""Brands that set themselves up: with a link that the installation gives, and that serves once."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import accounts, set_up_links
from database.queries.accounts import NewAccount
from database.tables import Account
from domain.errors import DomainError
from security.passwords import digest, new_secret
from services.clock import utc_now
from services.configuring.accounts import set_up
from services.configuring.agents import NewAgent
from services.configuring.passwords import PasswordHasher
from services.installation import Installation

PREFIX = "swb_"
LASTS = timedelta(days=3)
"""How long a link may be used. Ours."""


class LinkUsed(DomainError):
    """The link was used, is too old, or was never given: which of these, nobody learns."""

    status = 404
    code = "set_up_link_used"
    sentence = (
        "This link no longer works: it sets up one brand, within three days. "
        "Ask whoever runs Switchboard for another one, or log in if the brand is set up."
    )


async def make(_: Installation, session: AsyncSession) -> str:
    """Return the token of a new link, which is shown once."""
    token, now = new_secret(PREFIX), utc_now()
    await set_up_links.add(session, digest(token), now, now + LASTS)
    return token


async def check(session: AsyncSession, token: str) -> None:
    """Raise `LinkUsed` unless somebody may set up a brand with this token."""
    if not await set_up_links.serves(session, digest(token), utc_now()):
        raise LinkUsed


async def use(
    session: AsyncSession,
    passwords: PasswordHasher,
    token: str,
    new: NewAccount,
    admin: NewAgent,
) -> Account:
    """Set up an account with its first admin, and use the link up.

    Raises `LinkUsed`, and what `accounts.set_up` raises; then the link still serves.
    """
    if not await set_up_links.take(session, digest(token), utc_now()):
        raise LinkUsed
    named = replace(new, id=await accounts.free_id(session, new.name))
    return await set_up(Installation(), session, passwords, named, admin)
