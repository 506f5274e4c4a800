"""The router: matches waiting conversations and agents, in every worker process at once.

Per account one of them leads for the length of a transaction. A choice is written before its
conversation is told, counts as load from then on, and is told again until the conversation has
acknowledged it by leaving the queue.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from database.away import AWAY
from database.engine import Sessions
from database.listen import wakeups
from database.queries.events import CHANNEL_WORK
from database.queries.routing import (
    Assigned,
    accounts_with_work,
    assign,
    claim_unacknowledged,
    lead,
    online_agents,
    waiting_for,
)
from domain.errors import Unavailable
from domain.routing import match
from routing.orphans import Orphans
from workflows.conversations import WorkflowGone
from workflows.messages import AgentAssigned

POLL_SECONDS = 2.0
ACKNOWLEDGED_WITHIN = timedelta(seconds=5)
TOLD_AT_ONCE = 100

log = structlog.stdlib.get_logger()


class HearsAssignments(Protocol):
    """Conversations, as the router sees them: `workflows.conversations.Conversations`."""

    async def assigned(self, workflow: str, assignment: AgentAssigned) -> None:
        """Tell a conversation its agent; safe to repeat. Raises `WorkflowGone`, `Unavailable`."""
        ...


@dataclass(frozen=True)
class Router:
    """The task of a worker process that gives waiting conversations to agents."""

    sessions: Sessions
    conversations: HearsAssignments
    orphans: Orphans
    database_url: str

    async def run(self) -> None:
        """Route when told to and every two seconds, until cancelled."""
        name = "switchboard-router"
        async with wakeups(self.database_url, CHANNEL_WORK, name=name) as woken:
            while True:
                await woken.next(POLL_SECONDS)
                try:
                    await self.route()
                except AWAY as error:
                    log.warning("routing_impossible", error=type(error).__name__)

    async def route(self) -> None:
        """Do what can be done now for every account, and tell again what was not heard."""
        async with self.sessions() as session:
            accounts = await accounts_with_work(session)
        for account_id in accounts:
            await self._tell(await self.match(account_id))
        async with self.sessions.begin() as session:
            unheard = await claim_unacknowledged(
                session, older_than=ACKNOWLEDGED_WITHIN, limit=TOLD_AT_ONCE
            )
        await self._tell(unheard)

    async def match(self, account_id: str) -> list[Assigned]:
        """Choose agents for an account's conversations and write it down, in one transaction."""
        now = datetime.now(UTC)
        async with self.sessions.begin() as session:
            if not await lead(session, account_id):
                return []
            agents = await online_agents(session, account_id)
            free = [agent for agent in agents if agent.has_room]
            if not free:
                return []
            queue = await waiting_for(session, account_id, free)
            return [await assign(session, one, now) for one in match(queue, agents, now)]

    async def _tell(self, assignments: Iterable[Assigned]) -> None:
        await asyncio.gather(*(self._tell_one(one) for one in assignments))

    async def _tell_one(self, chosen: Assigned) -> None:
        assignment = AgentAssigned(
            conversation_id=str(chosen.conversation_id),
            ticket=chosen.ticket,
            agent_id=chosen.agent_id,
            agent_name=chosen.agent_name,
        )
        try:
            await self.conversations.assigned(chosen.workflow_id, assignment)
        except Unavailable:
            log.warning("assignment_not_told", conversation_id=assignment.conversation_id)
        except WorkflowGone:
            await self.orphans.close(chosen.conversation_id)
