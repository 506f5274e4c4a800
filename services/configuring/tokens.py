"""Tokens for programs. The caller makes and shows a token; only its hash comes here."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import sessions
from database.tables import ApiToken
from domain.people.roles import Role
from services.caller import Caller
from services.clock import utc_now


async def create(
    caller: Caller, session: AsyncSession, name: str, role: Role, token_hash: bytes
) -> ApiToken:
    """Create a program's token. `token_hash`: SHA-256 of a random token."""
    caller.require(Role.admin)
    token = ApiToken(
        id=f"token-{uuid4().hex[:12]}",
        account_id=caller.account_id,
        name=name,
        token_hash=token_hash,
        role=str(role),
        created_at=utc_now(),
    )
    session.add(token)
    return token


async def listed(
    caller: Caller, session: AsyncSession, *, after: str | None = None, limit: int
) -> Sequence[ApiToken]:
    """Return the tokens in use, after the id `after`."""
    caller.require(Role.admin)
    return await sessions.tokens(session, caller.account_id, after=after, limit=limit)


async def revoke(caller: Caller, session: AsyncSession, token_id: str) -> None:
    """Revoke a token. It is then refused. Raises `NotFound`."""
    caller.require(Role.admin)
    await sessions.revoke(session, caller.account_id, token_id, utc_now())
