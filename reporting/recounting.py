"""Makes all that is kept of an account's conversations anew, in batches, from where it came to.

It begins by itself for an account of which nothing was counted yet, and when an account's clock
moves to another zone, because hours and days cut facts.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.patience import patience
from database.queries import accounts
from database.queries.records import reading as records
from database.queries.records import unread
from database.queries.reports import (
    alone,
    consents,
    consumers,
    facts,
    loads,
    reading,
    stale,
    summing,
)
from reporting import setting_aside
from reporting.beside import write_consents, write_texts
from reporting.facts import write_states
from reporting.loading import write_loads
from reporting.writers import WRITERS, Writer

BATCH = 200
"""Conversations of one transaction. Ours: it holds up the follower for some seconds at most."""
TEXTS = 2_000
"""Texts without a conversation that are written at once. Ours."""
BESIDE_SECONDS = 300.0
"""Of one statement. Ours: it reads all facts of an account."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)


async def begin(sessions: Sessions, account_id: str) -> None:
    """Have all that is kept of an account made anew, and all of its days summed again."""
    async with sessions.begin() as session:
        place = await reading.lead(session, account_id)
        account = await accounts.find(session, account_id)
        if place.time_zone != account.time_zone:
            async with patience(session, summing.WAITS_SECONDS):
                await summing.forget_all(session, account_id)
        place.is_recounting, place.time_zone = True, account.time_zone
        await records.recount_from_the_first(session, account_id)
        await unread.forget_all(session, account_id)
        await stale.mark(
            session, account_id, await facts.days(session, account_id, place.time_zone)
        )


async def go_on(sessions: Sessions, account_id: str) -> None:
    """Make anew what must be, if anything; other processes may do the same at once."""
    async with sessions.begin() as session:
        place = await reading.lead(session, account_id)
        account = await accounts.find(session, account_id)
        is_moved, is_recounting = place.time_zone != account.time_zone, place.is_recounting
    if is_moved:
        await begin(sessions, account_id)
    if is_moved or is_recounting:
        await recount(sessions, account_id)


async def recount(
    sessions: Sessions, account_id: str, *, writers: Sequence[Writer] = WRITERS
) -> int:
    """Write all of an account's conversations anew; returns how many.

    Its place is kept, so that one that was stopped goes on.
    """
    written, is_done = 0, False
    while not is_done:
        async with sessions.begin() as session:
            place = await reading.lead(session, account_id)
            count = await _batch(session, account_id, writers)
            is_done = count < BATCH
            if is_done:
                async with patience(session, BESIDE_SECONDS):
                    await _beside(session, account_id)
                place.is_recounting = False
        written += count
    return written


async def _beside(session: AsyncSession, account_id: str) -> None:
    """Write all facts that are made from anything but conversations."""
    agents = await reading.agents_with_states(session, account_id)
    await write_states(session, account_id, agents, EVER)
    await write_loads(session, account_id, await loads.kept(session, account_id))
    entry = 0
    while entries := await consents.page(session, account_id, entry, limit=BATCH):
        await write_consents(session, account_id, entries)
        entry = entries[-1].id
    for answered in (False, True):
        place = None
        while texts := await alone.page(session, account_id, place, answered=answered, limit=TEXTS):
            await write_texts(session, account_id, texts)
            place = texts[-1].place
    zone = (await accounts.find(session, account_id)).time_zone
    await stale.mark(session, account_id, await consumers.remake(session, account_id, zone))


async def _batch(session: AsyncSession, account_id: str, writers: Sequence[Writer]) -> int:
    ids = await records.next_to_recount(session, account_id, limit=BATCH)
    await setting_aside.write(session, account_id, ids, writers)
    return len(ids)
