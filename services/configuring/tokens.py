"""Tokens for programs. The caller makes and shows a token; only its hash comes here."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import proofs, sessions
from database.tables import ApiToken
from domain.errors import NotAllowed
from domain.people.roles import Role
from domain.people.token_scopes import Scopes, TokenScope
from services.caller import Caller
from services.clock import utc_now


async def create(
    caller: Caller,
    session: AsyncSession,
    name: str,
    role: Role,
    token_hash: bytes,
    scopes: Scopes = None,
) -> ApiToken:
    """Create a program's token. `token_hash`: SHA-256 of a random token.

    Raises `NotAllowed` for a token that makes one which may do more.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.tokens_write)
    _check_no_more(caller, scopes)
    token = ApiToken(
        id=f"token-{uuid4().hex[:12]}",
        account_id=caller.account_id,
        name=name,
        token_hash=token_hash,
        role=str(role),
        scopes=_stored(scopes),
        created_at=utc_now(),
    )
    session.add(token)
    return token


async def change(caller: Caller, session: AsyncSession, token_id: str, scopes: Scopes) -> ApiToken:
    """Change what a token is limited to, from its next request on.

    Raises `NotFound`, and `NotAllowed` for a token that gives scopes it does not have.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.tokens_write)
    _check_no_more(caller, scopes)
    token = await sessions.find_token(session, caller.account_id, token_id)
    token.scopes = _stored(scopes)
    await proofs.changed(session, caller.account_id)
    return token


async def listed(
    caller: Caller, session: AsyncSession, *, after: str | None = None, limit: int | None = None
) -> Sequence[ApiToken]:
    """Return the tokens in use, after the id `after`."""
    caller.require(Role.admin)
    return await sessions.tokens(session, caller.account_id, after=after, limit=limit)


async def find(caller: Caller, session: AsyncSession, token_id: str) -> ApiToken:
    """Return a token that is in use. Raises `NotFound`."""
    caller.require(Role.admin)
    return await sessions.find_token(session, caller.account_id, token_id)


async def revoke(caller: Caller, session: AsyncSession, token_id: str) -> None:
    """Revoke a token. It is then refused. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.tokens_write)
    await sessions.revoke(session, caller.account_id, token_id, utc_now())
    await proofs.changed(session, caller.account_id)


def _check_no_more(caller: Caller, scopes: Scopes) -> None:
    has = caller.scopes
    if has is not None and (scopes is None or not scopes <= has):
        raise NotAllowed("A token with scopes can give only scopes that it has itself.")


def _stored(scopes: Scopes) -> list[str] | None:
    return None if scopes is None else sorted(scopes)
