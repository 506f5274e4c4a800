"""What pages are told besides events: notices of their person, and who is in a conversation."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from database.queries import pushes
from domain.conversation.kinds import EventKind
from outgoing.posts import Posts
from settings import Settings
from tests.api.conftest import Office
from tests.api.crowd import add_conversation
from tests.fixtures.centre import eventually
from tests.outgoing.posting import LOOPBACK
from tests.outgoing.telling import Teller
from tests.web.conftest import PAGE, Browsing
from tests.web.test_stream import PageStream
from workflows.conversation.messages import Actor

STREAM = "/workspace/stream?view=mine"


@pytest.fixture
async def teller(office: Office, settings: Settings) -> AsyncIterator[Teller]:
    async with Posts([LOOPBACK]) as posts:
        yield Teller(office.brand, office.sessions, settings, posts)


async def begun(stream: PageStream) -> PageStream:
    """Wait until a page is told of what is no event."""
    await stream.until("beat")
    await stream.until("beat")
    return stream


async def test_each_page_of_a_person_is_told_of_their_notices_and_nobody_else_s(
    browsing: Browsing, office: Office, teller: Teller
) -> None:
    ann, mia = office.brand.ann, office.brand.mia
    talk = await teller.conversation(ann)
    async with (
        browsing(ann) as desk,
        browsing(mia) as board,
        desk.stream("GET", STREAM) as first,
        desk.stream("GET", STREAM) as second,
        board.stream("GET", STREAM) as other,
    ):
        pages = [await begun(PageStream(one)) for one in (first, second, other)]
        await teller.texts(talk, 2)
        await teller.tell()
        for page in pages[:2]:
            _, told = (await page.until("notices"))[-1]
            [notice] = told["notices"]
            assert (notice["title"], told["unread"]) == ("2 new texts from +1 5550123", 1)
            assert notice["conversation_id"] == str(talk)
        read = await desk.put("/v1/me/notices/read", json={}, headers=PAGE)
        assert read.json() == {"unread": 0}
        for page in pages[:2]:
            _, told = (await page.until("notices"))[-1]
            assert (told["notices"][0]["read_at"] is None, told["unread"]) == (False, 0)
        await teller.happens(talk, EventKind.mentioned, mia, by_agent_id=ann.agent_id)
        await teller.tell()
        told_to_mia = await pages[2].until("notices")
        assert told_to_mia[-1][1]["notices"][0]["kind"] == "mention"
        await eventually(lambda: has_page(teller, ann))
    await eventually(lambda: has_page(teller, ann, otherwise=True))


async def has_page(teller: Teller, actor: Actor, *, otherwise: bool = False) -> bool:
    async with teller.sessions() as session:
        return await pushes.has_page(session, actor.agent_id, datetime.now(UTC)) is not otherwise


async def test_only_those_who_may_see_a_conversation_are_told_who_is_in_it(
    browsing: Browsing, office: Office, teller: Teller
) -> None:
    ann, ben, mia = office.brand.ann, office.brand.ben, office.brand.mia
    talk = await teller.conversation(ann)
    address = f"{STREAM}&conversation={talk}"
    path = f"/v1/conversations/{talk}/presence"
    async with (
        browsing(ann) as anns,
        browsing(ben) as bens,
        browsing(mia) as mias,
        anns.stream("GET", address) as of_ann,
        bens.stream("GET", address) as of_ben,
    ):
        page, stranger = await begun(PageStream(of_ann)), await begun(PageStream(of_ben))
        for doing in ("looks", "types", "left"):
            said = {"doing": doing, "page": "p"}
            assert (await mias.put(path, json=said, headers=PAGE)).status_code == 204
            _, told = (await page.until("presence"))[-1]
            people = [(one["name"], one["doing"]) for one in told["people"]]
            assert people == ([] if doing == "left" else [("Mia", doing)])
        await stranger.until("beat")
        assert "presence" not in {kind for kind, _ in stranger.told}


async def test_what_is_read_on_one_page_of_a_person_is_read_on_their_others(
    browsing: Browsing, office: Office, teller: Teller
) -> None:
    ann, mia = office.brand.ann, office.brand.mia
    talk = await add_conversation(office, "+15550177", "Hello", agent_id=ann.agent_id)
    path = f"/v1/conversations/{talk}"
    async with (
        browsing(ann) as desk,
        browsing(mia) as board,
        desk.stream("GET", STREAM) as of_ann,
        board.stream("GET", STREAM) as of_mia,
    ):
        page, other = await begun(PageStream(of_ann)), await begun(PageStream(of_mia))
        for position in (1, 1, 0):
            await desk.put(f"{path}/reading", json={"position": position}, headers=PAGE)
        await desk.put(f"{path}/unread", json={}, headers=PAGE)
        told = [(await page.until("reading"))[-1][1] for _ in range(2)]
        assert [(one["unread"], one["is_marked"]) for one in told] == [(0, False), (1, True)]
        assert {one["conversation_id"] for one in told} == {talk}, "once each time it was news"
        await other.until("beat")
        assert "reading" not in {kind for kind, _ in other.told}
