"""A process reports itself ill only when a new one could work although it cannot."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import httpx2
import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from database.engine import Sessions, create_engine, create_sessions
from runtime.small_http import serve
from runtime.vitals import Vital, Vitals, database_vital, health_of, temporal_vital
from tests.fixtures.centre import eventually
from tests.fixtures.lost_database import SOON, impatient
from tests.fixtures.ports import own_port
from tests.fixtures.proxy import Proxy, proxy_to
from tests.fixtures.read_only import read_only

NOWHERE = "postgresql://nobody:x@127.0.0.1:1/nothing"


@pytest.fixture
async def way(database_url: str) -> AsyncIterator[Proxy]:
    async with proxy_to(database_url) as proxy:
        yield proxy


@pytest.fixture
async def lost(way: Proxy, database_url: str) -> AsyncIterator[Sessions]:
    """Sessions that have lost their connection to the database."""
    engine = create_engine(way.url(database_url))
    sessions = create_sessions(engine)
    way.swallow()
    yield sessions
    await engine.dispose()


@contextmanager
def hurried(vital: Vital) -> Iterator[None]:
    """For a block, what will not be answered gives up soon; a new connection is waited for."""
    own = vital.own

    async def gives_up_soon() -> bool:
        with impatient(), pytest.MonkeyPatch.context() as patched:
            patched.setattr("temporal.readiness.PATIENCE", timedelta(seconds=SOON))
            return await own()

    vital.own = gives_up_soon
    yield
    vital.own = own


async def test_a_process_whose_connections_are_dead_while_new_ones_work_is_ill(
    lost: Sessions, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vitals = Vitals([database_vital(lost, database_url)])
    with hurried(vitals.parts[0]):
        await vitals.parts[0].look()
    assert vitals.are_well, "not before a minute has passed"
    monkeypatch.setattr("runtime.vitals.ILL_AFTER_SECONDS", -1)
    vitals.looked_at += 60
    assert not vitals.are_well


async def test_a_process_whose_database_is_away_for_everybody_is_well(lost: Sessions) -> None:
    vital = database_vital(lost, NOWHERE)
    with hurried(vital):
        await vital.look()
    assert vital.ill_since is None


async def test_a_process_whose_connections_are_all_busy_but_answered_is_well(
    session_factory: Sessions, database_url: str
) -> None:
    direct = session_factory.direct
    vital = database_vital(session_factory, database_url)
    slow = [direct.fetch_one(b"SELECT pg_sleep(0.2)", {}) for _ in range(2 * direct.size)]
    await asyncio.gather(vital.look(), *slow)
    assert vital.ill_since is None


async def test_a_database_that_takes_no_writes_is_away_and_the_process_well(
    session_factory: Sessions, database_url: str
) -> None:
    vital = database_vital(session_factory, database_url)
    with read_only(database_url):
        await vital.look()
    assert (vital.is_answering, vital.ill_since) == (False, None)


async def test_a_process_that_is_answered_again_is_well_again(
    lost: Sessions, way: Proxy, database_url: str
) -> None:
    vital = database_vital(lost, database_url)
    with hurried(vital):
        await vital.look()
    assert vital.ill_since is not None
    way.restore()
    await vital.look()
    assert vital.ill_since is None


async def test_a_client_that_no_longer_reaches_temporal_is_ill_where_a_new_one_does(
    temporal: WorkflowEnvironment,
) -> None:
    async def fresh() -> Client:
        return temporal.client

    dead = await Client.connect("127.0.0.1:1", lazy=True)
    vital = temporal_vital(dead, fresh)
    with hurried(vital):
        await vital.look()
    assert vital.ill_since is not None
    vital = temporal_vital(temporal.client, fresh)
    await vital.look()
    assert vital.ill_since is None


@pytest.mark.parametrize(("is_answered", "status"), [(True, 200), (False, 503)])
async def test_a_worker_says_on_its_port_whether_it_is_well(
    is_answered: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.vitals.ILL_AFTER_SECONDS", 0.0 if not is_answered else 60.0)
    vitals = await _looked(is_answered=is_answered)
    assert await _told(vitals, "/health/live", is_polling=True) == (
        status,
        {"status": "up" if is_answered else "down"},
    )


async def test_a_worker_is_ready_when_it_polls_and_its_services_answer() -> None:
    up, down = await _looked(is_answered=True), await _looked(is_answered=False)
    assert await _told(Vitals([]), "/health/ready", is_polling=False) == (503, {"polling": "down"})
    ready = {"database": "up", "polling": "up"}
    assert await _told(up, "/health/ready", is_polling=True) == (200, ready)
    idle = {"database": "up", "polling": "down"}
    assert await _told(up, "/health/ready", is_polling=False) == (503, idle)
    away = {"database": "down", "polling": "up"}
    assert await _told(down, "/health/ready?x=1", is_polling=True) == (503, away)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/webhooks/twilio/x/inbound"),
        ("GET", "/v1/conversations"),
        ("GET", "/"),
        ("GET", "/health/live/more"),
    ],
)
async def test_who_comes_to_the_port_of_health_by_mistake_is_told_that_nothing_is_there(
    method: str, path: str
) -> None:
    assert (await _answered(Vitals([]), method, path)).status_code == 404


async def test_the_port_of_health_is_read_and_nothing_is_posted_to_it() -> None:
    refused = await _answered(Vitals([]), "POST", "/health/live")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")
    looked = await _answered(Vitals([]), "HEAD", "/health/live")
    assert (looked.status_code, looked.content) == (200, b"")


async def _looked(*, is_answered: bool) -> Vitals:
    async def own() -> bool:
        return is_answered

    async def fresh() -> bool:
        return True

    vitals = Vitals([Vital("database", own, fresh)])
    await vitals.parts[0].look()
    return vitals


async def _told(vitals: Vitals, path: str, *, is_polling: bool) -> tuple[int, dict[str, str]]:
    answer = await _answered(vitals, "GET", path, is_polling=is_polling)
    return answer.status_code, answer.json()


async def _answered(
    vitals: Vitals, method: str, path: str, *, is_polling: bool = True
) -> httpx2.Response:
    port = own_port()
    look = health_of(vitals, lambda: is_polling)
    serving = asyncio.create_task(serve(look, "127.0.0.1", port))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as anyone:

        async def asked() -> httpx2.Response | None:
            with suppress(httpx2.TransportError):  # it does not listen yet
                return await anyone.request(method, path)
            return None

        answer = await eventually(asked)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert answer is not None
    return answer
