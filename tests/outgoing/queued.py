"""Conversations of one line with texts that wait to leave it."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import update

from database.tables import Conversation, Message
from domain.conversation.kinds import Author, Status
from domain.delivery.message_status import MessageStatus
from tests.database.transcripts import consumer_of, new_conversation
from tests.outgoing.way_out import WayOut


async def conversation(out: WayOut, number: str, *, opened_by: str = "consumer") -> UUID:
    """Open a conversation; one that an agent opened has no text of the consumer."""
    made = await new_conversation(out.sessions, out.brand, Status.assigned, number=number)
    texted_at = datetime.now(UTC) if opened_by == "consumer" else None
    async with out.sessions.begin() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == made)
            .values(opened_by=opened_by, consumer_texted_at=texted_at)
        )
    return made


async def texts(out: WayOut, conversation_id: UUID, *words: str, segments: int = 1) -> list[UUID]:
    """Queue texts of a conversation, in order."""
    ids = [uuid4() for _ in words]
    rows = [
        Message(
            id=text,
            account_id=out.brand.account_id,
            line_id=out.brand.line_id,
            consumer_id=await consumer_of(out.sessions, conversation_id),
            conversation_id=conversation_id,
            position=position,
            author=Author.agent.value,
            agent_id=out.brand.ann.agent_id,
            text=word,
            segments=segments,
            written_at=datetime.now(UTC),
            status=MessageStatus.queued.value,
        )
        for position, (text, word) in enumerate(zip(ids, words, strict=True), start=1)
    ]
    async with out.sessions.begin() as session:
        session.add_all(rows)
    return ids
