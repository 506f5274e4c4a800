"""How far a brand's first set-up is, in one statement."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.tables import (
    Agent,
    AgentSkill,
    Connector,
    Conversation,
    Line,
    Message,
    Skill,
    WorkingPeriod,
)
from domain.conversation.kinds import Author
from domain.settings.first_day import Done

LOOKED_AT = 50
"""Of a brand whose first texts only bots answer, more need not be searched."""


async def load(session: AsyncSession, account_id: str) -> Done:
    """Return what an account has set up. Cheap for an account of any size."""
    some = select(Conversation.id).where(Conversation.account_id == account_id)
    looked_at = some.order_by(Conversation.id).limit(LOOKED_AT).subquery()
    reply, held = aliased(Message), aliased(AgentSkill)
    answered = reply.conversation_id.in_(select(looked_at.c.id)) & (reply.author == Author.agent)
    parts = (
        exists().where(Connector.account_id == account_id, Connector.retired_at.is_(None)),
        exists().where(Line.account_id == account_id, Line.retired_at.is_(None)),
        exists().where(Skill.account_id == account_id, Skill.retired_at.is_(None)),
        exists().where(
            Agent.account_id == account_id,
            Agent.retired_at.is_(None),
            held.agent_id == Agent.id,
        ),
        exists().where(WorkingPeriod.account_id == account_id),
        exists().where(answered),
    )
    return Done(*(await session.execute(select(*parts))).one())
