"""One stolen log-in does not become a phone bill: countries, rates, opening by permission."""

from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from database.tables import BoundHit
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.fixtures.clocks import OFF, clock
from tests.fixtures.days import MINUTE, within_one

pytestmark = pytest.mark.usefixtures("in_one_day", "centre")


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


async def test_two_api_processes_whose_clocks_differ_allow_no_more_together_than_one(
    office: Office, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.patch("/v1/account", json={"agent_texts_a_minute": 1})
    await within_one(MINUTE, left=timedelta(seconds=25))
    with clock(OFF):
        first = await as_ann.post("/v1/conversations", json=opening(office))
    assert first.status_code == 201, first.text
    refused = await as_ann.post("/v1/conversations", json=opening(office, "+12025550144"))
    assert (refused.status_code, refused.json()["code"]) == (429, "bound_reached")


async def test_who_may_not_begin_conversations_still_answers(
    office: Office, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    ann = f"/v1/agents/{office.brand.ann.agent_id}"
    assert (await as_ada.patch(ann, json={"may_open": False})).json()["may_open"] is False
    refused = await as_ann.post("/v1/conversations", json=opening(office))
    assert refused.status_code == 403
    assert "You may not begin conversations" in refused.json()["detail"]


async def test_whoever_is_at_their_bound_uses_up_nothing_of_the_others(
    office: Office,
    centre: Centre,
    as_ann: httpx2.AsyncClient,
    as_mia: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    bounds = {"agent_texts_a_day": 1, "line_texts_a_day": 3, "account_texts_a_day": 3}
    await as_ada.patch("/v1/account", json=bounds | {"agent_texts_a_minute": None})
    new = {"line": office.brand.line_id, "number": "+12025550143", "text": "Ready."}
    assert (await as_ann.post("/v1/notifications", json=new)).status_code == 201
    assert (await as_ann.post("/v1/notifications", json=new)).json()["code"] == "bound_reached"
    async with centre.sessions() as session:  # managers are alerted, although nothing else is kept
        assert await session.scalar(select(BoundHit.line_id)) == office.brand.line_id
    for _ in range(4):
        refused = await as_ann.post("/v1/conversations", json=new)
        assert (refused.status_code, refused.json()["code"]) == (429, "bound_reached")
    await as_ada.patch("/v1/account", json={"agent_texts_a_day": 9})
    done = [(await as_mia.post("/v1/notifications", json=new)).status_code for _ in range(3)]
    assert done == [201, 201, 429]


async def test_the_test_text_of_a_batch_is_bounded_like_any_other(
    office: Office, as_mia: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.patch(f"/v1/lines/{office.brand.line_id}", json={"countries": None})
    await as_ada.patch("/v1/account", json={"agent_texts_a_day": 1})
    new = {"title": "Spring", "line": office.brand.line_id, "text": "Hi!"}
    at = f"/v1/batches/{(await as_mia.post('/v1/batches', json=new)).json()['id']}/test"
    abroad = await as_mia.post(at, json={"number": "+18765550100"})
    assert (abroad.status_code, abroad.json()["code"]) == (422, "country_not_allowed")
    assert (await as_mia.post(at, json={"number": "+12025550143"})).status_code == 200
    refused = await as_mia.post(at, json={"number": "+12025550144"})
    assert (refused.status_code, refused.json()["code"]) == (429, "bound_reached")


async def test_a_batch_counts_for_its_day_with_all_its_recipients_and_large_ones_need_an_admin(
    office: Office, as_mia: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    await as_ada.patch("/v1/account", json={"agent_texts_a_minute": 1, "agent_texts_a_day": 3})
    new = {"line": office.brand.line_id, "title": "News", "text": "Hello"}

    async def draft(recipients: int) -> str:
        made = await as_mia.post("/v1/batches", json=new)
        at = f"/v1/batches/{made.json()['id']}"
        rows = [{"number": f"+1202555{number:04}"} for number in range(recipients)]
        added = await as_mia.post(f"{at}/recipients", json={"recipients": rows})
        assert added.status_code == 200, added.text
        return at

    small, large = await draft(2), await draft(2)
    assert (await as_mia.post(f"{small}/start")).json()["status"] == "running"
    for move in ("pause", "resume"):  # it was counted when it started
        assert (await as_mia.post(f"{small}/{move}")).status_code == 200
    refused = await as_mia.post(f"{large}/start")
    assert (refused.status_code, refused.json()["code"]) == (429, "bound_reached")
    assert "You may text 3 recipients in a day" in refused.json()["detail"]
    assert (await as_mia.get(large)).json()["status"] == "draft"
    async with office.sessions() as session:
        assert (await session.scalars(select(BoundHit.line_id))).all() == [office.brand.line_id]
    await as_ada.patch("/v1/account", json={"line_texts_a_day": 1})
    assert (await as_ada.post(f"{large}/start")).status_code == 429
    await as_ada.patch("/v1/account", json={"line_texts_a_day": None})
    assert (await as_ada.post(f"{large}/start")).json()["status"] == "running"
