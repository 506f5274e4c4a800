"""What agents do in the workspace, and the answers they get."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import PAGE, Browsing


@pytest.fixture
async def address(office: Office, centre: Centre) -> str:
    """The page of a conversation that Ann holds."""
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/workspace/{(await centre.conversation()).id}"


@pytest.fixture
async def ann(office: Office, browsing: Browsing) -> AsyncIterator[httpx2.AsyncClient]:
    async with _at_the_page(office, browsing) as client:
        yield client


@asynccontextmanager
async def _at_the_page(office: Office, browsing: Browsing) -> AsyncIterator[httpx2.AsyncClient]:
    async with browsing(office.brand.ann) as client:
        client.headers.update(PAGE)
        yield client


async def test_a_reply_is_in_the_answer_and_with_the_consumer(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    form = {"kind": "reply", "text": "one\r\ntwo"}
    answer = await ann.post(f"{address}/messages", data=form)
    assert answer.status_code == 200
    assert '<p class="words" dir="auto">one\ntwo</p>' in answer.text
    assert ("agent", "one\ntwo") in await centre.spoken()


async def test_the_same_request_with_the_same_key_texts_once(
    ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    for _ in range(2):
        form = {"kind": "reply", "text": "once"}
        answer = await ann.post(f"{address}/messages", data=form, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 200
    assert (await centre.spoken()).count(("agent", "once")) == 1


async def test_a_note_stays_with_us(ann: httpx2.AsyncClient, address: str, centre: Centre) -> None:
    await ann.post(f"{address}/messages", data={"kind": "note", "text": "Known customer"})
    assert ("note", "Known customer") in await centre.spoken()
    assert "Known customer" not in await centre.phone()


async def test_refusals_are_sentences_for_the_form(ann: httpx2.AsyncClient, address: str) -> None:
    form = {"kind": "reply", "text": "x" * 1601}
    too_long = await ann.post(f"{address}/messages", data=form)
    assert too_long.status_code == 422
    assert "The message has 1601 characters; 1600 are allowed." in too_long.text
    nothing = await ann.post(f"{address}/messages", data={"kind": "reply", "text": "\0"})
    assert nothing.status_code == 422
    nowhere = await ann.post(f"{address}/transfer", data={"to": "skill:../x"})
    assert nowhere.status_code == 422
    for answer in (too_long, nothing, nowhere):
        assert re.fullmatch(r"<p>[^<]+</p>", answer.text.strip())


async def test_another_site_can_not_act_with_our_cookie(
    office: Office, browsing: Browsing, address: str, centre: Centre
) -> None:
    async with browsing(office.brand.ann) as victim:
        for path in ("messages", "transfer", "return", "close"):
            form = {"kind": "reply", "text": "forged", "to": f"skill:{office.brand.sales}"}
            origin = {"Origin": "https://evil.test"}
            answer = await victim.post(f"{address}/{path}", data=form, headers=origin)
            assert answer.status_code == 403
    assert (await centre.conversation()).status == "assigned"
    assert ("agent", "forged") not in await centre.spoken()


async def test_a_transfer_leaves_a_note_and_ends_writing(
    office: Office, ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    form = {"to": f"skill:{office.brand.sales}", "note": "Wants two"}
    answer = await ann.post(f"{address}/transfer", data=form)
    assert "Ann transferred to Sales" in answer.text
    assert "This conversation waits for an agent." in answer.text
    assert "<textarea" not in answer.text
    assert ("note", "Wants two") in await centre.spoken()
    row = await centre.when("waiting")
    assert row.skill_id == office.brand.sales


async def test_a_conversation_goes_to_a_named_agent_or_back_to_the_queue(
    office: Office, ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    returned = await ann.post(f"{address}/return", data={"note": ""})
    assert "Ann returned it to the queue" in returned.text
    await centre.assign(office.brand.ann.agent_id, "Ann")
    sent = await ann.post(f"{address}/transfer", data={"to": f"agent:{office.brand.ben.agent_id}"})
    assert "Ann transferred to Ben" in sent.text


async def test_closing_asks_for_a_rating_and_the_rating_is_shown(
    office: Office, ann: httpx2.AsyncClient, address: str, centre: Centre
) -> None:
    closed = await ann.post(f"{address}/close")
    assert "Being rated" in closed.text
    assert "Closed by Ann" in closed.text
    await centre.when("survey")
    await centre.text("4, but slow")
    await centre.when("closed")
    page = (await ann.get(address)).text
    assert "Rated 4 of 5" in page
    assert "100 %" in page
    assert "4, but slow" in page


async def test_agents_set_their_own_state_on_the_page(
    office: Office, ann: httpx2.AsyncClient
) -> None:
    answer = await ann.post("/workspace/state", data={"state": "back_soon"})
    assert 'class="dot back_soon"' in answer.text
    async with office.person(office.brand.ann) as api:
        assert (await api.get("/v1/me")).json()["agent"]["state"] == "back_soon"
    assert (await ann.post("/workspace/state", data={"state": "x"})).status_code == 422


async def test_a_conversation_begins_with_a_number(
    office: Office, ann: httpx2.AsyncClient, centre: Centre
) -> None:
    form = {"line": office.brand.line_id, "number": "+1 555 0199", "text": "Your order is here"}
    answer = await ann.post("/workspace/conversations", data=form)
    page = await ann.get(answer.headers["HX-Redirect"], headers={"HX-Request": ""})
    assert "+15550199" in page.text
    assert "Your order is here" in page.text
    bad = await ann.post("/workspace/conversations", data=form | {"number": "12"})
    assert bad.text.startswith("<p>A phone number in international form is needed")
