"""Makes all facts of an account anew from its events, a batch at a time.

It goes on where it was, whatever died. It begins by itself for an account that has no facts yet,
and when an account's clock moves to another zone, because hours and days cut facts.
"""

from datetime import UTC, datetime

from database.engine import Sessions
from database.queries import accounts
from database.queries.reports import facts, reading, stale, summing
from reporting.facts import write, write_states

BATCH = 200
"""Conversations of one transaction. Ours: it holds up the follower for less than a second."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)


async def begin(sessions: Sessions, account_id: str) -> None:
    """Have all facts of an account made anew."""
    async with sessions.begin() as session:
        place = await reading.lead(session, account_id, waits=True)
        if place is not None:
            account = await accounts.find(session, account_id)
            place.is_recounting, place.recount_after = True, None
            place.time_zone = account.time_zone
            await summing.forget_all(session, account_id)
            days = await facts.days(session, account_id, account.time_zone)
            await stale.mark(session, account_id, days)


async def go_on(sessions: Sessions, account_id: str) -> None:
    """Make facts anew that must be, until none are left or another process does it."""
    while await _batch(sessions, account_id):
        pass


async def _batch(sessions: Sessions, account_id: str) -> bool:
    async with sessions.begin() as session:
        place = await reading.lead(session, account_id)
        if place is None:
            return False
        account = await accounts.find(session, account_id)
        is_moved = place.time_zone != account.time_zone
        if not is_moved and not place.is_recounting:
            return False
        if not is_moved:
            ids = await reading.conversations(session, account_id, place.recount_after, BATCH)
            await write(session, account_id, ids)
            if len(ids) < BATCH:
                agents = await reading.agents_with_states(session, account_id)
                await write_states(session, account_id, agents, EVER)
                place.is_recounting, place.recount_after = False, None
            else:
                place.recount_after = ids[-1]
            return place.is_recounting
    await begin(sessions, account_id)
    return True
