"""One stolen log-in does not become a phone bill: countries, rates, opening by permission."""

import httpx2
import pytest

from tests.api.conftest import Office
from tests.fixtures.centre import Centre

pytestmark = pytest.mark.usefixtures("centre")


def opening(office: Office, number: str = "+12025550143") -> dict[str, str]:
    return {"line": office.brand.line_id, "number": number, "text": "Your bike is ready."}


async def test_a_line_texts_its_own_country_first_and_others_only_when_allowed(
    office: Office, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    line = f"/v1/lines/{office.brand.line_id}"
    assert (await as_ada.patch(line, json={"countries": None})).json()["countries"] is None
    for number in ("+4915112345678", "+18765550100"):  # Germany; Jamaica shares +1
        refused = await as_ann.post("/v1/conversations", json=opening(office, number))
        assert (refused.status_code, refused.json()["code"]) == (422, "country_not_allowed")
        sent = {"line": office.brand.line_id, "number": number, "text": "Ready."}
        refused = await as_ann.post("/v1/notifications", json=sent)
        assert refused.json()["code"] == "country_not_allowed"
    assert (await as_ada.patch(line, json={"countries": ["XX"]})).status_code == 422
    changed = await as_ada.patch(line, json={"countries": ["US", "DE"]})
    assert changed.json()["countries"] == ["US", "DE"]
    done = await as_ann.post("/v1/conversations", json=opening(office, "+4915112345678"))
    assert done.status_code == 201, done.text


async def test_a_person_texts_so_much_and_a_repeated_command_counts_once(
    office: Office, centre: Centre, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.patch("/v1/account", json={"agent_texts_a_minute": None, "agent_texts_a_day": 3})
    await centre.text("Hello")
    conversation = await centre.when("waiting")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    path = f"/v1/conversations/{conversation.id}/replies"
    for _ in range(4):
        key = {"Idempotency-Key": "one"}
        done = await as_ann.post(path, json={"text": "One"}, headers=key)
        assert done.status_code == 201, done.text
    for text in ("Two", "Three"):
        assert (await as_ann.post(path, json={"text": text})).status_code == 201
    refused = await as_ann.post(path, json={"text": "Four"})
    assert (refused.status_code, refused.json()["code"]) == (429, "bound_reached")
    assert "You have sent 3 texts today" in refused.json()["detail"]
    opened = await as_ann.post("/v1/conversations", json=opening(office))
    assert opened.json()["code"] == "bound_reached"
    said = [text for _, text in await centre.spoken()]
    assert "Four" not in said
    await as_ada.patch("/v1/account", json={"agent_texts_a_day": 10})
    assert (await as_ann.post(path, json={"text": "Five"})).status_code == 201


async def test_who_may_not_begin_conversations_still_answers(
    office: Office, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    ann = f"/v1/agents/{office.brand.ann.agent_id}"
    assert (await as_ada.patch(ann, json={"may_open": False})).json()["may_open"] is False
    refused = await as_ann.post("/v1/conversations", json=opening(office))
    assert refused.status_code == 403
    assert "You may not begin conversations" in refused.json()["detail"]
