"""What operators and the machines around us ask of the API."""

import json
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from google.protobuf import json_format
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import WorkflowSerializationContext

from security.secrets import Keyring
from settings import Environment, Settings, WebSettings
from temporal.codec import EncryptionCodec
from tests.api.conftest import Office, served
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.fixtures.read_only import read_only

UI = "http://localhost:8233"


async def encrypted(office: Office, text: str) -> str:
    """Return what Temporal holds of a conversation on a line of an account."""
    cipher = Keyring.parse(ENCRYPTION_KEYS).payload_cipher()
    workflow = f"sms/{office.brand.line_id}/{uuid4()}"
    codec = EncryptionCodec(cipher).with_context(WorkflowSerializationContext("default", workflow))
    plain = Payload(metadata={"encoding": b"json/plain"}, data=text.encode())
    return json_format.MessageToJson(Payloads(payloads=await codec.encode([plain])))


def clear(body: str) -> str:
    return json_format.Parse(body, Payloads()).payloads[0].data.decode()


async def test_the_temporal_ui_reads_payloads_in_development(office: Office) -> None:
    async with office.calling(Origin=UI) as ui:
        answer = await ui.post("/codec/decode", content=await encrypted(office, '"hello"'))
        assert clear(answer.text) == '"hello"'
        assert answer.headers["Access-Control-Allow-Origin"] == UI
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        back = await ui.post("/codec/encode", content=answer.text)
        assert "hello" not in back.text
        again = await ui.post("/codec/decode", content=back.text)
    assert clear(again.text) == '"hello"'


async def test_nobody_else_reads_payloads(office: Office, as_mia: httpx2.AsyncClient) -> None:
    body = await encrypted(office, '"hello"')
    async with office.calling() as nobody:
        assert (await nobody.post("/codec/decode", content=body)).status_code == 401
        preflight = await nobody.options(
            "/codec/decode",
            headers={"Origin": "https://elsewhere.test", "Access-Control-Request-Method": "POST"},
        )
    assert "Access-Control-Allow-Origin" not in preflight.headers
    assert (await as_mia.post("/codec/decode", content=body)).status_code == 403


async def test_in_production_only_admins_read_payloads(
    settings: Settings, office: Office, as_ada: httpx2.AsyncClient
) -> None:
    body = await encrypted(office, '"hello"')
    web = WebSettings(public_base_url="https://api.test")
    live = settings.model_copy(update={"environment": Environment.production, "web": web})
    async with served(live) as url, httpx2.AsyncClient(base_url=url) as browser:
        path, token = "/codec/decode", as_ada.headers["Authorization"]
        cookie = f"switchboard_session={token.removeprefix('Bearer ')}"
        plain = await browser.post(path, content=body, headers={"Origin": UI})
        by_token = await browser.post(path, content=body, headers={"Authorization": token})
        by_cookie = {"Cookie": cookie, "Origin": UI}
        from_ui = await browser.post(path, content=body, headers=by_cookie)
        elsewhere = by_cookie | {"Origin": "https://elsewhere.test"}
        foreign = await browser.post(path, content=body, headers=elsewhere)
    assert plain.status_code == 401
    assert clear(by_token.text) == clear(from_ui.text) == '"hello"'
    assert foreign.json()["code"] == "cross_site"


async def test_in_production_browsers_are_told_to_come_by_https_only(
    settings: Settings, office: Office
) -> None:
    web = WebSettings(public_base_url="https://api.test")
    live = settings.model_copy(update={"environment": Environment.production, "web": web})
    async with served(live) as url, httpx2.AsyncClient(base_url=url) as anyone:
        for path in ("/log-in", "/v1/me", "/static/icon.svg", "/nothing", "/openapi.json"):
            answer = await anyone.get(path)
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000", path
    async with office.calling() as at_home:
        assert "Strict-Transport-Security" not in (await at_home.get("/log-in")).headers


async def test_the_description_of_the_api_is_made_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office.calling() as anyone:
        first = await anyone.get("/openapi.json")
        monkeypatch.setattr("application.server.json.dumps", None)
        second = await anyone.get("/openapi.json")
    assert first.headers["Content-Type"] == "application/json"
    assert "/v1/conversations" in first.json()["paths"]
    assert second.content == first.content


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        json.dumps({"payloads": [{"metadata": {"encoding": "YmluYXJ5L2VuY3J5cHRlZA=="}}]}),
    ],
)
async def test_what_are_no_payloads_of_ours_is_refused(office: Office, body: str) -> None:
    async with office.calling(Origin=UI) as ui:
        answer = await ui.post("/codec/decode", content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_webhooks_are_served_and_need_a_signature(office: Office) -> None:
    async with office.calling() as anyone:
        path = f"/webhooks/twilio/{office.brand.line_id}/inbound"
        answer = await anyone.post(path, data={"From": "+15550123", "Body": "hello"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_from_provider")


async def test_the_process_says_whether_it_lives_and_can_work(office: Office) -> None:
    async with office.calling() as anyone:
        assert (await anyone.get("/health/live")).json() == {"status": "up"}
        ready = await anyone.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"database": "up", "temporal": "up"})


async def test_a_process_that_only_a_new_one_can_replace_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.vitals.ILL_AFTER_SECONDS", 0)
    async with office.calling() as anyone:
        answer = await anyone.get("/health/live")
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})


async def test_with_temporal_and_database_away_it_lives_and_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr("temporal.readiness.PATIENCE", timedelta(seconds=0.5))
    nowhere = settings.database.model_validate(
        {"database_url": "postgresql://nobody:x@127.0.0.1:1/nothing"}
    )
    async with (
        served(settings.model_copy(update={"database": nowhere})) as url,
        httpx2.AsyncClient(base_url=url, headers={"Authorization": "Bearer x"}) as anyone,
    ):
        assert (await anyone.get("/health/live")).status_code == 200
        ready = await anyone.get("/health/ready")
        me = await anyone.get("/v1/me")
    assert (ready.status_code, ready.json()) == (503, {"database": "down", "temporal": "down"})
    assert (me.status_code, me.json()["code"]) == (503, "database_away")


async def test_with_a_database_that_takes_no_writes_it_is_not_ready(
    settings: Settings, database_url: str
) -> None:
    with read_only(database_url):
        async with served(settings) as url, httpx2.AsyncClient(base_url=url) as anyone:
            ready = await anyone.get("/health/ready")
    assert (ready.status_code, ready.json()["database"]) == (503, "down")


async def test_no_log_line_holds_a_number_or_a_text(
    office: Office, as_ann: httpx2.AsyncClient, capfd: pytest.CaptureFixture[str]
) -> None:
    await as_ann.get("/v1/conversations", params={"number": "+15550123"})
    await as_ann.get("/v1/consumers/+15550123")
    new = {"line": "nowhere", "number": "+15550123", "text": "a secret"}
    await as_ann.post("/v1/conversations", json=new)
    written = capfd.readouterr().out
    assert "request_finished" in written
    assert "/v1/consumers/{consumer_id}" in written
    assert "5550123" not in written
    assert "secret" not in written
