"""Answers are compressed where it helps, and never where a secret stands."""

import httpx2
import pytest

from tests.api.conftest import Office
from tests.api.test_events import following
from tests.fixtures.centre import Centre

STYLE = "/static/switchboard.css"
PLAINLY = {"Accept-Encoding": "identity"}


async def test_pages_lists_and_files_of_pages_are_compressed_for_those_who_accept_it(
    as_ada: httpx2.AsyncClient,
) -> None:
    for path in ("/log-in", "/v1/event-types", STYLE, "/openapi.json"):
        answer = await as_ada.get(path)
        plain = await as_ada.get(path, headers=PLAINLY)
        assert answer.text == plain.text
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert answer.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) < len(plain.content) / 2
    kept = {"If-None-Match": (await as_ada.get(STYLE)).headers["ETag"]}
    assert (await as_ada.get(STYLE, headers=kept)).status_code == 304


@pytest.mark.parametrize("refused", ["gzip;q=0", "br", "x-gzip", ""])
async def test_whoever_does_not_accept_gzip_gets_none(
    as_ada: httpx2.AsyncClient, refused: str
) -> None:
    answer = await as_ada.get("/v1/event-types", headers={"Accept-Encoding": refused})
    assert "Content-Encoding" not in answer.headers
    assert answer.json()


async def test_small_answers_and_those_with_a_secret_are_left_as_they_are(
    as_ada: httpx2.AsyncClient,
) -> None:
    made = await as_ada.post("/v1/tokens", json={"name": "x" * 60, "role": "agent"})
    assert made.json()["token"]
    small = await as_ada.get("/health/live")
    assert "Content-Encoding" not in made.headers | small.headers


async def test_a_compressed_stream_tells_each_event_at_once(
    office: Office, centre: Centre, as_mia: httpx2.AsyncClient
) -> None:
    async with as_mia.stream("GET", "/v1/events") as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
    async with following(as_mia) as stream:
        await stream.begun()
        for state in ("online", "away", "offline"):
            await as_mia.put(f"/v1/agents/{office.brand.mia.agent_id}/state", json={"state": state})
            assert (await stream.next())["data"]["state"] == state
