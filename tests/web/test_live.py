"""A page's live stream: what it brings, where it goes on, and when it ends."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import delete, insert

from database.tables import Session, Skill
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import Browsing
from tests.web.test_long_lists import add_conversations
from workflows.conversation.commands import AddNote, Close


class Stream:
    """A live stream as a browser reads it."""

    def __init__(self, answer: httpx2.Response) -> None:
        self._lines: AsyncIterator[str] = answer.aiter_lines()
        self.last_id = ""

    async def until(self, words: str) -> str:
        """Return what comes up to the event that has these words."""
        came = ""
        async with asyncio.timeout(20):
            async for line in self._lines:
                came += f"{line}\n"
                if line.startswith("id:"):
                    self.last_id = line.removeprefix("id:").strip()
                    if words in came:
                        return came
        return came


@pytest.fixture
async def page(office: Office, centre: Centre) -> str:
    """The stream of the page of a conversation that Ann holds."""
    await centre.text("first words")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/workspace/live?view=mine&conversation={(await centre.conversation()).id}"


async def test_a_text_comes_into_list_and_transcript(
    browsing: Browsing, office: Office, centre: Centre, page: str
) -> None:
    async with browsing(office.brand.ann) as ann, ann.stream("GET", page) as answer:
        stream = Stream(answer)
        await stream.until("")
        await centre.text("<i>second</i> words")
        came = await stream.until('data-position="')
    assert 'hx-target="#list-mine"' in came
    assert came.count('<p class="words" dir="auto">&lt;i&gt;second&lt;/i&gt; words</p>') == 1
    assert "first words" not in came.replace('class="preview" dir="auto">first words', "")


async def test_a_skill_that_is_new_since_the_page_came_is_called_by_its_name(
    browsing: Browsing, office: Office, centre: Centre, page: str
) -> None:
    brand = office.brand
    skill = {"id": f"{brand.account_id}-new", "account_id": brand.account_id, "name": "Repairs"}
    async with browsing(brand.ann) as ann, ann.stream("GET", page) as answer:
        stream = Stream(answer)
        await stream.until("")
        async with office.sessions.begin() as session:
            await session.execute(insert(Skill).values(**skill))
        held = {"status": "assigned", "agent_id": brand.ann.agent_id, "skill_id": skill["id"]}
        await add_conversations(office, 1, "repairs", **held)
        await centre.give(AddNote(key="n1", actor=brand.ann, text="noted"))
        came = await stream.until("noted</p>")
    assert ">Repairs</span>" in came
    assert ">No skill</span>" not in came


async def test_a_stream_that_reconnects_gets_each_text_once(
    browsing: Browsing, office: Office, centre: Centre, page: str
) -> None:
    async with browsing(office.brand.ann) as ann:
        async with ann.stream("GET", f"{page}&after=0") as answer:
            stream = Stream(answer)
            before = await stream.until("Assigned to Ann")
        await centre.text("while nobody listened")
        headers = {"Last-Event-ID": stream.last_id}
        async with ann.stream("GET", f"{page}&after=0", headers=headers) as answer:
            after = await Stream(answer).until("while nobody listened</p>")
    assert before.count('<p class="words" dir="auto">first words</p>') == 1
    assert '<p class="words" dir="auto">first words</p>' not in after
    assert after.count('<p class="words" dir="auto">while nobody listened</p>') == 1


@pytest.mark.parametrize("address", ["/workspace/live", "/board/live"])
async def test_a_page_that_shows_more_than_a_restored_database_has_is_reloaded(
    browsing: Browsing, office: Office, address: str
) -> None:
    async with (
        browsing(office.brand.mia) as mia,
        mia.stream("GET", f"{address}?after=4711") as answer,
    ):
        assert "event: reload" in await Stream(answer).until("reload")


async def test_an_event_changes_head_and_composer(
    browsing: Browsing, office: Office, centre: Centre, page: str
) -> None:
    async with browsing(office.brand.ann) as ann, ann.stream("GET", page) as answer:
        stream = Stream(answer)
        await stream.until("")
        await centre.give(Close(key="c1", actor=office.brand.ann))
        closing = await stream.until("Closed by Ann")
        assert "It cannot be changed until that is over." in closing
        await centre.when("survey")
        await centre.text("5")
        rated = await stream.until("Rated 5 of 5")
    assert 'hx-target="#own-ratings"' in rated
    assert re.search(r"<strong>100 %</strong>", rated)


async def test_an_agent_reads_no_more_once_a_waiting_conversation_went_to_another(
    browsing: Browsing, office: Office, centre: Centre
) -> None:
    await centre.text("hello")
    conversation = await centre.when("waiting")
    address = f"/workspace/live?view=waiting&conversation={conversation.id}"
    async with browsing(office.brand.ben) as ben, ben.stream("GET", address) as answer:
        stream = Stream(answer)
        await stream.until("")
        await centre.assign(office.brand.ann.agent_id, "Ann")
        came = await stream.until("Somebody else has this conversation now.")
    assert "talking to Ann" not in came


async def test_a_stream_ends_with_its_log_in(
    browsing: Browsing, office: Office, centre: Centre, page: str
) -> None:
    async with browsing(office.brand.ann) as ann, ann.stream("GET", page) as answer:
        stream = Stream(answer)
        await stream.until("")
        async with office.sessions.begin() as session:
            await session.execute(delete(Session))
        await centre.text("not for them any more")
        came = await stream.until("nothing of the kind")
    assert "not for them any more" not in came
