"""Commands that may still be done: the page is told the key to ask with, and asks again."""

from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually, working
from tests.web.at_the_workspace import SCRIPT, entries, held
from tests.web.conftest import Browsing


@pytest.fixture
async def unattended(idle_centre: Centre, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A conversation that Ann holds, with no worker any more and nobody patient."""
    monkeypatch.setattr("temporal.conversations.COMMAND_TIMEOUT", timedelta(seconds=0.5))
    async with working(idle_centre):
        return await held(idle_centre)


async def test_the_page_is_told_the_key_asks_again_and_knows_its_text_by_it(
    office: Office, browsing: Browsing, unattended: UUID, idle_centre: Centre
) -> None:
    async with browsing(office.brand.ann) as ann:

        async def ask() -> httpx2.Response:
            path = f"/v1/conversations/{unattended}/replies"
            headers = SCRIPT | {"Idempotency-Key": "k"}
            return await ann.post(path, json={"text": 'one\n"two" & <three>'}, headers=headers)

        late = await ask()
        assert late.status_code == 503
        assert late.json()["code"] == "may_still_be_done"
        assert late.headers["Idempotency-Key"] == "k"
        assert late.headers["Retry-After"] == "2"

        async def asked() -> httpx2.Response | None:
            answer = await ask()
            return answer if answer.status_code != 503 else None

        async with working(idle_centre):
            done = await eventually(asked)
        assert done
        assert done.status_code == 201
        shown = (await entries(ann, unattended)).entries
    assert [words for _, words in await idle_centre.spoken()].count('one\n"two" & <three>') == 1
    assert [one.command for one in shown if one.message].count("k") == 1
