"""People's one-time codes, and the recovery codes beside them. No code is used twice."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Agent, RecoveryCode


async def use_step(session: AsyncSession, agent_id: str, step: int) -> bool:
    """Use the code of a period up; says whether it, and no later one, had been used."""
    is_later = Agent.totp_step.is_(None) | (Agent.totp_step < step)
    used = update(Agent).where(Agent.id == agent_id, is_later).values(totp_step=step)
    return (await session.scalar(used.returning(Agent.id))) is not None


async def use_recovery(session: AsyncSession, agent_id: str, code_hash: bytes) -> bool:
    """Use a recovery code up; says whether it was there."""
    gone = delete(RecoveryCode).where(
        RecoveryCode.agent_id == agent_id, RecoveryCode.code_hash == code_hash
    )
    return (await session.scalar(gone.returning(RecoveryCode.agent_id))) is not None


async def replace_recovery(session: AsyncSession, agent_id: str, hashes: Collection[bytes]) -> None:
    """Give a person recovery codes in place of those they had."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
    if hashes:
        rows = [{"agent_id": agent_id, "code_hash": one} for one in hashes]
        await session.execute(insert(RecoveryCode), rows)


async def recovery_left(session: AsyncSession, agent_id: str) -> int:
    """Return how many recovery codes a person has left."""
    query = select(func.count()).where(RecoveryCode.agent_id == agent_id)
    return int(await session.scalar(query) or 0)


async def switch(
    session: AsyncSession, agent: Agent, secret: bytes | None, since: datetime | None
) -> None:
    """Set or remove what a person's codes are made from."""
    agent.totp_secret, agent.totp_since, agent.totp_step = secret, since, None
    await session.flush()
