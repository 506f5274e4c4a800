"""The reader, as the head of an island shows them."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.board import RatingsOut
from api.schemas.people import AgentOut
from api.schemas.shared import Answer
from web.page_context import PageUser, load_own_status


class Own(Answer):
    """The reader: their state, their capacity, their ratings of the last twelve hours."""

    agent: AgentOut
    capacity: int
    ratings: RatingsOut
    reasons: list[str]
    """The account's reasons to be away."""


async def load_own(session: AsyncSession, user: PageUser) -> Own:
    own = await load_own_status(session, user)
    return Own(
        agent=own.agent,
        capacity=own.capacity,
        ratings=RatingsOut.model_validate(own.ratings),
        reasons=list(own.reasons),
    )
