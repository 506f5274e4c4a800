"""`switchboard recount` beside workers that write and sum the same account."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from cli import recount
from database import connections
from tests.reporting.recording import Recorder

WRITES = "SELECT pg_advisory_xact_lock(hashtextextended('records/' || %s::text, 0))"
SUMS = "SELECT FROM stale_day WHERE account_id = %s FOR UPDATE"


@pytest.fixture
async def at_work(
    recorder: Recorder, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[psycopg.AsyncConnection]:
    """A worker's connection. Whoever waits for a lock gives up soon, and tries again soon."""
    monkeypatch.setitem(connections.SERVER_SETTINGS, "lock_timeout", 100)
    monkeypatch.setattr(recount, "PAUSE_SECONDS", 0.1)
    await recorder.conversation()
    await recorder.record()
    async with await psycopg.AsyncConnection.connect(database_url) as worker:
        yield worker


@pytest.mark.parametrize("holds", [WRITES, SUMS], ids=["writes", "sums"])
async def test_a_recount_waits_for_a_worker_that_counts_the_same_account(
    recorder: Recorder, at_work: psycopg.AsyncConnection, holds: str
) -> None:
    account_id = recorder.brand.account_id
    await at_work.execute(holds.encode(), [account_id])
    counting = asyncio.create_task(recount._recount(recorder.settings, account_id))
    done, _ = await asyncio.wait([counting], timeout=1)
    assert not done, counting.exception()
    await at_work.rollback()
    assert set(await counting) == {account_id}


async def test_a_recount_that_waited_for_long_says_so_instead_of_waiting_for_ever(
    recorder: Recorder, at_work: psycopg.AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recount, "WAITS_SECONDS", 0.2)
    await at_work.execute(WRITES, [recorder.brand.account_id])
    with pytest.raises(OperationalError):
        await recount._recount(recorder.settings, None)
    await at_work.rollback()
