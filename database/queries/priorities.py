"""How urgent people say conversations are, and what that is worth in the queue."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Conversation, QueueEntry
from domain.settings.priorities import MINUTES, Priority


def minutes_sql(column: str) -> str:
    """Return the SQL of the minutes that a column with a priority is worth."""
    cases = " ".join(f"WHEN '{one}' THEN {minutes}" for one, minutes in MINUTES.items() if minutes)
    # What a newer version has written and this one does not know is as good as normal.
    return f"CASE {column} {cases} ELSE 0 END"


async def taken_in_turn(session: AsyncSession, conversation_id: UUID) -> Priority:
    """Return a conversation's priority, and make steps and other people wait for the commit."""
    row = select(Conversation.priority).where(Conversation.id == conversation_id)
    # Not FOR UPDATE: what refers to the row need not wait.
    found = (await session.execute(row.with_for_update(key_share=True))).scalar_one()
    return Priority(found)


async def put(
    session: AsyncSession, conversation_id: UUID, before: Priority, after: Priority
) -> None:
    """Change a priority that was taken in turn, also where the conversation waits already."""
    its = Conversation.id == conversation_id
    await session.execute(update(Conversation).where(its).values(priority=str(after)))
    entry = QueueEntry
    moved = entry.priority + after.minutes - before.minutes
    waiting = update(entry).where(entry.conversation_id == conversation_id)
    await session.execute(waiting.values(priority=moved))
