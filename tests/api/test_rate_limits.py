"""Requests of a caller are limited by the minute, over all API processes, and told in headers."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import psycopg
import pytest
from sqlalchemy import make_url

from api.errors import TooManyRequests
from api.rate_limits import RequestCounts
from database.direct import Direct
from database.engine import Sessions
from domain.people.roles import Role
from settings import Settings
from tests.api.conftest import Office, served
from tests.api.test_problems import check
from tests.fixtures.centre import eventually

LIMIT = 4
NOON = 4_000_000_020.0  # a whole minute that no clock of a database has left behind


@pytest.fixture
async def limited(
    settings: Settings, office: Office, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    """The same brand at an API that allows few requests, in a minute that never ends."""
    monkeypatch.setattr("api.rate_limits.SHARE_SECONDS", 0.05)
    web = settings.web.model_copy(update={"api_requests_per_minute": LIMIT})

    def frozen(direct: Direct, limit: int) -> RequestCounts:
        return RequestCounts(direct, limit, clock=lambda: NOON + 20)

    monkeypatch.setattr("application.server.RequestCounts", frozen)
    async with served(settings.model_copy(update={"web": web})) as url:
        yield replace(office, url=url)


async def test_a_caller_reads_in_headers_what_is_left_and_is_then_told_to_wait(
    limited: Office,
) -> None:
    async with limited.program(Role.agent) as program:
        answers = [await program.get("/v1/skills") for _ in range(LIMIT - 1)]
        answers.append(await program.get("/v1/nothing-here/at-all"))
        answers.append(await program.get("/v1/conversations/nothing"))
        over = await program.get("/v1/skills")
        page = await program.get("/log-in")
    left = [one.headers.get("RateLimit-Remaining") for one in answers]
    assert left == ["3", "2", "1", None, "0"]  # nobody is asked for at an unknown address
    assert answers[0].headers["RateLimit-Policy"] == '"caller";q=4;w=60'
    assert answers[0].headers["RateLimit"] == '"caller";r=3;t=40'
    assert answers[0].headers["RateLimit-Limit"] == "4"
    check(over, 429, "too_many_requests")
    assert over.headers["Retry-After"] == over.headers["RateLimit-Reset"] == "40"
    assert over.headers["RateLimit"] == '"caller";r=0;t=40'
    assert page.status_code == 200


async def test_each_caller_has_requests_of_their_own_and_pages_take_none(limited: Office) -> None:
    ann = limited.brand.ann
    async with limited.person(ann) as first, limited.person(ann) as second:
        answers = [await one.get("/v1/me") for one in (first, second, first, second)]
        assert [one.status_code for one in answers] == [200] * LIMIT
        check(await first.get("/v1/me"), 429, "too_many_requests")
        assert (await first.get("/workspace")).status_code == 200
    async with limited.program(Role.agent) as program:
        assert (await program.get("/v1/me")).status_code == 200


async def test_the_last_use_of_a_token_is_shown_to_the_minute(
    limited: Office, as_ada: httpx2.AsyncClient
) -> None:
    token = (await as_ada.post("/v1/tokens", json={"name": "P", "role": "agent"})).json()
    address = f"/v1/tokens/{token['id']}"
    assert (await as_ada.get(address)).json()["last_used_at"] is None
    async with limited.calling(token["token"]) as program:
        await program.get("/v1/me")

    async def is_noted() -> bool:
        shown = (await as_ada.get(address)).json()
        return bool(shown["last_used_at"] == "2096-10-02T07:07:00Z")

    await eventually(is_noted)


async def test_processes_count_together_and_by_the_minute(session_factory: Sessions) -> None:
    now = [NOON + 59]
    one, other = (RequestCounts(session_factory.direct, 10, lambda: now[0]) for _ in range(2))
    for counts in (one, other):
        for _ in range(6):
            counts.count("token-a")
        await counts.share()
    one.count("token-a")  # it learns of the other's only as it shares again
    await one.share()
    with pytest.raises(TooManyRequests) as refused:
        one.count("token-a")
    assert refused.value.retry_after == 1
    assert one.count("token-b")
    now[0] += 1
    standing = one.count("token-a")
    assert standing
    assert (standing.left, standing.resets_in) == (9, 60)


async def test_a_process_whose_clock_is_ahead_leaves_what_the_others_count(
    session_factory: Sessions,
) -> None:
    now = time.time()
    one, other = (RequestCounts(session_factory.direct, 10, lambda: now) for _ in range(2))
    ahead = RequestCounts(session_factory.direct, 10, lambda: now + 300)
    for counts in (one, ahead, other):
        for _ in range(6):
            counts.count("token-a")
        await counts.share()
    with pytest.raises(TooManyRequests):
        other.count("token-a")


async def test_while_the_database_is_away_a_process_counts_for_itself() -> None:
    nowhere = Direct(make_url("postgresql+psycopg://nobody@127.0.0.1:1/nothing"), size=1)
    counts = RequestCounts(nowhere, 2, lambda: NOON)
    standings = [counts.count("token-a"), counts.count("token-a")]
    with pytest.raises(psycopg.OperationalError):
        await counts.share()
    assert [one.left for one in standings if one] == [1, 0]
    with pytest.raises(TooManyRequests):
        counts.count("token-a")


async def test_without_a_limit_nothing_is_counted(session_factory: Sessions) -> None:
    counts = RequestCounts(session_factory.direct, 0)
    assert counts.count("token-a") is None
    await counts.share()
