"""Forgets what is kept no longer: conversations as their account or skill says, and the account's
texts, recipients of batches and calls that are of no conversation.

They go some at a time, table by table, and conversations and texts are marked last: whoever dies in
between begins them again, and finds what is left.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from activities.erasing_files import erase_from
from database.engine import Sessions
from database.erasing import rows
from database.erasing.rows import About
from database.erasing.tables import OF_AGE, PERSONAL
from database.patience import patience
from database.queries import retention
from media.store import MediaStore

CONVERSATIONS = 100
"""Of one round. Ours: about a thousand rows in the largest tables."""
TEXTS = 500
"""Without a conversation, of one round. Ours: each has a report or two, and some exchanges."""
TEXT = "message"
AT_ONCE = 500
SEARCHES_SECONDS = 60.0
"""For one statement. Ours: millions of texts may be old and needed still, and each is looked at."""
WORKS_SECONDS = 300.0
"""Of one run. Ours: the next one goes on, and nothing that is past its time is worth a rush."""


async def forget_old(sessions: Sessions, store: MediaStore) -> Counter[str]:
    """Forget what is kept no longer, in all accounts; returns how many of each kind.

    Raises `StoreAway`, and the errors of the database.
    """
    ends, forgotten = time.monotonic() + WORKS_SECONDS, Counter[str]()
    async with sessions() as session:
        accounts = await retention.accounts(session)
    for account_id, days in accounts.items():
        forgotten[PERSONAL["conversation"].kind] += await _conversations(
            sessions, store, account_id, ends
        )
        if days is not None:
            age = About(account_id, (), now=datetime.now(UTC), days=days)
            forgotten[PERSONAL[TEXT].kind] += await _texts(sessions, store, age, ends)
            for name in (one for one in OF_AGE if one != TEXT):
                forgotten[PERSONAL[name].kind] += await _rows(sessions, name, age, ends)
    return forgotten


async def _conversations(
    sessions: Sessions, store: MediaStore, account_id: str, ends: float
) -> int:
    async def some() -> int:
        async with sessions() as session, patience(session, SEARCHES_SECONDS):
            found = await retention.old(session, account_id, datetime.now(UTC), CONVERSATIONS)
        await _forget(sessions, store, About(account_id, found), found)
        return len(found)

    return await _all(some, CONVERSATIONS, ends)


async def _texts(sessions: Sessions, store: MediaStore, age: About, ends: float) -> int:
    """Forget old texts without a conversation, with what belongs to them."""

    async def some() -> int:
        async with sessions() as session, patience(session, SEARCHES_SECONDS):
            found = await rows.ids(session, TEXT, age, TEXTS)
        await _forget(sessions, store, About(age.account_id, (), texts=found), found)
        return len(found)

    return await _all(some, TEXTS, ends)


async def _rows(sessions: Sessions, name: str, age: About, ends: float) -> int:
    """Forget old rows of a table that nothing else belongs to."""

    async def some() -> int:
        async with sessions.begin() as session, patience(session, SEARCHES_SECONDS):
            return await rows.erase(session, name, age, AT_ONCE)

    return await _all(some, AT_ONCE, ends)


async def _all(some: Callable[[], Awaitable[int]], at_once: int, ends: float) -> int:
    """Forget some at a time until fewer are left, or time is over; returns how many."""
    forgotten = 0
    while time.monotonic() < ends:
        gone = await some()
        forgotten += gone
        if gone < at_once:
            break
    return forgotten


async def _forget(
    sessions: Sessions, store: MediaStore, about: About, found: Sequence[UUID]
) -> None:
    for name, table in PERSONAL.items():
        gone = int(bool(found and any(about.ways(table))))
        while gone:
            async with sessions.begin() as session:
                gone = await erase_from(session, store, name, about, AT_ONCE)
