"""The time of all processes, asked of PostgreSQL by a machine whose clock is minutes off."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from database.clock import SharedClock, database_time
from database.direct import Direct
from database.engine import Sessions
from tests.fixtures.clocks import OFF, clock

SOON, AHEAD, LONG = (timedelta(seconds=one) for one in (1, 2, 4))


class Slow:
    """A database that answers after four seconds, and whose answers are read as long afterwards."""

    def __init__(self, direct: Direct, moved: Any) -> None:
        self._direct, self._moved = direct, moved

    async def fetch_one(self, query: bytes, values: Mapping[str, object]) -> Any:
        self._moved.shift(LONG)
        row = await self._direct.fetch_one(query, values)
        self._moved.shift(LONG)
        assert row
        return (row[0] + LONG,)


@pytest.mark.parametrize("off", [-OFF, OFF])
async def test_the_time_is_postgresqls_whatever_the_machine_says(
    session_factory: Sessions, off: timedelta
) -> None:
    shared = SharedClock(session_factory.direct)
    with clock(off):
        now = await shared.now()
    assert abs(now - await database_time(session_factory.direct.fetch_one)) < SOON


async def test_a_slow_answer_does_not_make_what_was_known_forgotten(
    session_factory: Sessions,
) -> None:
    shared = SharedClock(session_factory.direct)
    with clock(AHEAD) as moved:
        assert abs(await shared.now() - datetime.now(UTC) + AHEAD) < SOON
        shared._direct = Slow(session_factory.direct, moved)  # type: ignore[assignment]
        shared._asked_at = float("-inf")
        assert abs(await shared.now() - datetime.now(UTC) + AHEAD) < SOON
