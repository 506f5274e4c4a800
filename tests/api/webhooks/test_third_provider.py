"""A provider is added by its folder and its name in the registry; everything else works."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select, update

import providers
from database.tables import Connector, Conversation, Inbound, Message
from providers import names
from tests.api.conftest import Office
from tests.fixtures.brand import CARRIER
from tests.fixtures.centre import Centre, eventually

FOLDER = Path(__file__).parents[2] / "providers"
NUMBER = "+15550100777"
ADA = "+15550123"
Event = dict[str, Any]


@pytest.fixture(autouse=True)
def _added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder stands beside the other providers', and the registry has one more line."""
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(FOLDER)])
    monkeypatch.setattr(names, "NAMES", (*names.NAMES, "pigeon"))


@pytest.fixture
async def line(office: Office, centre: Centre, as_ada: httpx2.AsyncClient) -> dict[str, Any]:
    """A line of a connector to pigeon post, made by the API, and registered at the carrier."""
    new = {"name": "Pigeons", "provider": "pigeon", "secret": {"key": "coo"}}
    made = await as_ada.post("/v1/connectors", json=new | {"api_url": f"{CARRIER}/pigeons"})
    assert made.status_code == 201, made.text
    support = {"entry_skill": office.brand.support, "connector": made.json()["id"]}
    line = await as_ada.post("/v1/lines", json={"name": "Air", "address": NUMBER, **support})
    assert line.status_code == 201, line.text
    answer: dict[str, Any] = line.json()
    webhook = office.url + str(answer["inbound_webhook"]).removeprefix("http://api.test")
    registered = {"webhook_url": webhook, "auth_token": "coo", "provider": "pigeon"}
    (await centre.http.put(f"{CARRIER}/lines/{NUMBER}", json=registered)).raise_for_status()
    return answer


async def test_a_line_of_a_provider_without_pools_of_senders_has_a_number(
    office: Office, line: dict[str, Any], as_ada: httpx2.AsyncClient
) -> None:
    pool = {"name": "Flock", "address": "MG" + "0" * 32, "kind": "service"}
    more = {"entry_skill": office.brand.support, "connector": line["connector_id"]}
    refused = await as_ada.post("/v1/lines", json=pool | more)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert "no pools of senders" in refused.json()["detail"]


async def bring(
    office: Office, line: dict[str, Any], events: Sequence[Event], key: str = "coo"
) -> httpx2.Response:
    body = json.dumps({"events": events}).encode()
    signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    path = str(line["inbound_webhook"]).removeprefix("http://api.test")
    async with office.calling(X_Pigeon_Signature=signature) as pigeon:
        return await pigeon.post(path, content=body)


def text(words: str, **more: object) -> Event:
    return {"id": f"feather-{uuid4().hex}", "from": ADA, "to": NUMBER, "text": words} | more


async def of_line(centre: Centre, line: dict[str, Any], author: str) -> list[Message]:
    async with centre.sessions() as session:
        query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
        here = query.where(Conversation.line_id == line["id"], Message.author == author)
        return list(await session.scalars(here.order_by(Message.position)))


async def test_a_new_provider_takes_texts_sends_answers_and_reports_them(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    assert line["inbound_webhook"].endswith(f"/webhooks/pigeon/{line['id']}/events")
    answer = await bring(office, line, [text("Hello"), text("Are you there?")])
    assert (answer.status_code, answer.text) == (202, "coo")

    async def both() -> bool:
        told = [message.text for message in await of_line(centre, line, "consumer")]
        return told == ["Hello", "Are you there?"]

    await eventually(both)

    async def has_left() -> Message | None:
        [welcome, *_] = await of_line(centre, line, "system")
        return welcome if welcome.status == "sent" else None

    welcome = await eventually(has_left)
    assert welcome is not None

    async def is_on_the_phone() -> bool:
        return welcome.text in await centre.phone(ADA)

    await eventually(is_on_the_phone)
    ring = welcome.provider_message_id
    asked = centre.carrier.state.carrier.messages.get(ring).status_callback
    assert asked == f"http://api.test/webhooks/pigeon/{line['id']}/events?mid={welcome.id}"
    await bring(office, line, [{"id": ring, "status": "delivered", "part": 1, "of": 2}])
    assert (await of_line(centre, line, "system"))[0].status == "sent", "the other part may be lost"
    await bring(office, line, [{"id": ring, "status": "delivered"}])
    assert (await of_line(centre, line, "system"))[0].status == "delivered"


async def test_a_consumer_of_the_simulator_texts_a_line_of_the_new_provider(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    new = {"to": NUMBER, "body": "From a phone"}
    texted = await centre.http.post(f"{CARRIER}/phones/{ADA}/texts", json=new)
    assert texted.json()["status"] == 202, texted.text


async def test_the_rest_of_a_request_is_taken_where_one_text_of_it_cannot_be(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    events = [text("first"), text("lost", to="+15550100778"), text("last")]
    answer = await bring(office, line, events)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_for_this_line")
    async with centre.sessions() as session:
        kept = select(Inbound.text).where(Inbound.line_id == line["id"]).order_by(Inbound.arrival)
        assert list(await session.scalars(kept)) == ["first", "last"]


async def test_a_part_of_a_long_text_that_reads_as_a_keyword_is_none(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    events = [text("STOP", part=2, of=3), text("STOP")]
    assert (await bring(office, line, events)).status_code == 202
    async with centre.sessions() as session:
        kept = select(Inbound.keyword).where(Inbound.line_id == line["id"])
        assert list(await session.scalars(kept.order_by(Inbound.arrival))) == [None, "stop"]


async def test_what_its_key_did_not_sign_is_refused(office: Office, line: dict[str, Any]) -> None:
    answer = await bring(office, line, [text("Hello")], key="caw")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_from_provider")


async def test_its_form_capabilities_and_health_are_told(
    office: Office, line: dict[str, Any], as_ada: httpx2.AsyncClient
) -> None:
    told = {one["name"]: one for one in (await as_ada.get("/v1/providers")).json()}
    assert told["pigeon"]["label"] == "Pigeon post"
    assert [(one["name"], one["is_secret"]) for one in told["pigeon"]["fields"]] == [("key", True)]
    assert told["pigeon"]["capabilities"]["finds_by_number"] is False
    health = await as_ada.get(f"/v1/connectors/{line['connector_id']}/health")
    assert [(one["check"], one["is_well"]) for one in health.json()] == [
        ("provider_known", True),
        ("secret_readable", True),
        ("in_order", True),
        ("awake", False),
    ]
    assert "could not be reached" in health.json()[-1]["sentence"], "nobody is at that address"


@pytest.mark.parametrize(
    ("secret", "told"),
    [({}, "key: Field required"), ({"key": "coo", "wing": "left"}, "wing: Extra inputs")],
)
async def test_a_secret_that_is_not_as_its_provider_wants_it_is_refused(
    as_ada: httpx2.AsyncClient, secret: dict[str, str], told: str
) -> None:
    new = {"name": "Pigeons", "provider": "pigeon", "secret": secret}
    answer = await as_ada.post("/v1/connectors", json=new)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert "left" not in answer.text


async def test_a_line_of_a_provider_that_only_a_newer_version_knows_loses_no_text(
    office: Office, centre: Centre, line: dict[str, Any], as_ada: httpx2.AsyncClient
) -> None:
    change = update(Connector).where(Connector.id == line["connector_id"])
    async with centre.sessions.begin() as session:
        await session.execute(change.values(provider="drone"))
    async with office.calling() as drone:
        answer = await drone.post(f"/webhooks/drone/{line['id']}/events", content=b"{}")
        assert (answer.status_code, answer.json()["code"]) == (503, "not_taken")
        for path in (f"drone/{office.brand.line_id}/events", f"pigeon/{line['id']}/unheard-of"):
            assert (await drone.post(f"/webhooks/{path}")).status_code == 404
    health = await as_ada.get(f"/v1/connectors/{line['connector_id']}/health")
    assert [(one["check"], one["is_well"]) for one in health.json()] == [("provider_known", False)]
    assert (await as_ada.get(f"/v1/lines/{line['id']}")).json()["inbound_webhook"] is None
