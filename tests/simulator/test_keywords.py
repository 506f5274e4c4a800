import pytest

from providers.twilio.simulator.keywords import handling
from simulator.lines import LineKind
from simulator.network import Consent
from tests.simulator.brand import Brand
from tests.simulator.carrier_client import SHORT_CODE, CarrierClient


@pytest.mark.parametrize(
    ("kind", "text", "is_blocked", "consent"),
    [
        (LineKind.long_code, "STOP", False, Consent.blocked),
        (LineKind.long_code, " stop ", False, Consent.blocked),
        (LineKind.long_code, "Unsubscribe", False, Consent.blocked),
        (LineKind.long_code, "stop please", False, None),
        (LineKind.long_code, "START", True, Consent.allowed),
        (LineKind.long_code, "YES", True, Consent.allowed),
        (LineKind.long_code, "YES", False, None),
        (LineKind.long_code, "help", False, Consent.unchanged),
        (LineKind.toll_free, "STOP", False, Consent.blocked),
        (LineKind.toll_free, "UNSTOP", True, Consent.allowed),
        (LineKind.toll_free, "QUIT", False, None),
        (LineKind.toll_free, "HELP", False, None),
        (LineKind.short_code, "STOP", False, None),
    ],
)
def test_the_carrier_heeds_its_own_keywords(
    kind: LineKind, text: str, is_blocked: bool, consent: Consent | None
) -> None:
    found = handling(kind, text, is_blocked=is_blocked)
    assert (found.consent if found else None) == consent


async def test_stop_is_confirmed_on_the_phone_and_blocks_the_brand_until_start(
    carrier: CarrierClient, brand: Brand
) -> None:
    await carrier.text("STOP")
    refused = await carrier.create()
    assert refused.json()["code"] == 21610
    await carrier.text("START")
    assert (await carrier.create(Body="welcome back")).status_code == 201
    *_, last = await carrier.follow(5)
    on_phone = await carrier.on_phone()
    assert "unsubscribed" in on_phone[1]
    assert "re-subscribed" in on_phone[3]
    assert last.text == "welcome back"
    assert [text.text for text in brand.texts()] == ["STOP", "START"]


async def test_a_short_code_leaves_stop_to_the_brand(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.line(SHORT_CODE, webhook_url=brand.texts_url)
    await carrier.text("STOP", to=SHORT_CODE)
    assert await carrier.on_phone() == ["STOP"]
    assert (await carrier.create(From=SHORT_CODE)).status_code == 201
    assert brand.texts()[0].recipient == SHORT_CODE
