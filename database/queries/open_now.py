"""Open conversations of an account or a skill, counted."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.conversation_filters import IS_OPEN
from database.tables import Conversation


async def count(session: AsyncSession, account_id: str, skill_id: str | None) -> int:
    """Return how many are open, by the index of open ones."""
    query = select(func.count()).where(Conversation.account_id == account_id, IS_OPEN)
    if skill_id is not None:
        query = query.where(Conversation.skill_id == skill_id)
    return await session.scalar(query) or 0
