"""Telnyx end to end: a text from a phone, an agent's reply, and what comes late or twice."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, text

from database.tables import Conversation, Inbound, Message
from providers.telnyx.simulator.keys import public_key, signed_headers
from simulator.carrier import Carrier
from simulator.webhooks import WebhookClient
from tests.api.conftest import Office
from tests.fixtures.brand import CARRIER
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.plain_http import PLAIN
from tests.providers.kit.case import PAYLOADS

NUMBER, ADA, TOKEN = "+17735550100", "+13125550123", "KEY0123456789"


class ToTheOffice(httpx2.AsyncHTTPTransport):
    """Sends what is for the public address to the API under test."""

    def __init__(self, office: Office) -> None:
        super().__init__(verify=PLAIN)
        self._at = httpx2.URL(office.url)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(host=self._at.host, port=self._at.port)
        return await super().handle_async_request(request)


@pytest.fixture
async def line(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> AsyncIterator[dict[str, Any]]:
    """A line at Telnyx, made by the API, registered at a carrier that reaches the API."""
    keys = {"api_key": TOKEN, "public_key": public_key(TOKEN)}
    new = {"name": "Telnyx", "provider": "telnyx", "secret": keys, "api_url": CARRIER}
    connector = await as_ada.post("/v1/connectors", json=new)
    assert connector.status_code == 201, connector.text
    support = {"entry_skill": office.brand.support, "connector": connector.json()["id"]}
    made = await as_ada.post("/v1/lines", json={"name": "Chicago", "address": NUMBER, **support})
    assert made.status_code == 201, made.text
    line: dict[str, Any] = made.json()
    carrier: Carrier = centre.carrier.state.carrier
    carrier.faults.clear()  # here somebody takes the callbacks
    async with httpx2.AsyncClient(transport=ToTheOffice(office)) as http:
        centre.carrier.state.carrier = replace(carrier, webhooks=WebhookClient(http, 0))
        registered = {
            "webhook_url": line["inbound_webhook"],
            "auth_token": TOKEN,
            "provider": "telnyx",
        }
        (await centre.http.put(f"{CARRIER}/lines/{NUMBER}", json=registered)).raise_for_status()
        yield line
        await centre.carrier.state.carrier.errands.stop()


async def texted(centre: Centre, words: str) -> None:
    """Text the line from Ada's phone."""
    new = {"to": NUMBER, "body": words}
    answer = await centre.http.post(f"{CARRIER}/phones/{ADA}/texts", json=new)
    assert answer.json()["status"] == 200, answer.text


async def of_line(centre: Centre, line: dict[str, Any]) -> list[Message]:
    async with centre.sessions() as session:
        query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
        here = query.where(Conversation.line_id == line["id"])
        return list(await session.scalars(here.order_by(Message.position)))


async def stored(centre: Centre, line: dict[str, Any]) -> list[str]:
    async with centre.sessions() as session:
        kept = select(Inbound.text).where(Inbound.line_id == line["id"]).order_by(Inbound.arrival)
        return list(await session.scalars(kept))


def posted(office: Office, line: dict[str, Any], body: bytes, token: str = TOKEN) -> Any:
    path = str(line["inbound_webhook"]).removeprefix("http://api.test")
    return path, {"content": body, "headers": dict(signed_headers(body, token))}


async def test_a_text_is_answered_by_an_agent_and_the_answer_delivered(
    office: Office, centre: Centre, line: dict[str, Any], as_mia: httpx2.AsyncClient
) -> None:
    await texted(centre, "Is my parcel there? 🙂")

    async def opened() -> UUID | None:
        messages = await of_line(centre, line)
        return messages[0].conversation_id if messages else None

    conversation = f"/v1/conversations/{await eventually(opened)}"
    assert (await as_mia.post(f"{conversation}/pick")).status_code == 200
    sent = await as_mia.post(f"{conversation}/replies", json={"text": "It is."})
    assert sent.status_code == 201, sent.text

    async def arrived() -> Message | None:
        last = (await of_line(centre, line))[-1]
        return last if last.status == "delivered" else None

    reply = await eventually(arrived)
    assert reply is not None
    assert reply.text == "It is."
    assert (await centre.phone(ADA))[-1] == "It is."
    [first, *_] = await of_line(centre, line)
    assert (first.text, first.author) == ("Is my parcel there? 🙂", "consumer")


async def test_a_webhook_that_comes_again_changes_nothing(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    body = (PAYLOADS / "telnyx" / "received_sms.json").read_bytes()
    path, request = posted(office, line, body)
    async with office.calling() as telnyx:
        for _ in range(3):
            answer = await telnyx.post(path, **request)
            assert (answer.status_code, answer.content) == (200, b"")
        again = posted(office, line, body)[1]
        assert (await telnyx.post(path, **again)).status_code == 200
    assert await stored(centre, line) == ["Hello from Telnyx!"]


async def test_a_webhook_that_another_account_signed_is_refused(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    body = (PAYLOADS / "telnyx" / "received_sms.json").read_bytes()
    path, request = posted(office, line, body, "KEY of another account")
    async with office.calling() as stranger:
        answer = await stranger.post(path, **request)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_from_provider")
    assert await stored(centre, line) == []


async def test_a_text_that_telnyx_waited_too_long_for_is_stored_once(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    """Telnyx hangs up after two seconds, and posts again while the first is being stored."""
    body = (PAYLOADS / "telnyx" / "received_sms.json").read_bytes()
    path, request = posted(office, line, body)
    async with office.calling() as telnyx, centre.sessions.begin() as session:
        await session.execute(text("LOCK TABLE inbound IN SHARE MODE"))
        with pytest.raises(httpx2.ReadTimeout):
            await telnyx.post(path, **request, timeout=httpx2.Timeout(30, read=0.3))
        await session.rollback()
        assert (await telnyx.post(path, **request)).status_code == 200
    assert await stored(centre, line) == ["Hello from Telnyx!"]


async def test_stop_is_answered_by_telnyx_alone_and_blocks_the_line(
    office: Office, centre: Centre, line: dict[str, Any]
) -> None:
    await texted(centre, "Stop")

    async def handled() -> bool:
        return await stored(centre, line) == ["Stop"]

    await eventually(handled)
    async with centre.sessions() as session:
        [kept] = await session.scalars(select(Inbound).where(Inbound.line_id == line["id"]))
    assert kept.keyword == "stop"
    assert await centre.phone(ADA) == []
