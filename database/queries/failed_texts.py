"""Texts of ours that did not arrive, and those among them that were sent again."""

from functools import cache
from uuid import UUID

from sqlalchemy import exists, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from database.statuses import listed
from database.tables import Conversation, Event, Message
from domain.conversation.kinds import Author
from domain.delivery.statuses import NOT_DELIVERED

OURS = [str(one) for one in (Author.agent, Author.bot, Author.system)]


@cache  # to write it anew takes as long as to ask PostgreSQL
def has_failed_text() -> ColumnElement[bool]:
    """Return the column whether a text of ours did not arrive and none after it is better off."""
    failed, later = aliased(Message, name="failed"), aliased(Message, name="later")
    is_mended = exists().where(
        later.conversation_id == failed.conversation_id,
        later.position > failed.position,
        later.author.in_(OURS),
        later.status.not_in([str(one) for one in NOT_DELIVERED]),
    )
    return exists().where(
        failed.account_id == Conversation.account_id,
        failed.conversation_id == Conversation.id,
        # In so many words, so that PostgreSQL takes the index of texts that did not arrive.
        literal_column(f"failed.status IN ({listed(NOT_DELIVERED)})"),
        ~is_mended,
    )


async def sent_again(session: AsyncSession, conversation_id: UUID) -> set[UUID]:
    """Return the texts of a conversation whose words were sent again."""
    again = Event.data["sends_again"].astext
    query = select(again).where(Event.conversation_id == conversation_id, again.is_not(None))
    return {UUID(message_id) for message_id in await session.scalars(query)}


async def find(session: AsyncSession, conversation_id: UUID, message_id: UUID) -> Message | None:
    """Return a message of a conversation, None if it has no such message."""
    query = select(Message).where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    return await session.scalar(query)
