"""Waking streams, without the streams."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from activities.maintenance import tidy
from api.live import EventHub, open_hub
from database.engine import Sessions
from database.queries import events, idempotency
from database.queries.events import NewEvent
from database.tables import Idempotency
from tests.fixtures.brand import Brand
from tests.fixtures.centre import PATIENCE_SECONDS


async def something_happens(sessions: Sessions, brand: Brand) -> None:
    async with sessions.begin() as session:
        event = NewEvent(kind="agent_state", at=datetime.now(UTC))
        await events.append(session, brand.account_id, [event])


async def test_a_notification_wakes_the_account_and_no_other(
    session_factory: Sessions, database_url: str, brand: Brand
) -> None:
    async with open_hub(session_factory, database_url) as hub:
        with hub.following(brand.account_id) as ours, hub.following("other") as theirs:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await theirs.wait()  # both wake when the connection stands
            ours.clear()
            theirs.clear()
            await something_happens(session_factory, brand)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await ours.wait()
            assert not theirs.is_set()


async def test_without_notifications_a_poll_finds_what_is_new(
    session_factory: Sessions, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.live.POLL_SECONDS", 0.05)
    hub = EventHub()
    polling = asyncio.create_task(hub.poll(session_factory))
    with hub.following(brand.account_id) as wake:
        await something_happens(session_factory, brand)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await wake.wait()
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling


async def test_old_answers_are_thrown_away_and_their_keys_free_again(
    session_factory: Sessions, brand: Brand
) -> None:
    request = idempotency.IdempotentRequest(brand.account_id, "ann", "1", "a reply")
    async with session_factory.begin() as session:
        await idempotency.claim(session, request, datetime.now(UTC))
        await idempotency.keep(session, request, idempotency.StoredAnswer(200, {"done": True}))
        old = datetime.now(UTC) - idempotency.KEPT
        await session.execute(update(Idempotency).values(created_at=old))
    await tidy(session_factory)
    async with session_factory() as session:
        assert await session.scalar(select(func.count()).select_from(Idempotency)) == 0
