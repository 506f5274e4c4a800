"""Makes all that is kept of an account's conversations anew, in batches, from where it came to."""

from collections.abc import Sequence

from database.engine import Sessions
from database.queries.records import reading
from reporting.writers import WRITERS, Writer

BATCH = 200
"""Conversations of one transaction. Ours: some seconds of work."""


async def recount(
    sessions: Sessions, account_id: str, *, writers: Sequence[Writer] = WRITERS
) -> int:
    """Write all of an account's conversations anew; returns how many.

    Its place is kept, so that one that was stopped goes on. It runs beside the follower: whoever is
    later writes the same.
    """
    written = 0
    while True:
        async with sessions.begin() as session:
            ids = await reading.next_to_recount(session, account_id, limit=BATCH)
            for writer in writers:
                await writer.write(session, account_id, ids)
        written += len(ids)
        if len(ids) < BATCH:
            return written
