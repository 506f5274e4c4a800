"""Links with which brands set themselves up. Each serves once, and for a while."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import SetUpLink


async def add(
    session: AsyncSession, token_hash: bytes, now: datetime, expires_at: datetime
) -> None:
    """Add a link, and forget those that are over."""
    await session.execute(delete(SetUpLink).where(SetUpLink.expires_at <= now))
    session.add(SetUpLink(token_hash=token_hash, expires_at=expires_at))


async def serves(session: AsyncSession, token_hash: bytes, now: datetime) -> bool:
    """Say whether a link may still be used."""
    found = (SetUpLink.token_hash == token_hash) & (SetUpLink.expires_at > now)
    return bool(await session.scalar(select(exists().where(found))))


async def take(session: AsyncSession, token_hash: bytes, now: datetime) -> bool:
    """Use a link up, and say whether it served. Of two at once, one gets it."""
    found = (SetUpLink.token_hash == token_hash) & (SetUpLink.expires_at > now)
    taken = await session.scalar(delete(SetUpLink).where(found).returning(SetUpLink.token_hash))
    return taken is not None
