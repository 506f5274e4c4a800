"""Helpers for tests of records: conversations of a brand, and what is kept of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries.events import NewEvent, append
from database.tables import Account, Conversation, ConversationRecord, Message
from domain.conversation.kinds import Author, EventKind, Status
from domain.delivery.message_status import MessageStatus
from reporting.following import Following
from reporting.writers import WRITERS, Writer
from settings import Settings
from tests.database.transcripts import new_conversation
from tests.fixtures.brand import Brand
from workflows.conversation.messages import Actor


@dataclass
class Written:
    """A writer that only notes what it was asked to write."""

    calls: list[list[UUID]] = field(default_factory=list)

    async def write(self, _session: AsyncSession, _account_id: str, ids: Collection[UUID]) -> None:
        self.calls.append(list(ids))


@dataclass
class Recorder:
    """A brand's conversations without workflows, and the follower that writes their records."""

    brand: Brand
    sessions: Sessions
    settings: Settings

    def following(self, *writers: Writer) -> Following:
        url = str(self.settings.database.database_url)
        return Following(self.sessions, url, writers or WRITERS)

    async def conversation(
        self,
        status: Status = Status.waiting,
        *,
        number: str = "+15550123",
        agent: Actor | None = None,
        **row: Any,
    ) -> UUID:
        """Add a conversation, with the event that opened it."""
        made = await new_conversation(
            self.sessions,
            self.brand,
            status,
            number=number,
            agent_id=agent.agent_id if agent else None,
        )
        if row:
            await self.change(made, **row)
        await self.happens(made, EventKind.conversation_opened)
        return made

    async def change(self, conversation_id: UUID, **row: Any) -> None:
        async with self.sessions.begin() as session:
            its = Conversation.id == conversation_id
            await session.execute(update(Conversation).where(its).values(**row))

    async def happens(
        self,
        conversation_id: UUID | None,
        kind: EventKind,
        by: Actor | None = None,
        *,
        at: datetime | None = None,
        **data: Any,
    ) -> None:
        """Let an event happen."""
        agent_id = by.agent_id if by else None
        new = NewEvent(kind, at or datetime.now(UTC), conversation_id, agent_id, data)
        async with self.sessions.begin() as session:
            await append(session, self.brand.account_id, [new])

    async def says(
        self,
        conversation_id: UUID,
        text: str,
        by: Actor | None = None,
        *,
        author: Author | None = None,
        at: datetime | None = None,
        **told: Any,
    ) -> UUID:
        """Add a text to a transcript: the consumer's or, `by` somebody, an agent's."""
        author = author or (Author.agent if by else Author.consumer)
        at = at or datetime.now(UTC)
        async with self.sessions.begin() as session:
            conversation = await session.get_one(
                Conversation, conversation_id, with_for_update=True
            )
            conversation.message_count += 1
            conversation.last_message_at = at
            message = Message(
                id=uuid4(),
                account_id=conversation.account_id,
                line_id=conversation.line_id,
                consumer_id=conversation.consumer_id,
                conversation_id=conversation_id,
                position=conversation.message_count,
                author=author.value,
                agent_id=by.agent_id if by else None,
                text=text,
                segments=told.get("segments", 0),
                written_at=at,
                status=MessageStatus.received.value,
            )
            session.add(message)
        await self.happens(
            conversation_id,
            EventKind.message_added,
            by,
            at=at,
            message_id=str(message.id),
            author=author.value,
            **told,
        )
        return message.id

    async def record(self) -> None:
        """Write everything that happened."""
        await self.following().read([self.brand.account_id])

    async def records(self) -> Sequence[ConversationRecord]:
        """Return all records, the latest opened first."""
        async with self.sessions() as session:
            query = select(ConversationRecord).order_by(ConversationRecord.opened_at.desc())
            return (await session.scalars(query)).all()


async def moved_to(recorder: Recorder, zone: str) -> None:
    """Have the account's clock be that of a zone."""
    async with recorder.sessions.begin() as session:
        await session.execute(update(Account).values(time_zone=zone))
