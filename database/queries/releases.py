"""Conversations of agents who have been away or offline for longer than their account's grace."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.tellings import News, claiming, terms

HELD_BY_THE_GONE = """
    SELECT conversation.id AS conversation_id, conversation.sequence, conversation.workflow_id,
        agent.id AS agent_id
    FROM account
    JOIN agent ON agent.account_id = account.id
    JOIN conversation ON conversation.agent_id = agent.id AND conversation.status = 'assigned'
    WHERE account.release_after_seconds IS NOT NULL
      AND agent.state IN ('away', 'offline')
      AND (conversation.snoozed_at IS NULL OR conversation.waiting_since IS NOT NULL)
      AND agent.state_since <= now() - make_interval(secs => account.release_after_seconds)
"""
CLAIM = claiming(HELD_BY_THE_GONE)


@dataclass(frozen=True)
class AbandonedConversation:
    """A conversation and its agent, who is away or offline."""

    workflow_id: str
    conversation_id: UUID
    agent_id: str


async def claim_abandoned(session: AsyncSession, *, limit: int) -> list[AbandonedConversation]:
    """Return conversations to release, so that exactly one caller tells them.

    The grace counts from the agent's last change of state. A snoozed one stays its agent's
    overnight, unless its consumer waits for an answer.
    """
    rows = await session.execute(CLAIM, terms(News.agent_left, limit))
    return [
        AbandonedConversation(row.workflow_id, row.conversation_id, row.agent_id) for row in rows
    ]
