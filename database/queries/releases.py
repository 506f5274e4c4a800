"""Conversations of agents who have been away or offline for longer than their account's grace."""

from dataclasses import dataclass

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

HELD_BY_THE_GONE = sql("""
    SELECT conversation.workflow_id, conversation.id::text AS conversation_id, agent.id AS agent_id
    FROM account
    JOIN agent ON agent.account_id = account.id
    JOIN conversation ON conversation.agent_id = agent.id AND conversation.status = 'assigned'
    WHERE account.release_after_seconds IS NOT NULL
      AND agent.state IN ('away', 'offline')
      AND (conversation.snoozed_at IS NULL OR conversation.waiting_since IS NOT NULL)
      AND agent.state_since <= now() - make_interval(secs => account.release_after_seconds)
    LIMIT :limit
""")


@dataclass(frozen=True)
class AbandonedConversation:
    """A conversation and its agent, who is away or offline."""

    workflow_id: str
    conversation_id: str
    agent_id: str


async def abandoned(session: AsyncSession, *, limit: int) -> list[AbandonedConversation]:
    """Return conversations to release. The grace counts from the agent's last change of state.

    A snoozed one stays its agent's overnight, unless its consumer waits for an answer.
    """
    rows = await session.execute(HELD_BY_THE_GONE, {"limit": limit})
    return [AbandonedConversation(*row) for row in rows]
