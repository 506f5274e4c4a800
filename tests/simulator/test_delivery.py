from datetime import UTC, datetime

import httpx2
import pytest

from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers import calls
from providers.contract import Accepted, SendError, SendOutcome, Sought
from providers.twilio.adapter import Twilio
from simulator.faults import Fault
from tests.fixtures.file_host import answer, file_host, picture
from tests.simulator.brand import Brand
from tests.simulator.carrier_client import LINE, PHONE, CarrierClient, outgoing

SENT, DELIVERED = MessageStatus.sent, MessageStatus.delivered


async def send(carrier: CarrierClient, brand: Brand, text: str = "Hello") -> str:
    """Send as Switchboard does, and return Twilio's id."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        message = outgoing(text, brand.status_url("ours"))
        accepted = await Twilio(http).send(message, brand.pointed_at(carrier.url))
    return accepted.provider_message_id


async def ask(carrier: CarrierClient, brand: Brand, sid: str) -> Accepted:
    async with httpx2.AsyncClient(trust_env=False) as http:
        return await Twilio(http).ask(sid, brand.pointed_at(carrier.url))


async def find(carrier: CarrierClient, brand: Brand, attempted_at: datetime) -> str | None:
    sought = Sought(LINE, LineKind.long_code, PHONE, "Hello", attempted_at, frozenset())
    async with httpx2.AsyncClient(trust_env=False) as http:
        found = await Twilio(http).find(sought, brand.pointed_at(carrier.url))
    return found.provider_message_id if found else None


async def test_delivery_is_reported_but_never_the_first_status(
    carrier: CarrierClient, brand: Brand
) -> None:
    sid = await send(carrier, brand)
    assert await brand.reported(2) == [SENT, DELIVERED]
    assert {report.provider_message_id for report in brand.reports()} == {sid}
    assert {report.message_id for report in brand.reports()} == {"ours"}
    assert brand.refused == 0


async def test_an_undelivered_text_is_reported_with_its_reason_and_not_on_the_phone(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.fault("undelivered", error_code=30005)
    await send(carrier, brand)
    assert await brand.reported(2) == [SENT, MessageStatus.undelivered]
    failure = brand.reports()[-1].failure
    assert failure is not None
    assert failure.code == "invalid_recipient"
    assert await carrier.on_phone() == []


async def test_a_text_can_be_refused_for_any_of_twilios_reasons(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.fault("refused", error_code=30040)
    with pytest.raises(SendError) as refused:
        await send(carrier, brand)
    assert (refused.value.code, refused.value.provider_code) == ("sender_not_registered", "30040")
    await send(carrier, brand)
    assert await brand.reported(2) == [SENT, DELIVERED]


async def test_a_text_can_fail_in_the_answer_that_takes_it(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.fault("failed_at_once")
    async with httpx2.AsyncClient(trust_env=False) as http:
        message = outgoing("Hello", brand.status_url("ours"))
        taken = await Twilio(http).send(message, brand.pointed_at(carrier.url))
    asked = await ask(carrier, brand, taken.provider_message_id)
    for told in (taken, asked):
        assert (told.status, told.failure and told.failure.provider_code) == (
            MessageStatus.failed,
            "30034",
        )
    assert await carrier.on_phone() == []


async def test_callbacks_can_come_twice(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.fault("duplicate_callbacks")
    await send(carrier, brand)
    assert await brand.reported(4) == [SENT, SENT, DELIVERED, DELIVERED]


async def test_callbacks_can_come_in_the_wrong_order(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.fault("reordered_callbacks")
    await send(carrier, brand)
    assert await brand.reported(2) == [DELIVERED, SENT]


async def test_a_callback_is_sent_again_to_a_brand_that_was_away(
    carrier: CarrierClient, brand: Brand
) -> None:
    brand.answers = [503]
    await send(carrier, brand)
    assert await brand.reported(2) == [SENT, DELIVERED]


async def test_a_text_answered_too_late_is_in_doubt_and_found(
    carrier: CarrierClient, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "CALL_SECONDS", 2.0)
    await carrier.fault("slow_answer", seconds=5)
    attempted_at = datetime.now(UTC)
    with pytest.raises(SendError) as raised:
        await send(carrier, brand)
    assert raised.value.outcome is SendOutcome.ambiguous
    monkeypatch.undo()
    assert await find(carrier, brand, attempted_at)


async def test_a_reset_connection_ends_without_a_byte_of_an_answer(carrier: CarrierClient) -> None:
    await carrier.fault("reset_before_taking")
    with pytest.raises(httpx2.ReadError):
        await carrier.create()
    await carrier.fault("reset_after_taking")
    with pytest.raises(httpx2.ReadError):
        await carrier.create()
    assert len((await carrier.listed()).json()["messages"]) == 1


async def test_lost_callbacks_are_of_one_text_and_its_status_can_be_asked_for(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.fault("lost_callbacks")
    lost = await send(carrier, brand, "First")
    told = await send(carrier, brand, "Second")
    assert await brand.reported(2) == [SENT, DELIVERED]
    assert {report.provider_message_id for report in brand.reports()} == {told}
    assert (await ask(carrier, brand, lost)).status is DELIVERED


async def test_late_callbacks_come_after_the_text(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.fault("late_callbacks", seconds=2)
    late = await send(carrier, brand, "First")
    prompt = await send(carrier, brand, "Second")
    await brand.reported(4)
    assert [report.provider_message_id for report in brand.reports()][:2] == [prompt, prompt]
    assert [report.provider_message_id for report in brand.reports()][2:] == [late, late]


async def test_callbacks_are_a_minute_late_unless_told_otherwise(carrier: CarrierClient) -> None:
    await carrier.fault("late_callbacks")
    [waiting] = (await carrier.http.get("/faults")).json()
    assert Fault.model_validate(waiting).lateness == 60


async def test_faults_are_used_up_and_can_be_cleared(carrier: CarrierClient) -> None:
    await carrier.fault("server_error", count=2)
    assert (await carrier.create()).status_code == 500
    left = (await carrier.http.get("/faults")).json()
    assert [(fault["kind"], fault["count"]) for fault in left] == [("server_error", 1)]
    await carrier.http.delete("/faults")
    assert (await carrier.create()).status_code == 201


async def test_a_picture_is_fetched_from_the_brand_and_shown_on_the_phone(
    carrier: CarrierClient, brand: Brand
) -> None:
    async with file_host() as host:
        link = host.gives("/files/1", answer(200, picture("PNG"), "image/png"))
        created = await carrier.create(Body="", MediaUrl=link, StatusCallback=brand.status_url("1"))
        assert created.json()["sid"].startswith("MM")
        assert await brand.reported(2) == [SENT, DELIVERED]
    shown = (await carrier.http.get(f"/phones/{PHONE}/messages")).json()
    [[path]] = [text["media"] for text in shown]
    fetched = await carrier.http.get(path)
    assert (fetched.content, fetched.headers["Content-Type"]) == (picture("PNG"), "image/png")


@pytest.mark.parametrize(
    "given", [answer(404), answer(200, b"<html>", "text/html"), answer(200, b"", "image/png")]
)
async def test_a_picture_that_cannot_be_fetched_fails_its_text(
    carrier: CarrierClient, brand: Brand, given: bytes
) -> None:
    async with file_host() as host:
        link = host.gives("/files/1", given)
        await carrier.create(MediaUrl=link, StatusCallback=brand.status_url("1"))
        assert await brand.reported(2) == [SENT, MessageStatus.undelivered]
    failure = brand.reports()[-1].failure
    assert failure is not None
    assert failure.code == "media_refused"
    assert await carrier.on_phone() == []
