"""How many conversations are open on each line."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Conversation
from domain.conversation.kinds import Status


async def open_on_lines(session: AsyncSession, account_id: str) -> dict[str, int]:
    """Return an account's numbers of open conversations by line, without lines that have none."""
    query = (
        select(Conversation.line_id, func.count())
        .where(Conversation.account_id == account_id, Conversation.status != str(Status.closed))
        .group_by(Conversation.line_id)
    )
    return dict((await session.execute(query)).tuples().all())
