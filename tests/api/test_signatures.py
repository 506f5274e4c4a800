"""What people sign their replies with: set by themselves, added where it is asked for."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tests.api.conftest import Office
from tests.fixtures.centre import Centre

PATH = "/v1/me/signature"


@pytest.fixture
async def address(office: Office, centre: Centre) -> str:
    """A conversation that Ann holds."""
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    return f"/v1/conversations/{(await centre.conversation()).id}"


async def texts(client: httpx2.AsyncClient, address: str) -> list[str]:
    """Return what agents wrote."""
    items = (await client.get(f"{address}/transcript")).json()["items"]
    return [one["text"] for one in items if one["author"] in ("agent", "note")]


async def test_everybody_sets_their_own_and_admins_that_of_others(
    office: Office, as_ada: httpx2.AsyncClient, as_ann: httpx2.AsyncClient
) -> None:
    assert (await as_ann.get(PATH)).json() == {"text": None, "is_on": True}
    kept = await as_ann.patch(PATH, json={"text": " – Ann "})
    assert kept.json() == {"text": "– Ann", "is_on": True}
    assert (await as_ann.patch(PATH, json={"is_on": False})).json() == {
        "text": "– Ann",
        "is_on": False,
    }
    for wrong in ("two\nlines", "x" * 61, "hid\u202eden", "Yours, {agent_name}", "\0"):
        refused = await as_ann.patch(PATH, json={"text": wrong})
        assert refused.status_code == 422, wrong
    ann = f"/v1/agents/{office.brand.ann.agent_id}"
    assert (await as_ada.get(ann)).json()["signature"] == "– Ann"
    assert (await as_ada.patch(ann, json={"signature": "a\u2028b"})).status_code == 422
    assert (await as_ada.patch(ann, json={"signature": "Ann, Acme"})).status_code == 200
    assert (await as_ann.get(PATH)).json() == {"text": "Ann, Acme", "is_on": False}
    assert (await as_ann.patch(ann, json={"signature": "x"})).status_code == 403
    assert (await as_ann.patch(PATH, json={"text": "  "})).json()["text"] is None
    program = await as_ada.post("/v1/tokens", json={"name": "Shop", "role": "agent"})
    alone = {"Authorization": f"Bearer {program.json()['token']}"}
    async with httpx2.AsyncClient(base_url=office.url, headers=alone) as shop:
        assert (await shop.get(PATH)).status_code in (400, 403, 409, 422)


async def test_it_stands_under_what_asks_for_it_and_never_twice(
    address: str, as_ann: httpx2.AsyncClient
) -> None:
    await as_ann.patch(PATH, json={"text": "– Ann"})
    draft = f"{address}/drafts/reply"
    await as_ann.put(draft, json={"text": "On my way. And", "revision": 0})
    signed = {"text": "On my way.", "signature": "– Ann"}
    key = {"Idempotency-Key": "one"}
    for _attempt in range(2):
        answer = await as_ann.post(f"{address}/replies", json=signed, headers=key)
        assert answer.status_code == 201, answer.text
    left = (await as_ann.get("/v1/me/drafts")).json()["items"]
    assert [one["text"] for one in left] == ["And"], "the draft has no signature"
    other = await as_ann.post(f"{address}/replies", json={"text": "On my way."}, headers=key)
    assert other.status_code == 409, "another text under the same key"
    for body in ({"text": "Bye\n– Ann", "signature": "– Ann"}, {"text": "By program"}):
        assert (await as_ann.post(f"{address}/replies", json=body)).status_code == 201
    await as_ann.post(f"{address}/notes", json={"text": "A note"})
    assert await texts(as_ann, address) == [
        "On my way.\n– Ann",
        "Bye\n– Ann",
        "By program",
        "A note",
    ]
    for body, status in (
        ({"text": "Hi", "signature": "two\nlines"}, 422),
        ({"text": "", "signature": "– Ann"}, 422),
        ({"text": "x" * 1596, "signature": "– Ann"}, 422),
    ):
        assert (await as_ann.post(f"{address}/replies", json=body)).status_code == status
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    planned = {"text": "Tomorrow", "at": later, "signature": "– Ann"}
    assert (await as_ann.post(f"{address}/scheduled-texts", json=planned)).status_code == 201
    shown = (await as_ann.get(address)).json()["scheduled_texts"]
    assert [one["text"] for one in shown] == ["Tomorrow\n– Ann"]
