"""Makes all facts of an account anew from its events, a batch at a time.

It goes on where it was, whatever died. It begins by itself for an account that has no facts yet,
and when an account's clock moves to another zone, because hours and days cut facts.
"""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import accounts
from database.queries.reports import facts, reading, stale, summing
from reporting.facts import write, write_states

BATCH = 200
"""Conversations of one transaction. Ours: it holds up the follower for less than a second."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)


async def begin(sessions: Sessions, account_id: str) -> None:
    """Have all facts of an account made anew, and all of its days summed again."""
    async with sessions.begin() as session:
        place = await reading.lead(session, account_id)
        account = await accounts.find(session, account_id)
        if place.time_zone != account.time_zone:
            await summing.forget_all(session, account_id)
        place.is_recounting, place.recount_after = True, None
        place.time_zone = account.time_zone
        await stale.mark(
            session, account_id, await facts.days(session, account_id, place.time_zone)
        )


async def go_on(sessions: Sessions, account_id: str) -> None:
    """Make facts anew that must be, until none are left. Others may do the same at once."""
    while not await _is_done(sessions, account_id):
        pass


async def _is_done(sessions: Sessions, account_id: str) -> bool:
    async with sessions.begin() as session:
        place = await reading.lead(session, account_id)
        account = await accounts.find(session, account_id)
        is_here = place.time_zone == account.time_zone
        if is_here and place.is_recounting:
            place.recount_after = await _batch(session, account_id, place.recount_after)
            place.is_recounting = place.recount_after is not None
    if not is_here:
        await begin(sessions, account_id)
        return False
    return not place.is_recounting


async def _batch(session: AsyncSession, account_id: str, after: UUID | None) -> UUID | None:
    """Make the next facts anew. Returns how far that is; None: these were the last."""
    ids = await reading.conversations(session, account_id, after, BATCH)
    await write(session, account_id, ids)
    if len(ids) == BATCH:
        return ids[-1]
    agents = await reading.agents_with_states(session, account_id)
    await write_states(session, account_id, agents, EVER)
    return None
