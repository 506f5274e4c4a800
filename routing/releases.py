"""Releases the conversations of agents who went offline and did not return within their grace."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.releases import AbandonedConversation, abandoned
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

        The next sweep tells again any that is still assigned to its agent.
        """
        async with self.sessions() as session:
            held = await abandoned(session, limit=TOLD_AT_ONCE)
        await asyncio.gather(*(self._tell(conversation) for conversation in held))

    async def _tell(self, conversation: AbandonedConversation) -> None:
        try:
            departure = AgentLeft(
                agent_id=conversation.agent_id, conversation_id=conversation.conversation_id
            )
            await self.conversations.agent_left(conversation.workflow_id, departure)
        except Unavailable:
            log.warning("departure_not_told", conversation_id=conversation.conversation_id)
        except WorkflowGone:
            await self.reviving.revive(UUID(conversation.conversation_id))
