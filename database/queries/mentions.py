"""Mentions of colleagues in notes, written by the journal."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Agent, Mention


async def people(session: AsyncSession, account_id: str) -> Mapping[str, str]:
    """Return the names of the people whom a note can mention, by their ids."""
    query = select(Agent.id, Agent.name).where(
        Agent.account_id == account_id, Agent.retired_at.is_(None)
    )
    return {row.id: row.name for row in await session.execute(query)}


async def is_mentioned(session: AsyncSession, conversation_id: UUID, agent_id: str) -> bool:
    """Say whether a note of a conversation names somebody."""
    found = exists().where(Mention.conversation_id == conversation_id, Mention.agent_id == agent_id)
    return bool(await session.scalar(select(found)))
