"""Forgets the content of conversations that their account, or their skill, keeps no longer.

Conversations go some at a time, table by table, and are marked last: whoever dies in between begins
them again, and finds what is left.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from activities.erasing_files import erase_from
from database.engine import Sessions
from database.erasing.rows import About
from database.erasing.tables import PERSONAL
from database.queries import retention
from media.store import MediaStore

CONVERSATIONS = 100
"""Of one round. Ours: about a thousand rows in the largest tables."""
AT_ONCE = 500
WORKS_SECONDS = 300.0
"""Of one run. Ours: the next one goes on, and nothing that is past its time is worth a rush."""


async def forget_old(sessions: Sessions, store: MediaStore) -> int:
    """Forget what is kept no longer, in all accounts; returns how many conversations.

    Raises `StoreAway`, and the errors of the database.
    """
    ends, forgotten = time.monotonic() + WORKS_SECONDS, 0
    async with sessions() as session:
        accounts = await retention.accounts(session)
    for account_id in accounts:
        while time.monotonic() < ends:
            async with sessions() as session:
                found = await retention.old(session, account_id, datetime.now(UTC), CONVERSATIONS)
            await _forget(sessions, store, account_id, found)
            forgotten += len(found)
            if len(found) < CONVERSATIONS:
                break
    return forgotten


async def _forget(
    sessions: Sessions, store: MediaStore, account_id: str, found: Sequence[UUID]
) -> None:
    about = About(account_id, found)
    for name, table in PERSONAL.items():
        gone = int(bool(table.by_conversation and found))
        while gone:
            async with sessions.begin() as session:
                gone = await erase_from(session, store, name, about, AT_ONCE)
