"""Releases the conversations of agents who went offline and did not return within their grace."""

import asyncio
from dataclasses import dataclass

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.releases import AbandonedConversation, claim_abandoned
from database.queries.tellings import News, not_told
from domain.errors import Unavailable
from routing.reviving import Reviving
from temporal.conversations import ConversationClient, WorkflowGone
from workflows.conversation.messages import AgentLeft

PAUSE_SECONDS = 5.0
"""Ours: short beside any grace."""
TOLD_AT_ONCE = 100
"""Ours: signals under way at once, so that Temporal is not flooded."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Releases:
    """The task of a worker process that releases conversations of departed agents."""

    sessions: Sessions
    conversations: ConversationClient
    reviving: Reviving

    async def run(self) -> None:
        """Sweep every five seconds, until cancelled."""
        while True:
            try:
                await self.sweep()
            except NOT_DONE as error:
                log.warning("releases_impossible", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def sweep(self) -> None:
        """Tell every conversation whose agent's grace is over.

        One that is still assigned to its agent is told again, in growing pauses.
        """
        async with self.sessions.begin() as session:
            held = await claim_abandoned(session, limit=TOLD_AT_ONCE)
        told = await asyncio.gather(*(self._tell(conversation) for conversation in held))
        untold = [
            one.conversation_id for one, is_told in zip(held, told, strict=True) if not is_told
        ]
        if untold:
            async with self.sessions.begin() as session:
                await not_told(session, News.agent_left, untold)

    async def _tell(self, conversation: AbandonedConversation) -> bool:
        """Tell one conversation; returns whether Temporal answered."""
        conversation_id = str(conversation.conversation_id)
        try:
            departure = AgentLeft(agent_id=conversation.agent_id, conversation_id=conversation_id)
            await self.conversations.agent_left(conversation.workflow_id, departure)
        except Unavailable:
            log.warning("departure_not_told", conversation_id=conversation_id)
            return False
        except WorkflowGone:
            await self.reviving.revive(conversation.conversation_id)
        return True
