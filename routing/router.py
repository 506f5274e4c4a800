"""The router, which matches waiting conversations with agents; one runs in every worker process.

For each account, one router leads for the length of a transaction. A choice is written before its
conversation is signalled, and counts as load from then on. It is signalled again, in growing
pauses, until the conversation acknowledges it by leaving the queue or recording the offer
(ADR 0010).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import wakeups
from database.queries.events import CHANNEL_WORK
from database.queries.explanations import record_choices
from database.queries.routing import (
    Assignment,
    claim_unacknowledged,
    find_work,
    lead,
    waiting_for,
    waits_alone,
    wake_router,
    write_choices,
)
from database.queries.staffing import Staffing, load_staffing
from database.queries.tellings import News, not_told
from domain.errors import Unavailable
from domain.routing.kinds import AcceptMode
from domain.routing.matching import Match, after, match
from measuring.meters import Meters
from routing.reviving import Reviving
from temporal.conversations import ConversationClient, WorkflowGone
from workflows.conversation.messages import AgentAssigned, AgentOffered

POLL_SECONDS = 2.0
"""Ours: a lost `NOTIFY` delays a choice by no more than this."""
BREATH_SECONDS = 0.1
"""Pause after a round in which no agent had room. Ours: a stream of texts would only repeat it."""
ACKNOWLEDGED_WITHIN = timedelta(seconds=5)
"""Ours: far above the time of a signal and a step, so that few choices are signalled twice."""
TOLD_AT_ONCE = 100
"""Ours: signals under way at once, so that Temporal is not flooded."""
MOST_MATCHES = 500
"""Choices of one transaction. Ours: it locks agents and conversations, so it must be short."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Router:
    """The task of a worker process that assigns or offers waiting conversations to agents."""

    sessions: Sessions
    conversations: ConversationClient
    reviving: Reviving
    database_url: str
    meters: Meters = field(default_factory=Meters, repr=False)

    async def run(self) -> None:
        """Route when notified and every two seconds, until cancelled."""
        name = "switchboard-router"
        async with wakeups(self.database_url, CHANNEL_WORK, name=name) as woken:
            while True:
                await woken.next(POLL_SECONDS)
                try:
                    with self.meters.round():
                        was_of_use = await self.route()
                except NOT_DONE as error:
                    log.warning("routing_impossible", error=type(error).__name__)
                else:
                    await asyncio.sleep(0 if was_of_use else BREATH_SECONDS)

    async def route(self) -> bool:
        """Make all choices possible now, and signal again those not acknowledged.

        Returns False if conversations wait but no agent had room for any.
        """
        work = await find_work(self.sessions.direct, older_than=ACKNOWLEDGED_WITHIN)
        served = [await self._serve(account_id) for account_id in work.accounts]
        if work.has_unheard:
            async with self.sessions.begin() as session:
                unheard = await claim_unacknowledged(
                    session, older_than=ACKNOWLEDGED_WITHIN, limit=TOLD_AT_ONCE
                )
            await self._tell_again(unheard)
        return any(served) or not served

    async def _serve(self, account_id: str) -> bool:
        """Make all choices possible for an account. Returns whether there was one."""
        chosen = await self.match(account_id)
        await self._tell(chosen)
        was_of_use = bool(chosen)
        while len(chosen) >= MOST_MATCHES:
            chosen = await self.match(account_id)
            await self._tell(chosen)
        return was_of_use

    async def choose_at_once(self, account_id: str, conversation_id: UUID) -> Assignment | None:
        """Choose for a conversation that just began to wait, if no other one waits.

        Its own workflow task then takes the choice, which saves a signal and a step. None: the
        router chooses later, and signals the choice (ADR 0015).
        """
        direct = self.sessions.direct
        if not await waits_alone(direct, account_id, conversation_id):
            return None
        chosen = await self.match(account_id)
        others = [choice for choice in chosen if choice.conversation_id != conversation_id]
        await self._tell(others)
        own = next((choice for choice in chosen if choice.conversation_id == conversation_id), None)
        if own is None:
            await wake_router(direct, account_id)
        return own

    async def match(self, account_id: str) -> list[Assignment]:
        """Choose agents for an account's waits, and record it in one transaction."""
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            if not await lead(session, account_id):
                return []
            staffing = await load_staffing(session, account_id, now, is_locked=True)
            matches = await _matches(session, account_id, staffing, now)
            if not matches:
                return []
            chosen = await write_choices(session, matches, staffing, now)
            await record_choices(session, account_id, matches, staffing, now)
            return chosen

    async def _tell_again(self, choices: Sequence[Assignment]) -> None:
        if untold := await self._tell(choices):
            async with self.sessions.begin() as session:
                await not_told(session, News.agent_chosen, untold)

    async def _tell(self, choices: Sequence[Assignment]) -> list[UUID]:
        """Tell conversations; returns those that Temporal did not take it for."""
        told: list[bool] = []
        for begin in range(0, len(choices), TOLD_AT_ONCE):
            batch = choices[begin : begin + TOLD_AT_ONCE]
            told += await asyncio.gather(*(self._tell_one(choice) for choice in batch))
        answers = zip(choices, told, strict=True)
        return [one.conversation_id for one, is_told in answers if not is_told]

    async def _tell_one(self, chosen: Assignment) -> bool:
        """Tell one conversation; returns whether Temporal answered."""
        try:
            if chosen.accept_mode == AcceptMode.ring:
                await self.conversations.offered(chosen.workflow_id, _offer(chosen))
            else:
                await self.conversations.assigned(chosen.workflow_id, _assignment(chosen))
        except Unavailable:
            log.warning("choice_not_told", conversation_id=str(chosen.conversation_id))
            return False
        except WorkflowGone:
            await self.reviving.revive(chosen.conversation_id)
        return True


async def _matches(
    session: AsyncSession, account_id: str, staffing: Staffing, now: datetime
) -> list[Match]:
    """Match the queue page by page, as long as some agent has room."""
    agents, matches, seen = staffing.agents, list[Match](), list[str]()
    while len(matches) < MOST_MATCHES:
        free = [agent for agent in agents if agent.has_room]
        if not free:
            break
        page = await waiting_for(session, account_id, staffing, free, seen=seen, now=now)
        if not page:
            break
        made = match(page, agents, now)
        agents = after(agents, made, now)
        matches += made
        seen += [waiting.conversation_id for waiting in page]
    return matches


def _assignment(chosen: Assignment) -> AgentAssigned:
    return AgentAssigned(
        conversation_id=str(chosen.conversation_id),
        ticket=chosen.ticket,
        agent_id=chosen.agent_id,
        agent_name=chosen.agent_name,
    )


def _offer(chosen: Assignment) -> AgentOffered:
    return AgentOffered(
        conversation_id=str(chosen.conversation_id),
        ticket=chosen.ticket,
        agent_id=chosen.agent_id,
        agent_name=chosen.agent_name,
    )
