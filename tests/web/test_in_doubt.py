"""Pages when something may still be done: with scripts, and in a browser without them."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from psycopg import OperationalError

from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually, working
from tests.web.conftest import PAGE, Browsing

FORM = {"kind": "reply", "text": 'one\r\n"two" & <three>'}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def ann(office: Office, browsing: Browsing) -> AsyncIterator[httpx2.AsyncClient]:
    async with browsing(office.brand.ann) as client:
        yield client


@pytest.fixture
async def unattended(office: Office, idle_centre: Centre, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a conversation that Ann holds, with no worker any more and nobody patient."""
    monkeypatch.setattr("temporal.conversations.COMMAND_TIMEOUT", timedelta(seconds=0.5))
    async with working(idle_centre):
        return await _held(idle_centre)


async def _held(centre: Centre) -> str:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    return f"/workspace/{(await centre.conversation()).id}"


async def test_a_script_is_told_the_key_to_ask_with(
    unattended: str, ann: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "k"}
    late = await ann.post(f"{unattended}/messages", data=FORM, headers=PAGE | key)
    assert late.status_code == 503
    assert late.headers["Idempotency-Key"] == "k"
    assert late.headers["Retry-After"] == "2"


async def test_without_scripts_a_page_says_so_and_asks_again_with_the_same_key(
    unattended: str, idle_centre: Centre, ann: httpx2.AsyncClient
) -> None:
    late = await ann.post(f"{unattended}/messages", data=FORM, headers=SAME_SITE)
    assert late.status_code == 503
    assert "It may still be on its way" in late.text
    again = html.unescape(re.findall(r'<form method="post" action="([^"]+)"', late.text)[0])
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', late.text)
    filled = {name: html.unescape(value) for name, value in fields}
    assert filled == FORM

    async def asked() -> httpx2.Response | None:
        answer = await ann.post(again, data=filled, headers=SAME_SITE)
        return answer if answer.status_code != 503 else None

    async with working(idle_centre):
        done = await eventually(asked)
    assert done
    assert (done.status_code, done.headers["Location"]) == (303, unattended)
    assert [words for _, words in await idle_centre.spoken()].count('one\n"two" & <three>') == 1


async def test_a_text_carries_the_key_by_which_its_page_knows_it(
    centre: Centre, ann: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": "my-own"}
    done = await ann.post(f"{await _held(centre)}/messages", data=FORM, headers=PAGE | key)
    assert 'data-command="my-own"' in done.text


async def test_what_is_done_and_can_not_be_shown_is_not_called_failed(
    centre: Centre, ann: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OperationalError

    address = await _held(centre)
    monkeypatch.setattr("web.workspace.command_form.load_context", away)
    late = await ann.post(f"{address}/messages", data=FORM, headers=PAGE)
    assert late.status_code == 503
    assert late.headers["Idempotency-Key"]
    assert ("agent", 'one\n"two" & <three>') in await centre.spoken()
