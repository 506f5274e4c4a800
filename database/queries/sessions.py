"""Log-ins of people and tokens of programs. Only hashes of the secrets are stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import ApiToken, Session
from domain.errors import NotFound


async def log_out(session: AsyncSession, token_hash: bytes) -> None:
    """End one log-in."""
    await session.execute(delete(Session).where(Session.token_hash == token_hash))


async def log_out_everywhere(
    session: AsyncSession, agent_id: str, *, but: bytes | None = None
) -> None:
    """End an agent's log-ins, all or all but one."""
    ended = delete(Session).where(Session.agent_id == agent_id)
    if but is not None:
        ended = ended.where(Session.token_hash != but)
    await session.execute(ended)


async def of_agent(session: AsyncSession, agent_id: str, now: datetime) -> Sequence[Session]:
    """Return an agent's log-ins that have not ended, the latest first."""
    query = select(Session).where(Session.agent_id == agent_id, Session.expires_at > now)
    return (await session.scalars(query.order_by(Session.created_at.desc()))).all()


async def forget_expired(session: AsyncSession, now: datetime) -> set[str]:
    """Delete expired log-ins; returns the ids of their agents."""
    over = delete(Session).where(Session.expires_at <= now).returning(Session.agent_id)
    return set(await session.scalars(over))


async def tokens(
    session: AsyncSession, account_id: str, *, after: str | None, limit: int | None
) -> Sequence[ApiToken]:
    """Return an account's tokens in the order of their ids, after `after`."""
    query = select(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    if after is not None:
        query = query.where(ApiToken.id > after)
    return (await session.scalars(query.order_by(ApiToken.id).limit(limit))).all()


async def find_token(session: AsyncSession, account_id: str, token_id: str) -> ApiToken:
    """Return an account's token that is in use. Raises `NotFound`."""
    row = await session.get(ApiToken, token_id)
    if row is None or row.account_id != account_id or row.revoked_at is not None:
        raise NotFound
    return row


async def revoke(session: AsyncSession, account_id: str, token_id: str, now: datetime) -> None:
    """Revoke an account's token; safe to repeat. Raises `NotFound`."""
    row = await session.get(ApiToken, token_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    row.revoked_at = row.revoked_at or now
