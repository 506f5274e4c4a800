"""Finds the line and the conversation for a delivery report of a text we did not send."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Conversation, Line
from domain.conversation.kinds import Status


async def line_of(
    session: AsyncSession, connector_id: str, line_id: str, senders: Sequence[str]
) -> str | None:
    """Return the line that a connector's text was sent from; prefers the line called.

    A report that names no sender is about the line called. None: no line of ours sent the text.
    """
    if not senders:
        return line_id
    named = select(Line.id).where(
        Line.connector_id == connector_id, Line.retired_at.is_(None), Line.address.in_(senders)
    )
    found: str | None = await session.scalar(named.order_by(Line.id != line_id, Line.id).limit(1))
    return found


async def open_workflow(session: AsyncSession, line_id: str, consumer_id: UUID) -> str | None:
    """Return the workflow of a consumer's open conversation on a line."""
    workflow: str | None = await session.scalar(
        select(Conversation.workflow_id).where(
            Conversation.line_id == line_id,
            Conversation.consumer_id == consumer_id,
            Conversation.status != Status.closed.value,
        )
    )
    return workflow
