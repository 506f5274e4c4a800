"""Links with which people set their own passwords. Each serves once, and for a while."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Agent, PersonLink


async def replace(
    session: AsyncSession, agent_id: str, token_hash: bytes, now: datetime, expires_at: datetime
) -> None:
    """Give a person a link; the one before serves no longer. Forgets those that are over."""
    is_over = (PersonLink.expires_at <= now) | (PersonLink.agent_id == agent_id)
    await session.execute(delete(PersonLink).where(is_over))
    session.add(PersonLink(token_hash=token_hash, agent_id=agent_id, expires_at=expires_at))
    await session.flush()


async def person_of(session: AsyncSession, token_hash: bytes, now: datetime) -> Agent | None:
    """Return whose password a link sets; None: it serves no longer."""
    query = (
        select(Agent)
        .join(PersonLink, PersonLink.agent_id == Agent.id)
        .where(PersonLink.token_hash == token_hash, PersonLink.expires_at > now)
        .where(Agent.retired_at.is_(None))
    )
    found: Agent | None = await session.scalar(query)
    return found


async def take(session: AsyncSession, token_hash: bytes) -> bool:
    """Use a link up. Of two at once, one gets it."""
    gone = delete(PersonLink).where(PersonLink.token_hash == token_hash)
    return (await session.scalar(gone.returning(PersonLink.agent_id))) is not None


async def forget(session: AsyncSession, agent_id: str) -> None:
    """Let a person's link serve no longer: their address or password is another now."""
    await session.execute(delete(PersonLink).where(PersonLink.agent_id == agent_id))
