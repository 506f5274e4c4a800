"""What time it is for all processes: PostgreSQL's.

A machine's own clock may be minutes off. So a time that one process leaves for others, such as
until when it holds a text, is written and compared by this clock only.
"""

import time
from datetime import UTC, datetime, timedelta

from database.direct import Direct, Executor

ASKED_EVERY = 10.0
"""Seconds. Ours: in this time two clocks drift apart by a millisecond at most."""
JUMPED = 0.5
"""Seconds by which a machine's clock was set, so that it must be compared again. Ours."""

NOW = b"SELECT clock_timestamp()"


async def database_time(fetch_one: Executor) -> datetime:
    """Return what time it is for PostgreSQL, which is asked."""
    row = await fetch_one(NOW, {})
    if row is None:
        raise AssertionError("there is always one row")
    at: datetime = row[0]
    return at


class SharedClock:
    """PostgreSQL's time in one process, which asks for it every ten seconds at most.

    Otherwise it is the machine's time, moved by how far that was off when it was asked, as exactly
    as the answer's time can tell: what was known before stays, unless the answer refutes it.
    """

    def __init__(self, direct: Direct) -> None:
        self._direct = direct
        self._off = timedelta()
        self._asked_at = float("-inf")
        self._lead = 0.0  # of the machine's clock before the one that nobody sets

    async def now(self) -> datetime:
        """Return the time. Raises the errors of the database."""
        lead, asked_at = time.time() - time.monotonic(), time.monotonic()
        if abs(lead - self._lead) > JUMPED:
            await self._ask(lead)
        elif asked_at - self._asked_at > ASKED_EVERY:
            self._asked_at = asked_at  # meanwhile the others go on with what is known
            await self._ask(lead)
        return datetime.now(UTC) + self._off

    async def _ask(self, lead: float) -> None:
        before = datetime.now(UTC)
        theirs = await database_time(self._direct.fetch_one)
        after = datetime.now(UTC)
        # It was theirs at some moment between both.
        self._off = min(max(self._off, theirs - after), theirs - before)
        self._asked_at, self._lead = time.monotonic(), lead
