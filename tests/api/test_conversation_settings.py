"""Scheduled texts, auto-close and the language of a conversation, over the API."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tests.api.conftest import Office
from tests.fixtures.centre import Centre


@pytest.fixture
async def address(office: Office, centre: Centre) -> str:
    """A conversation that Ann holds."""
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


def later(**span: float) -> str:
    return (datetime.now(UTC) + timedelta(**span)).isoformat()


async def test_auto_close_is_held_and_resumed(
    centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    assert (await as_ann.put(f"{address}/auto-close", json={"held": True})).status_code == 200
    assert (await centre.conversation()).is_auto_close_held
    assert (await as_ann.put(f"{address}/auto-close", json={"held": False})).status_code == 200
    assert not (await centre.conversation()).is_auto_close_held


async def test_a_text_waits_with_its_key_once_and_is_cancelled(
    centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    body, key = {"text": "Your parcel is here.", "at": later(hours=1)}, {"Idempotency-Key": "k1"}
    first = await as_ann.post(f"{address}/scheduled-texts", json=body, headers=key)
    again = await as_ann.post(f"{address}/scheduled-texts", json=body, headers=key)
    assert (first.status_code, first.json()) == (201, again.json())
    text_id = first.json()["message_id"]
    assert [text["id"] for text in (await centre.conversation()).scheduled] == [text_id]
    gone = f"{address}/scheduled-texts/{text_id}"
    assert (await as_ann.delete(gone)).status_code == 200
    assert (await centre.conversation()).scheduled == []
    assert (await as_ann.delete(gone)).status_code == 404
    assert (await as_ann.delete(f"{address}/scheduled-texts/nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("x", {"seconds": 30}, "invalid"),
        ("x", {"days": 91}, "invalid"),
        ("x" * 1601, {"hours": 1}, "message_too_long"),
        ("😀" * 801, {"hours": 1}, "message_too_long"),
        (" ", {"hours": 1}, "message_empty"),
    ],
)
async def test_a_text_that_cannot_be_scheduled_is_refused_with_a_sentence(
    address: str, as_ann: httpx2.AsyncClient, text: str, at: dict[str, float], code: str
) -> None:
    refused = await as_ann.post(
        f"{address}/scheduled-texts", json={"text": text, "at": later(**at)}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_a_time_without_its_zone_is_malformed(
    address: str, as_ann: httpx2.AsyncClient
) -> None:
    body = {"text": "x", "at": "2027-01-01T09:00:00"}
    assert (await as_ann.post(f"{address}/scheduled-texts", json=body)).status_code == 422


async def test_ten_texts_wait_and_no_more(address: str, as_ann: httpx2.AsyncClient) -> None:
    body = {"text": "x", "at": later(hours=1)}
    for _ in range(10):
        assert (await as_ann.post(f"{address}/scheduled-texts", json=body)).status_code == 201
    refused = await as_ann.post(f"{address}/scheduled-texts", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_scheduled_texts")


async def test_an_agent_says_which_language_the_consumer_writes(
    centre: Centre, address: str, as_ann: httpx2.AsyncClient
) -> None:
    assert (await as_ann.put(f"{address}/language", json={"language": "fr"})).status_code == 200
    assert (await centre.conversation()).language == "fr"
    consumer = (await as_ann.get(f"/v1/consumers/{centre.thread.consumer_id}")).json()
    assert consumer["language"] == "fr"
    assert (await as_ann.put(f"{address}/language", json={"language": "?"})).status_code == 422


async def test_only_the_assigned_agent_and_managers_change_a_conversations_settings(
    address: str, as_ben: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    asked = [
        ("PUT", "auto-close", {"held": True}),
        ("PUT", "language", {"language": "fr"}),
        ("POST", "scheduled-texts", {"text": "x", "at": later(hours=1)}),
    ]
    for method, path, body in asked:
        refused = await as_ben.request(method, f"{address}/{path}", json=body)
        assert refused.status_code == 404, "what another agent holds is not there"
    answers = [
        (await as_mia.request(method, f"{address}/{path}", json=body)).status_code
        for method, path, body in asked
    ]
    assert answers == [200, 200, 403]
