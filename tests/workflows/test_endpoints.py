"""An endpoint's workflow: woken for events, at rest without, and replaced when it was lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import update
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from activities.endpoints import Deliveries
from bench.actions import cost_of
from database.engine import Sessions
from database.queries.endpoint_wakes import LOST_AFTER
from database.tables import Endpoint
from domain.endpoints import retries
from languages.recognition import Recogniser
from outgoing.endpoint_wakes import EndpointWakes
from outgoing.signed_posts import SignedPosts
from runtime.tasks import running
from services.configuring import endpoints
from settings import Settings
from temporal.endpoints import wake_endpoint
from tests.fixtures.brand import Brand
from tests.fixtures.centre import eventually
from tests.fixtures.file_host import answer
from tests.fixtures.receiver import receiver
from tests.outgoing.posting import LOOPBACK, Posting
from workers.temporal_workers import create_workers
from workflows.endpoints.messages import workflow_id


@pytest.fixture
async def posting(
    brand: Brand,
    session_factory: Sessions,
    settings: Settings,
    client: Client,
    task_queue: str,
    recogniser: Recogniser,
) -> AsyncIterator[Posting]:
    """An endpoint whose events a worker posts."""
    url = str(settings.database.database_url)
    wakes = EndpointWakes(session_factory, url, partial(wake_endpoint, client, task_queue))
    async with (
        SignedPosts([LOOPBACK]) as posts,
        receiver() as there,
        httpx2.AsyncClient() as http,
        running(endpoints=wakes.run),
    ):
        posting = Posting(brand, session_factory, posts, there, wakes.here)
        workers = create_workers(
            settings,
            client,
            session_factory,
            http,
            task_queue=task_queue,
            recogniser=recogniser,
            deliveries=Deliveries(posting.runs),
        )
        [worker] = workers.beside
        working = asyncio.create_task(worker.run())
        yield posting
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


def _handle(posting: Posting, client: Client) -> WorkflowHandle[object, object]:
    return client.get_workflow_handle(workflow_id(posting.endpoint_id))


async def _rests(posting: Posting) -> None:
    async def is_at_rest() -> bool:
        return (await posting.row()).is_waiting

    await eventually(is_at_rest)


async def _gets(posting: Posting, *ids: int) -> None:
    async def has_come() -> bool:
        return set(ids) <= set(posting.taken())

    await eventually(has_come)


async def test_events_wake_it_what_failed_is_tried_again_and_rest_costs_nothing(
    posting: Posting, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "PAUSES", (timedelta(seconds=1),) * 9)
    await posting.create()
    talk = uuid4()
    ids = await posting.events(*[talk] * 5)
    await _gets(posting, *ids)
    await _rests(posting)
    handle = _handle(posting, client)
    before = cost_of((await handle.fetch_history()).events)
    assert before.actions == 2  # signal-with-start, one activity
    posting.receiver.answers = [answer(500)]
    [again] = await posting.events(talk)
    await _gets(posting, again)

    async def was_taken() -> bool:
        return (await posting.outcomes())[-2:] == ["failed", "taken"]

    await eventually(was_taken)
    await _rests(posting)
    cost = cost_of((await handle.fetch_history()).events)
    # A run that itself takes longer than the pause tries again by itself: then there is no timer.
    assert cost.timers in (0, 1)
    signal_and_run, timer_and_run = 2, 2 * cost.timers
    assert cost.actions - before.actions == signal_and_run + timer_and_run
    assert posting.taken(talk) == [*ids, again, again]


async def test_a_lost_workflow_is_begun_again_and_a_retired_endpoint_ends_its_own(
    posting: Posting, client: Client, settings: Settings, task_queue: str
) -> None:
    await posting.create()
    await _gets(posting, *await posting.events(uuid4()))
    await _rests(posting)
    handle = _handle(posting, client)
    await handle.terminate()
    async with posting.sessions.begin() as session:
        lost = update(Endpoint).where(Endpoint.id == posting.endpoint_id)
        silent = Endpoint.seen_at - LOST_AFTER - timedelta(seconds=1)
        await session.execute(lost.values(is_waiting=False, seen_at=silent))
    missed = await posting.events(uuid4())
    url = str(settings.database.database_url)
    wake = partial(wake_endpoint, client, task_queue)
    await EndpointWakes(posting.sessions, url, wake).sweep()
    await _gets(posting, *missed)
    async with posting.sessions.begin() as session:
        await endpoints.retire(posting.caller, session, posting.endpoint_id)

    async def has_ended() -> bool:
        return (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED

    await eventually(has_ended)
