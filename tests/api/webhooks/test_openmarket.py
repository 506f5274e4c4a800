"""A line at OpenMarket, from a consumer's text to the receipts of the reply."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from database.tables import ConsentEvent, Conversation, Inbound, Message
from ingress.sweeper import Sweeper
from simulator.carrier import Carrier
from simulator.webhooks import WebhookClient
from tests.api.conftest import Office
from tests.fixtures.brand import ACCOUNT_SID, AUTH_TOKEN, CARRIER
from tests.fixtures.centre import Centre, eventually
from tests.fixtures.plain_http import PLAIN

NUMBER = "+15550100888"
PUBLIC = "http://api.test"
ADA = "+15550123"
LONG = "A long story, told in many parts. " * 12
SECRET = {
    "account_id": ACCOUNT_SID,
    "password": AUTH_TOKEN,
    "webhook_user": ACCOUNT_SID,
    "webhook_password": AUTH_TOKEN,
}


class ToOffice(httpx2.AsyncHTTPTransport):
    """Takes what is posted to the brand's public address to the API that serves it here."""

    def __init__(self, url: str) -> None:
        super().__init__(trust_env=False, verify=PLAIN)
        self._url = httpx2.URL(url)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(host=self._url.host, port=self._url.port)
        return await super().handle_async_request(request)


@dataclass
class OpenMarketLine:
    """A line of a connector to OpenMarket, and its consumer's phone."""

    id: str
    connector_id: str
    office: Office
    centre: Centre
    as_ada: httpx2.AsyncClient

    async def asks_for(self, options: str) -> None:
        """Let the simulator write the line's texts in another form."""
        webhook = f"{PUBLIC}/webhooks/openmarket/{self.id}/inbound#{options}"
        new = {"webhook_url": webhook, "auth_token": AUTH_TOKEN, "provider": "openmarket"}
        answer = await self.centre.http.put(f"{CARRIER}/lines/{NUMBER}", json=new)
        answer.raise_for_status()

    async def text(self, words: str) -> int | None:
        """Text the line; returns the status of our answer."""
        new = {"to": NUMBER, "body": words}
        texted = await self.centre.http.post(f"{CARRIER}/phones/{ADA}/texts", json=new)
        status: int | None = texted.json()["status"]
        return status

    async def messages(self, author: str) -> list[Message]:
        async with self.centre.sessions() as session:
            query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
            here = query.where(Conversation.line_id == self.id, Message.author == author)
            return list(await session.scalars(here.order_by(Message.position)))

    async def when_stored(self, words: list[str]) -> None:
        async def are_stored() -> bool:
            return [message.text for message in await self.messages("consumer")] == words

        await eventually(are_stored)

    async def when(self, status: str, author: str = "agent") -> Message:
        """Wait until the last text of an author has a status."""

        async def has_it() -> Message | None:
            found = await self.messages(author)
            return found[-1] if found and found[-1].status == status else None

        message = await eventually(has_it)
        assert message is not None
        return message

    async def is_taken_over(self, words: str = "Hello") -> None:
        """Let the consumer text and a manager take over, until all automatic texts are there."""
        assert await self.text(words) == 200
        await self.when_stored([words])
        await self._post("take-over", {})

        async def are_delivered() -> bool:
            texts = await self.messages("system")
            return all(text.status == "delivered" for text in texts if text.provider_message_id)

        await self.when("delivered", author="system")
        await eventually(are_delivered)

    async def reply(self, words: str) -> None:
        await self._post("replies", {"text": words})

    async def _post(self, command: str, body: dict[str, str]) -> None:
        async with self.centre.sessions() as session:
            query = select(Conversation.id).where(Conversation.line_id == self.id)
            conversation = (await session.scalars(query)).one()
        async with self.office.person(self.office.brand.mia) as as_mia:
            answer = await as_mia.post(f"/v1/conversations/{conversation}/{command}", json=body)
            assert answer.is_success, answer.text

    async def when_taken(self) -> Message:
        """Wait until the provider has the agent's last text."""

        async def taken() -> Message | None:
            found = await self.messages("agent")
            return found[-1] if found and found[-1].provider_message_id else None

        message = await eventually(taken)
        assert message is not None
        return message

    async def receipt(self, message: Message, number: int, total: int, code: int) -> None:
        """Post the receipt of one part."""
        about = {"ticketId": message.provider_message_id, "code": code}
        place = {"segmentNumber": number, "totalSegments": total}
        async with self.office.calling() as http:
            answer = await http.post(
                f"/webhooks/openmarket/{self.id}/inbound",
                json={"deliveryReceipt": about | place},
                auth=(ACCOUNT_SID, AUTH_TOKEN),
            )
            assert answer.status_code == 200, answer.text

    async def shown(self, message: Message) -> dict[str, Any]:
        """Return a message as programs read it."""
        path = f"/v1/conversations/{message.conversation_id}/transcript"
        entries = (await self.as_ada.get(path)).json()["items"]
        return next(one for one in entries if one["id"] == str(message.id))

    async def statuses(self, message: Message) -> list[str]:
        """Return the statuses that a text went through."""
        news = [event for event in await self.centre.events() if event.kind == "message_status"]
        about = [event.data for event in news if event.data["message_id"] == str(message.id)]
        return [one["status"] for one in about]


@pytest.fixture
async def line(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> AsyncIterator[OpenMarketLine]:
    new = {"name": "OpenMarket", "provider": "openmarket", "secret": SECRET, "api_url": CARRIER}
    connector = await as_ada.post("/v1/connectors", json=new)
    assert connector.status_code == 201, connector.text
    support = {"entry_skill": office.brand.support, "connector": connector.json()["id"]}
    made = await as_ada.post("/v1/lines", json={"name": "OM", "address": NUMBER, **support})
    assert made.status_code == 201, made.text
    carrier: Carrier = centre.carrier.state.carrier
    carrier.faults.clear()  # here somebody takes the receipts
    async with httpx2.AsyncClient(transport=ToOffice(office.url)) as http:
        centre.carrier.state.carrier = replace(carrier, webhooks=WebhookClient(http, 0))
        line = OpenMarketLine(made.json()["id"], connector.json()["id"], office, centre, as_ada)
        await line.asks_for("")
        yield line
        await centre.carrier.state.carrier.errands.stop()


@pytest.mark.parametrize("options", ["format=json", "format=xml", "format=v3"])
async def test_a_text_is_answered_and_the_reply_is_delivered(
    line: OpenMarketLine, options: str
) -> None:
    await line.asks_for(options)
    await line.is_taken_over("Hello & <b> 🙂\nAre you there?")
    await line.reply("Yes, we are.")
    reply = await line.when("delivered")
    assert reply.provider_message_id
    assert "Yes, we are." in await line.centre.phone(ADA)


async def test_each_part_of_a_long_text_is_a_text_and_a_repeated_one_is_known(
    line: OpenMarketLine,
) -> None:
    await line.centre.fault("webhook_three_times")
    assert await line.text(LONG) == 200

    async def parts() -> list[str]:
        async with line.centre.sessions() as session:
            query = select(Inbound.text).where(Inbound.line_id == line.id)
            return list(await session.scalars(query.order_by(Inbound.arrival)))

    assert "".join(await parts()) == LONG
    assert len(await parts()) == 3


async def test_stop_alone_opts_out_and_is_confirmed_by_us(line: OpenMarketLine) -> None:
    assert await line.text("STOP") == 200
    async with line.centre.sessions() as session:
        mine = ConsentEvent.account_id == line.office.brand.account_id
        assert list(await session.scalars(select(ConsentEvent.kind).where(mine))) == ["opted_out"]

    async def is_confirmed() -> bool:
        return len(await line.centre.phone(ADA)) == 1

    await eventually(is_confirmed)


async def test_stop_beside_a_text_that_cannot_be_read_opts_out(line: OpenMarketLine) -> None:
    parties = {
        "source": {"ton": 1, "address": ADA.removeprefix("+")},
        "destination": {"ton": 1, "address": NUMBER.removeprefix("+")},
    }
    texts = [
        {"mobileOriginate": {"ticketId": f"T-{words}", "message": message, **parties}}
        for words, message in (
            ("odd", {"type": "hexEncodedText", "content": "zz"}),
            ("stop", {"type": "text", "content": "STOP"}),
        )
    ]
    async with line.office.calling() as http:
        path = f"/webhooks/openmarket/{line.id}/inbound"
        answer = await http.post(path, json=texts, auth=(ACCOUNT_SID, AUTH_TOKEN))
    assert answer.status_code == 400, "so that the other one is not thought to be with us"
    async with line.centre.sessions() as session:
        mine = ConsentEvent.account_id == line.office.brand.account_id
        assert list(await session.scalars(select(ConsentEvent.kind).where(mine))) == ["opted_out"]


async def test_a_text_whose_answer_was_lost_is_settled_by_the_receipts_of_its_parts(
    line: OpenMarketLine,
) -> None:
    await line.is_taken_over()
    await line.centre.fault("answer_lost", answer="error")
    await line.reply(LONG)
    delivered = await line.when("delivered")
    assert delivered.provider_message_id, "the receipts name the ticket"
    assert "unknown" in await line.statuses(delivered)
    assert (await line.centre.phone(ADA)).count(LONG) == 1, "nothing was sent again"


async def test_a_text_whose_answer_and_receipts_were_lost_is_not_sent_again(
    line: OpenMarketLine,
) -> None:
    await line.is_taken_over()
    await line.centre.fault("answer_lost", answer="error")
    await line.centre.fault("lost_callbacks")
    await line.reply("Once only")
    lost = await line.when("unknown")

    async def is_given_up() -> bool:
        return (await line.messages("agent"))[-1].failure_code == "unconfirmed"

    await eventually(is_given_up)
    assert (await line.centre.phone(ADA)).count("Once only") == 1
    assert lost.provider_message_id is None


async def test_a_failure_in_a_receipt_is_told_in_its_own_words(line: OpenMarketLine) -> None:
    await line.is_taken_over()
    await line.centre.fault("undelivered", error_code=561)
    await line.reply("Buy now")
    failed = await line.when("undelivered")
    assert (failed.failure_code, failed.provider_code) == ("filtered", "561")


async def test_strangers_are_refused_at_both_addresses(line: OpenMarketLine) -> None:
    body = {"deliveryReceipt": {"ticketId": "T-1", "code": 4}}
    async with line.office.calling() as stranger:
        for webhook in ("inbound", "receipt"):
            path = f"/webhooks/openmarket/{line.id}/{webhook}"
            for address in (path, f"{path}?mid=1&key=2"):
                answer = await stranger.post(address, json=body)
                assert (answer.status_code, answer.json()["code"]) == (403, "not_from_provider")


async def test_a_receipt_of_an_unknown_text_is_taken_and_changes_nothing(
    line: OpenMarketLine,
) -> None:
    body = {"deliveryReceipt": {"ticketId": "T-1", "code": 508}}
    async with line.office.calling() as http:
        path = f"/webhooks/openmarket/{line.id}/receipt"
        answer = await http.post(path, json=body, auth=(ACCOUNT_SID, AUTH_TOKEN))
        assert (answer.status_code, answer.content) == (200, b"")
        bad = await http.post(path, content=b"<!DOCTYPE a>", auth=(ACCOUNT_SID, AUTH_TOKEN))
        assert (bad.status_code, bad.json()["code"]) == (400, "webhook_not_understood")
        huge = await http.post(path, content=b" " * 10_000_000, auth=(ACCOUNT_SID, AUTH_TOKEN))
        assert huge.status_code == 413


async def test_its_form_capabilities_and_health_are_told(
    line: OpenMarketLine, as_ada: httpx2.AsyncClient
) -> None:
    told: dict[str, Any] = {one["name"]: one for one in (await as_ada.get("/v1/providers")).json()}
    fields = {field["name"]: field["is_secret"] for field in told["openmarket"]["fields"]}
    assert fields["webhook_password"]
    assert not fields["account_id"]
    assert told["openmarket"]["capabilities"]["sends_parts"] is True
    health = await as_ada.get(f"/v1/connectors/{line.connector_id}/health")
    checks = [one["check"] for one in health.json()]
    assert checks == ["provider_known", "secret_readable", "in_order", "credentials_taken"]


async def joins(line: OpenMarketLine, **more: int) -> None:
    path = f"/v1/connectors/{line.connector_id}"
    answer = await line.as_ada.patch(path, json={"segments": "joined"} | more)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("fault", ["reordered_parts", "webhook_three_times"])
@pytest.mark.parametrize("options", ["format=xml&reference=16", "charset=utf-16-be"])
async def test_a_long_text_is_joined_in_whatever_order_its_parts_come(
    line: OpenMarketLine, fault: str, options: str
) -> None:
    await joins(line)
    await line.asks_for(options)
    words = "Ünï — a long story 🙂, told in parts. " * 6
    await line.centre.fault(fault)
    assert await line.text(words) == 200
    await line.when_stored([words])
    assert await line.text("And one more") == 200
    await line.when_stored([words, "And one more"])


async def test_a_lost_part_is_marked_after_the_window_and_shown_to_people_and_programs(
    line: OpenMarketLine, database_url: str
) -> None:
    await joins(line, join_window_seconds=10)
    await line.centre.fault("lost_part")
    await line.text(LONG)

    earlier = {"joining_until": Inbound.joining_until - timedelta(minutes=2)}
    async with line.centre.sessions.begin() as session:
        await session.execute(update(Inbound).where(Inbound.line_id == line.id).values(earlier))
    sweeper = Sweeper(line.centre.sessions, line.centre.conversations, database_url)
    await sweeper.sweep([line.office.brand.account_id])
    message = await line.when("received", author="consumer")
    assert "of 3 is missing]" in message.text
    shown = await line.shown(message)
    assert (shown["parts"], shown["parts_received"]) == (3, 2)


async def test_receipts_of_parts_are_counted_until_the_whole_text_is_delivered(
    line: OpenMarketLine,
) -> None:
    await line.is_taken_over()
    await line.centre.fault("lost_callbacks")
    await line.reply(LONG)
    reply = await line.when_taken()
    seen = []
    for number, code in ((2, 4), (2, 4), (1, 4), (3, 3), (3, 4)):
        await line.receipt(reply, number, 3, code)
        shown = await line.shown(reply)
        seen.append((shown["status"], shown["parts_delivered"], shown["parts"]))
    assert seen == [
        *(("sent", 1, 3), ("sent", 1, 3), ("sent", 2, 3), ("sent", 2, 3)),
        ("delivered", 3, 3),
    ]
    assert [status for status in await line.statuses(reply) if status == "sent"] == ["sent"] * 2


async def test_one_part_that_fails_makes_the_text_undelivered_and_the_others_are_still_counted(
    line: OpenMarketLine,
) -> None:
    await line.is_taken_over()
    await line.centre.fault("lost_callbacks")
    await line.reply(LONG)
    reply = await line.when_taken()
    for number, code in ((1, 508), (2, 4), (3, 4)):
        await line.receipt(reply, number, 3, code)
    shown = await line.shown(reply)
    assert (shown["status"], shown["parts_delivered"], shown["parts"]) == ("undelivered", 2, 3)
    assert shown["failure_code"]
