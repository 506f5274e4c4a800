"""A brand's queue and people, and conversations that receive the router's signals."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from database.engine import Sessions
from database.queries.conversations import decisions
from database.tables import (
    Account,
    Agent,
    Conversation,
    Event,
    LatestStep,
    QueueEntry,
    RoutingDecision,
    Skill,
    Telling,
)
from domain.conversation.kinds import Status
from domain.errors import Unavailable
from domain.people.roles import AgentState
from routing.reviving import Reviving
from routing.router import Router
from temporal.conversations import ConversationClient, Thread, WorkflowGone
from tests.database.transcripts import new_conversation
from tests.fixtures.brand import Brand
from workflows.conversation.messages import AgentAssigned, AgentLeft, AgentOffered


class Conversations(ConversationClient):
    """Receives signals of the router; `is_away` and `gone` make it refuse."""

    def __init__(self) -> None:
        self.is_away = False
        self.gone: set[str] = set()
        self.deaf: set[str] = set()
        """Workflows that cannot be asked or told to look, although Temporal answers."""
        self.began: dict[str, datetime] = {}
        """When each workflow began that runs, or that Temporal's list still has."""
        self.completed: set[str] = set()
        """Of these, those that run no more."""
        self.when_described: Callable[[], Awaitable[None]] | None = None
        """What happens elsewhere while a workflow is asked for itself."""
        self.when_asked: Callable[[], Awaitable[None]] | None = None
        """What happens elsewhere while Temporal lists what runs."""
        self.heard: list[AgentAssigned] = []
        self.rung: list[tuple[str, AgentOffered]] = []
        self.left: list[tuple[str, str]] = []
        self.looked: list[str] = []
        """Workflows that were told to read what is recorded, and started if needed."""

    async def assigned(self, workflow: str, assignment: AgentAssigned) -> None:
        if self.is_away:
            raise Unavailable
        if workflow in self.gone:
            raise WorkflowGone(workflow)
        self.heard.append(assignment)

    async def offered(self, workflow: str, offer: AgentOffered) -> None:
        if self.is_away:
            raise Unavailable
        self.rung.append((workflow, offer))

    async def agent_left(self, workflow: str, departure: AgentLeft) -> None:
        if self.is_away:
            raise Unavailable
        if workflow in self.gone:
            raise WorkflowGone(workflow)
        self.left.append((workflow, departure.agent_id))

    async def look_again(self, thread: Thread) -> None:
        if self.is_away or thread.workflow_id in self.deaf:
            raise Unavailable
        self.gone.discard(thread.workflow_id)
        self.looked.append(thread.workflow_id)

    async def look_if_running(self, workflow_id: str) -> None:
        if self.is_away or workflow_id in self.deaf:
            raise Unavailable
        if workflow_id in self.began:
            self.looked.append(workflow_id)

    async def is_running(self, workflow_id: str) -> bool:
        if self.is_away or workflow_id in self.deaf:
            raise Unavailable
        if self.when_described:
            await self.when_described()
        return workflow_id in self.began and workflow_id not in self.completed

    async def running(self) -> dict[str, datetime]:
        if self.is_away:
            raise Unavailable
        if self.when_asked:
            await self.when_asked()
        return dict(self.began)


@dataclass(frozen=True)
class Scenario:
    """A brand's queue, its people, and one router."""

    sessions: Sessions
    brand: Brand
    conversations: Conversations
    router: Router

    async def online(self, *agent_ids: str, capacity: int | None = None) -> None:
        async with self.sessions.begin() as session:
            await session.execute(
                update(Agent)
                .where(Agent.id.in_(agent_ids))
                .values(state=AgentState.online.value, capacity=capacity)
            )

    async def waits(self, number: int, **more: object) -> UUID:
        """Have a consumer wait in support's queue since `number` minutes ago."""
        conversation = await new_conversation(self.sessions, self.brand, number=f"+1555{number:07}")
        async with self.sessions.begin() as session:
            row = (
                await session.scalars(select(Conversation).where(Conversation.id == conversation))
            ).one()
            entry = {
                "conversation_id": conversation,
                "ticket": 1,
                "account_id": self.brand.account_id,
                "workflow_id": row.workflow_id,
                "skill_id": self.brand.support,
                "entered_at": datetime.now(UTC) - timedelta(minutes=number),
            }
            session.add(QueueEntry(**(entry | more)))
        return conversation

    async def workflow(self, conversation: UUID) -> str:
        async with self.sessions() as session:
            query = select(Conversation.workflow_id).where(Conversation.id == conversation)
            return (await session.scalars(query)).one()

    async def acknowledge(self, conversation: UUID, agent_id: str) -> None:
        """Do what the journal does when the conversation has its agent."""
        async with self.sessions.begin() as session:
            await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation)
                .values(status=Status.assigned.value, agent_id=agent_id)
            )
            await session.execute(
                delete(QueueEntry).where(QueueEntry.conversation_id == conversation)
            )

    async def chosen(self) -> dict[UUID, str | None]:
        async with self.sessions() as session:
            rows = await session.execute(
                select(QueueEntry.conversation_id, QueueEntry.assigned_agent_id)
            )
            return {row.conversation_id: row.assigned_agent_id for row in rows}

    async def long_ago(self) -> None:
        """Let six seconds pass since everything was told."""
        async with self.sessions.begin() as session:
            earlier = QueueEntry.signalled_at - timedelta(seconds=6)
            await session.execute(update(QueueEntry).values(signalled_at=earlier))

    async def later(self, span: timedelta) -> None:
        """Let time pass for what is told again and again."""
        async with self.sessions.begin() as session:
            await session.execute(update(Telling).values(again_at=Telling.again_at - span))

    async def settings(self, **values: object) -> None:
        """Change settings of the account."""
        async with self.sessions.begin() as session:
            is_ours = Account.id == self.brand.account_id
            await session.execute(update(Account).where(is_ours).values(**values))

    async def agent(self, agent_id: str, **values: object) -> None:
        """Change an agent's row."""
        async with self.sessions.begin() as session:
            await session.execute(update(Agent).where(Agent.id == agent_id).values(**values))

    async def skill(self, skill_id: str, **values: object) -> None:
        """Change a skill's row."""
        async with self.sessions.begin() as session:
            await session.execute(update(Skill).where(Skill.id == skill_id).values(**values))

    async def entry(self, conversation: UUID, **values: object) -> None:
        """Change a conversation's entry in the queue."""
        is_this = QueueEntry.conversation_id == conversation
        async with self.sessions.begin() as session:
            await session.execute(update(QueueEntry).where(is_this).values(**values))

    async def row(self, conversation: UUID, **values: object) -> None:
        """Change a conversation's row."""
        is_this = Conversation.id == conversation
        async with self.sessions.begin() as session:
            await session.execute(update(Conversation).where(is_this).values(**values))

    async def forget_offers(self, back: timedelta) -> None:
        """Move every decision this far into the past."""
        async with self.sessions.begin() as session:
            await session.execute(update(RoutingDecision).values(at=RoutingDecision.at - back))

    async def decisions(self, conversation: UUID) -> list[RoutingDecision]:
        async with self.sessions() as session:
            return list(await decisions(session, conversation, after=0, limit=100))

    async def clear(self) -> None:
        """Empty the queue and log everybody out."""
        async with self.sessions.begin() as session:
            for table in (QueueEntry, Event, RoutingDecision, LatestStep, Conversation):
                await session.execute(delete(table))
            await session.execute(update(Agent).values(state=AgentState.offline.value))


def create_router(sessions: Sessions, conversations: Conversations, url: str) -> Router:
    return Router(sessions, conversations, Reviving(sessions, conversations), url)
