"""Live streams last as long as the right to follow them, and their number is limited."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import httpx2
import pytest
from sqlalchemy import delete, update
from sqlalchemy.sql.base import Executable

from api.caller import COOKIE
from api.live import MOST_STREAMS
from database.engine import Sessions
from database.tables import Agent, AgentSkill, ApiToken, Session
from domain.people.roles import Role
from tests.api.conftest import Office
from tests.api.test_events import following
from tests.fixtures.centre import PATIENCE_SECONDS, Centre

SECRET = "not for them any more"
Loses = Callable[[Sessions, Office], Awaitable[None]]


async def changed(sessions: Sessions, statement: Executable) -> None:
    async with sessions.begin() as session:
        await session.execute(statement)


async def logs_out(sessions: Sessions, office: Office) -> None:
    await changed(sessions, delete(Session))


async def retires(sessions: Sessions, office: Office) -> None:
    retired = update(Agent).where(Agent.id == office.brand.mia.agent_id)
    await changed(sessions, retired.values(retired_at=datetime.now(UTC)))


async def log_in_expires(sessions: Sessions, office: Office) -> None:
    await changed(sessions, update(Session).values(expires_at=datetime.now(UTC)))


async def token_is_revoked(sessions: Sessions, office: Office) -> None:
    await changed(sessions, update(ApiToken).values(revoked_at=datetime.now(UTC)))


async def token_loses_its_scope(sessions: Sessions, office: Office) -> None:
    await changed(sessions, update(ApiToken).values(scopes=["settings:read"]))


async def becomes_an_agent(sessions: Sessions, office: Office) -> None:
    demoted = update(Agent).where(Agent.id == office.brand.mia.agent_id)
    await changed(sessions, demoted.values(role="agent"))


ENDINGS = [logs_out, retires, log_in_expires]


async def rest_of(lines: AsyncIterator[str]) -> str:
    """Return what still comes until the stream ends."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return "\n".join([line async for line in lines])


@pytest.mark.parametrize("lose", ENDINGS)
async def test_a_persons_event_stream_ends_with_their_right(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient, lose: Loses
) -> None:
    async with following(as_mia) as stream:
        await stream.begun()
        await lose(office.sessions, office)
        await centre.text(SECRET)
        assert "conversation_opened" not in await rest_of(stream.lines)


@pytest.mark.parametrize(
    ("acts_for_somebody", "lose"),
    [(False, token_is_revoked), (True, token_is_revoked), (False, token_loses_its_scope)],
)
async def test_a_programs_event_stream_ends_with_its_token(
    office: Office, centre: Centre, acts_for_somebody: bool, lose: Loses
) -> None:
    acting = {"X_Agent": office.brand.mia.agent_id} if acts_for_somebody else {}
    async with office.program(Role.manager, **acting) as program, following(program) as stream:
        await stream.begun()
        await lose(office.sessions, office)
        await centre.text(SECRET)
        assert "conversation_opened" not in await rest_of(stream.lines)


async def test_a_program_no_longer_follows_for_somebody_who_retired(
    office: Office, centre: Centre
) -> None:
    mia = office.brand.mia.agent_id
    async with office.program(Role.manager, X_Agent=mia) as program, following(program) as stream:
        await stream.begun()
        await retires(office.sessions, office)
        await centre.text(SECRET)
        assert "conversation_opened" not in await rest_of(stream.lines)


async def test_without_any_event_a_stream_ends_soon_after_its_right(
    office: Office, as_mia: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.following.reader.POLL_SECONDS", 0.1)
    monkeypatch.setattr("services.following.reader.RIGHTS_SECONDS", 0.1)
    async with office.program(Role.admin) as program, following(program) as stream:
        await stream.begun()
        await token_is_revoked(office.sessions, office)
        await rest_of(stream.lines)


async def test_somebody_who_is_a_manager_no_more_hears_what_agents_hear(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    async with following(as_mia) as stream:
        await stream.begun()
        await becomes_an_agent(office.sessions, office)
        await centre.text(SECRET)
        await centre.when("waiting")
        await as_mia.put(f"/v1/agents/{office.brand.mia.agent_id}/state", json={"state": "online"})
        heard = await stream.until("agent_state")
    assert "conversation_opened" not in {event["kind"] for event in heard}


async def test_an_agent_without_the_skill_hears_no_more_of_its_queue(
    office: Office, centre: Centre, as_ben: httpx2.AsyncClient
) -> None:
    async with following(as_ben) as stream:
        await stream.begun()
        await changed(office.sessions, delete(AgentSkill))
        await centre.text(SECRET)
        await centre.when("waiting")
        await as_ben.put(f"/v1/agents/{office.brand.ben.agent_id}/state", json={"state": "online"})
        heard = await stream.until("agent_state")
    assert "conversation_opened" not in {event["kind"] for event in heard}


PAGES = ["/workspace/stream?view=all", "/board/stream"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("lose", [*ENDINGS, becomes_an_agent])
async def test_a_pages_stream_shows_nothing_of_the_account_once_the_right_is_lost(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient, address: str, lose: Loses
) -> None:
    token = as_mia.headers["Authorization"].removeprefix("Bearer ")
    async with (
        office.calling(Cookie=f"{COOKIE}={token}") as page,
        page.stream("GET", address) as answer,
    ):
        lines = answer.aiter_lines()
        while not (await anext(lines)).startswith("id:"):
            pass
        await lose(office.sessions, office)
        await centre.text(SECRET)
        await centre.when("waiting")
        came = ""
        if lose is becomes_an_agent and address != "/board/stream":
            state = f"/v1/agents/{office.brand.mia.agent_id}/state"
            await as_mia.put(state, json={"state": "away", "reason": None})
            async with asyncio.timeout(PATIENCE_SECONDS):
                while "event: own" not in came:
                    came += await anext(lines)
        else:
            came = await rest_of(lines)
    assert "+1555" not in came
    assert SECRET not in came


@pytest.mark.parametrize("address", ["/v1/events", "/workspace/stream", "/board/stream"])
async def test_one_person_opens_so_many_streams_and_again_when_some_have_ended(
    office: Office, as_mia: httpx2.AsyncClient, as_ada: httpx2.AsyncClient, address: str
) -> None:
    token = as_mia.headers["Authorization"].removeprefix("Bearer ")
    async with office.calling(Cookie=f"{COOKIE}={token}") as page:
        async with AsyncExitStack() as open_ones:
            for _ in range(MOST_STREAMS):
                answer = await open_ones.enter_async_context(page.stream("GET", address))
                assert answer.status_code == 200
            refused = await page.get(address)
            assert refused.status_code == 429
            async with following(as_ada) as others:
                await others.begun()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await opened(page, address) != 200:
                pass


async def opened(client: httpx2.AsyncClient, address: str) -> int:
    async with client.stream("GET", address) as answer:
        return answer.status_code
