import asyncio

import httpx2
import pytest
from pydantic import SecretStr

from domain.conversation.effects import MediaRef
from simulator.settings import SimulatorSettings
from tests.simulator.brand import CREDENTIALS, Brand
from tests.simulator.carrier_client import LINE, PHONE, SHORT_CODE, CarrierClient


async def test_a_text_reaches_the_brand_signed(carrier: CarrierClient, brand: Brand) -> None:
    sent = await carrier.text(" Grüße & 100% 🙂 ")
    [text] = brand.texts()
    assert sent.was_accepted
    assert (text.sender, text.recipient, text.text) == (PHONE, LINE, " Grüße & 100% 🙂 ")
    assert text.provider_message_id == sent.sid


async def test_a_text_carries_all_of_twilios_parameters(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.text("hello")
    names = {name for name, _ in brand.requests[0].form}
    places = {f"{side}{part}" for side in ("From", "To") for part in ("City", "State", "Zip")}
    assert places | {"FromCountry", "ToCountry", "SmsStatus", "NumMedia", "NumSegments"} <= names
    assert dict(brand.requests[0].form)["ToCity"] == ""


async def test_pictures_reach_the_brand(carrier: CarrierClient, brand: Brand) -> None:
    sent = await carrier.text("", media=("https://example.org/1", "https://example.org/2"))
    [text] = brand.texts()
    assert sent.sid.startswith("MM")
    assert text.text == ""
    assert text.media == (
        MediaRef(url="https://example.org/1", content_type="image/jpeg"),
        MediaRef(url="https://example.org/2", content_type="image/jpeg"),
    )


@pytest.mark.parametrize(
    ("given", "announced"),
    [
        ("image/png", "image/png"),
        ("text/vcard", "text/x-vcard"),
        ("audio/amr", "application/octet-stream"),
    ],
)
async def test_a_file_of_the_phone_is_kept_and_announced_as_what_it_is(
    carrier: CarrierClient, brand: Brand, given: str, announced: str
) -> None:
    headers = {"Content-Type": given}
    kept = await carrier.http.post(f"/phones/{PHONE}/pictures", content=b"png", headers=headers)
    address = kept.json()["address"]
    await carrier.text("", media=(address,))
    [text] = brand.texts()
    assert text.media == (MediaRef(url=address, content_type=announced),)
    assert (await carrier.http.get(address)).content == b"png"


async def test_texts_are_signed_with_the_token_of_their_line(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.line(LINE, webhook_url=brand.texts_url, auth_token="the line's token")
    assert (await carrier.text("hello")).status == 403
    brand.credentials = CREDENTIALS.model_copy(update={"auth_token": "the line's token"})
    assert (await carrier.text("hello")).status == 200


class TestWithASharedKey:
    @pytest.fixture
    def settings(self, settings: SimulatorSettings) -> SimulatorSettings:
        key = {"signing_key_id": "key1", "signing_key": SecretStr("shared")}
        return settings.model_copy(update=key)

    async def test_texts_are_signed_with_sha256(self, carrier: CarrierClient, brand: Brand) -> None:
        brand.credentials = CREDENTIALS.model_copy(
            update={"signing_keys": {"key1": "shared"}, "requires_sha256": True}
        )
        assert (await carrier.text("hello")).was_accepted
        assert [text.text for text in brand.texts()] == ["hello"]


async def test_a_refused_text_says_so_and_is_not_sent_again(
    carrier: CarrierClient, brand: Brand
) -> None:
    brand.answers = [503]
    sent = await carrier.text("hello")
    assert (sent.was_accepted, sent.status, sent.attempts) == (False, 503, 1)
    assert brand.texts() == []


async def test_a_brand_that_is_away_is_told(carrier: CarrierClient) -> None:
    await carrier.line(LINE, webhook_url="http://127.0.0.1:1/texts")
    sent = await carrier.text("hello")
    assert (sent.was_accepted, sent.status) == (False, None)


async def test_a_text_is_sent_again_when_the_address_asks_for_it(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.line(LINE, webhook_url=f"{brand.texts_url}#rc=2&rp=5xx")
    brand.answers = [503, 500]
    sent = await carrier.text("hello")
    assert (sent.was_accepted, sent.attempts) == (True, 3)
    brand.answers = [404]
    assert (await carrier.text("hello")).attempts == 1


async def test_a_text_can_arrive_three_times(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.fault("webhook_three_times")
    sent = await carrier.text("hello")
    await carrier.text("once")
    assert [text.provider_message_id for text in brand.texts()[:3]] == [sent.sid] * 3
    assert [text.text for text in brand.texts()] == ["hello", "hello", "hello", "once"]


async def test_prose_in_the_brands_answer_is_texted_to_the_phone(
    carrier: CarrierClient, brand: Brand
) -> None:
    brand.prose = "Internal Server Error"
    await carrier.text("hello")
    assert await carrier.on_phone() == ["hello", "Internal Server Error"]


async def test_a_stream_begins_again_after_the_last_text_seen(carrier: CarrierClient) -> None:
    for text in ("one", "two", "three"):
        await carrier.text(text)
    first, second = await carrier.follow(2)
    following = asyncio.create_task(carrier.follow(2, after=second.id))
    await carrier.text("four")
    assert [first.text, second.text] == ["one", "two"]
    assert [text.text for text in await following] == ["three", "four"]


async def test_lines_are_shown_without_their_tokens(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.line(SHORT_CODE, webhook_url=brand.texts_url, auth_token="secret")
    await carrier.line("+18005550100", webhook_url=brand.texts_url)
    shown = await carrier.http.get("/lines")
    assert [(line["number"], line["kind"]) for line in shown.json()] == [
        (LINE, "long_code"),
        (SHORT_CODE, "short_code"),
        ("+18005550100", "toll_free"),
    ]
    assert "secret" not in shown.text


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/phones/5550123/texts", {"to": LINE, "body": "hello"}, 422),
        (f"/phones/{PHONE}/texts", {"to": "+15550109999", "body": "hello"}, 404),
        (f"/phones/{PHONE}/texts", {"to": LINE}, 422),
        (f"/phones/{PHONE}/texts", {"to": LINE, "body": "hello", "colour": "red"}, 422),
        ("/faults", {"kind": "earthquake"}, 422),
    ],
)
async def test_nonsense_is_refused(
    carrier: CarrierClient, path: str, body: dict[str, str], status: int
) -> None:
    answer: httpx2.Response = await carrier.http.post(path, json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]
