"""Rows of conversations, without the workflow behind them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from database.engine import Sessions
from database.tables import Conversation, Message
from domain.words import Author, MessageStatus, PendingSide, Status
from tests.fixtures.brand import Brand, new_thread


async def new_conversation(
    sessions: Sessions,
    brand: Brand,
    status: Status = Status.waiting,
    *,
    number: str = "+15550123",
    agent_id: str | None = None,
) -> UUID:
    """Add the row of a conversation with a consumer."""
    thread = await new_thread(sessions, brand, number)
    conversation = Conversation(
        id=uuid4(),
        account_id=brand.account_id,
        line_id=brand.line_id,
        consumer_id=UUID(thread.consumer_id),
        workflow_id=thread.workflow_id,
        sequence=1,
        status=status.value,
        pending_side=PendingSide.agent.value,
        skill_id=brand.support,
        agent_id=agent_id,
        opened_by="consumer",
        opened_at=datetime.now(UTC),
    )
    async with sessions.begin() as session:
        session.add(conversation)
    return conversation.id


async def new_message(
    sessions: Sessions,
    brand: Brand,
    status: MessageStatus = MessageStatus.queued,
    *,
    number: str = "+15550123",
) -> UUID:
    """Add a conversation of one message, written by an agent."""
    conversation_id = await new_conversation(sessions, brand, Status.assigned, number=number)
    message = Message(
        id=uuid4(),
        account_id=brand.account_id,
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
