"""The board: who sees it, what it shows, and that it is live."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from database.tables import QueueEntry
from tests.api.conftest import Office
from tests.fixtures.centre import PATIENCE_SECONDS, Centre
from tests.web.at_the_workspace import boot
from tests.web.conftest import Browsing

PATHS = ("/board", "/board/now", "/board/live")


async def test_agents_have_no_board_and_strangers_see_their_own(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    async with browsing(office.brand.ann) as ann:
        for path in PATHS:
            assert (await ann.get(path)).status_code == 403, path
        assert not (await boot(ann)).supervises
    async with office.calling() as nobody:
        answer = await nobody.get("/board")
        assert answer.headers["Location"] == "/log-in?next=%2Fboard"
        assert 'name="wanted" value="/board"' in (await nobody.get("/log-in?next=/board")).text
        assert 'value="/boardless"' not in (await nobody.get("/log-in?next=/boardless")).text
    async with browsing(strangers.ada) as zoe:
        page = (await zoe.get("/board")).text
        assert "Zoe" in page
        assert office.brand.ann.agent_id not in page
        assert office.brand.support not in page


async def test_the_board_counts_waiting_and_overdue_conversations(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    await centre.when("waiting")
    late = datetime.now(UTC) - timedelta(minutes=1)
    async with office.sessions.begin() as session:
        await session.execute(update(QueueEntry).values(due_at=late))
    async with browsing(office.brand.mia) as mia:
        page = (await mia.get("/board")).text
        assert '<span class="figure bad">1</span> <span class="quiet">Overdue' in page
        assert (await boot(mia)).supervises
        assert 'href="/admin/skills"' not in page


async def test_a_state_comes_with_the_stream(office: Office, browsing: Browsing) -> None:
    async with browsing(office.brand.mia) as mia, mia.stream("GET", "/board/live") as answer:
        lines = answer.aiter_lines()
        await until(lines, "id:")
        async with office.person(office.brand.ann) as ann:
            path = f"/v1/agents/{office.brand.ann.agent_id}/state"
            await ann.put(path, json={"state": "online"})
        came = await until(lines, 'class="dot online"')
    assert 'hx-target="#board"' in came


async def test_a_board_that_shows_more_than_a_restored_database_has_is_reloaded(
    office: Office, browsing: Browsing
) -> None:
    address = "/board/live?after=4711"
    async with browsing(office.brand.mia) as mia, mia.stream("GET", address) as answer:
        assert "event: reload" in await until(answer.aiter_lines(), "event: reload")


async def until(lines: AsyncIterator[str], words: str) -> str:
    """Return what comes up to the line with these words."""
    came = ""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in came:
            came += f"{await anext(lines)}\n"
    return came
