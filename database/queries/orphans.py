"""Conversations whose workflow is gone: an operator ended it, so nothing will ever close them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import CHANNEL_WORK, NewEvent, append, notify
from database.tables import Conversation, Message, QueueEntry
from domain.words import CloseReason, EventKind, MessageStatus, Status, SurveyOutcome

NOT_SENT_CODE = "conversation_ended"
NOT_SENT_SENTENCE = "The conversation was ended before this text left. It was not sent."


@dataclass(frozen=True)
class OpenConversation:
    conversation_id: UUID
    workflow_id: str


async def open_among(session: AsyncSession, workflow_ids: Sequence[str]) -> list[OpenConversation]:
    """Return the conversations of some workflows that people still see as open."""
    query = select(Conversation.id, Conversation.workflow_id).where(
        Conversation.workflow_id.in_(workflow_ids), Conversation.status != Status.closed
    )
    return [OpenConversation(*row) for row in await session.execute(query)]


async def close_orphan(session: AsyncSession, conversation_id: UUID, at: datetime) -> bool:
    """Close a conversation as the system; says whether it was open. Its queued texts failed."""
    query = select(Conversation).where(
        Conversation.id == conversation_id, Conversation.status != Status.closed
    )
    # Leaves room for the router, which holds the queue entry and writes why it chose.
    conversation = await session.scalar(query.with_for_update(key_share=True))
    if conversation is None:
        return False
    happened = _closed(conversation, at)
    unsent = await _fail_queued(session, conversation_id, at)
    await session.execute(delete(QueueEntry).where(QueueEntry.conversation_id == conversation_id))
    await session.flush()
    await notify(session, CHANNEL_WORK, conversation.account_id)
    await append(session, conversation.account_id, [happened, *unsent])
    return True


def _closed(conversation: Conversation, at: datetime) -> NewEvent:
    was_in_survey = conversation.status == Status.survey
    conversation.status = Status.closed.value
    conversation.auto_close_at = conversation.waiting_since = None
    if was_in_survey:
        outcome = SurveyOutcome.interrupted.value
        conversation.survey_outcome = outcome
        return _event(EventKind.survey_ended, conversation, at, outcome=outcome)
    reason = CloseReason.system.value
    conversation.close_reason, conversation.closed_at = reason, at
    return _event(EventKind.conversation_closed, conversation, at, reason=reason, survey=False)


def _event(
    kind: EventKind, conversation: Conversation, at: datetime, **data: str | bool
) -> NewEvent:
    return NewEvent(kind.value, at, conversation_id=conversation.id, data=dict(data))


async def _fail_queued(
    session: AsyncSession, conversation_id: UUID, at: datetime
) -> list[NewEvent]:
    failed = (
        update(Message)
        .where(Message.conversation_id == conversation_id, Message.status == MessageStatus.queued)
        .values(
            status=MessageStatus.failed.value,
            status_at=at,
            failure_code=NOT_SENT_CODE,
            failure_sentence=NOT_SENT_SENTENCE,
        )
        .returning(Message.id, Message.agent_id)
    )
    status = MessageStatus.failed.value
    return [
        NewEvent(
            EventKind.message_status.value,
            at,
            conversation_id=conversation_id,
            agent_id=row.agent_id,
            data={"message_id": str(row.id), "status": status, "failure_code": NOT_SENT_CODE},
        )
        for row in await session.execute(failed)
    ]
