"""Rows of conversations without workflows."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.tables import Conversation, LatestStep, Message
from domain.conversation.kinds import Author, CloseReason, PendingSide, Status
from domain.conversation.state import ConversationState, SurveyState
from domain.delivery.message_status import MessageStatus
from domain.policy.policy import Policy
from temporal.conversations import Thread
from tests.fixtures.brand import Brand, new_thread

SAME = (
    *("account_id", "line_id", "number", "sequence", "status", "skill_id", "agent_id"),
    *("opened_by", "opened_at", "message_count", "close_reason", "closed_at"),
)
"""The fields that a conversation's row and its newest step share."""


async def new_conversation(
    sessions: Sessions,
    brand: Brand,
    status: Status = Status.waiting,
    *,
    number: str = "+15550123",
    agent_id: str | None = None,
    messages: int = 0,
) -> UUID:
    """Add the row of a conversation with a consumer, and its newest step."""
    thread = await new_thread(sessions, brand, number)
    async with sessions.begin() as session:
        conversation = Conversation(
            id=uuid4(),
            account_id=brand.account_id,
            line_id=brand.line_id,
            consumer_id=UUID(thread.consumer_id),
            workflow_id=thread.workflow_id,
            number=await _next_number(session, thread),
            sequence=1,
            status=status.value,
            pending_side=PendingSide.agent.value,
            skill_id=brand.support,
            agent_id=agent_id,
            opened_by="consumer",
            opened_at=datetime.now(UTC),
            message_count=messages,
            **_ended(status),
        )
        session.add(conversation)
        await session.flush()
        session.add(_step_of(conversation))
        return conversation.id


def _ended(status: Status) -> dict[str, object]:
    if status not in (Status.survey, Status.closed):
        return {}
    return {"close_reason": CloseReason.agent.value, "closed_at": datetime.now(UTC)}


async def _next_number(session: AsyncSession, thread: Thread) -> int:
    numbers = select(func.count()).where(
        Conversation.line_id == thread.line_id,
        Conversation.consumer_id == UUID(thread.consumer_id),
    )
    return int(await session.scalar(numbers) or 0) + 1


def _step_of(row: Conversation) -> LatestStep:
    ids = {"id": str(row.id), "consumer_id": str(row.consumer_id)}
    same = {name: getattr(row, name) for name in SAME}
    state = ConversationState.model_validate(same | ids)
    if row.status == Status.survey:
        state.survey = SurveyState(asked=1, asked_at=row.opened_at)
    policy = Policy(brand="Brand", skill_id=row.skill_id or "", skill_name="Support")
    return LatestStep(
        conversation_id=row.id,
        sequence=row.sequence,
        state=state.model_dump(mode="json"),
        policy=policy.model_dump(mode="json"),
    )


async def consumer_of(sessions: Sessions, conversation_id: UUID) -> UUID:
    """Return the consumer of a conversation."""
    async with sessions() as session:
        return (await session.get_one(Conversation, conversation_id)).consumer_id


async def new_message(
    sessions: Sessions,
    brand: Brand,
    status: MessageStatus = MessageStatus.queued,
    *,
    number: str = "+15550123",
) -> UUID:
    """Add a conversation of one message, written by an agent."""
    conversation_id = await new_conversation(
        sessions, brand, Status.assigned, number=number, messages=1
    )
    message = Message(
        id=uuid4(),
        account_id=brand.account_id,
        line_id=brand.line_id,
        consumer_id=await consumer_of(sessions, conversation_id),
        conversation_id=conversation_id,
        position=1,
        author=Author.agent.value,
        agent_id=brand.ann.agent_id,
        text="Hello",
        written_at=datetime.now(UTC),
        status=status.value,
        attempted_at=datetime.now(UTC),
    )
    async with sessions.begin() as session:
        session.add(message)
    return message.id
