"""What providers tell of price and segments, and their own words for a failure."""

import json
from decimal import Decimal

import pytest

from providers.billing import Billing, amount, currency, whole
from providers.contract import WebhookRequest
from providers.failures import Failure, failed
from providers.openmarket.webhooks import received
from providers.telnyx.errors import Problem, from_report
from providers.telnyx.message import TelnyxMessage
from providers.twilio.errors import from_answer
from providers.twilio.rest import MessageResource
from providers.twilio.webhooks import status_report

SID = "SM" + "0" * 32


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *[("-0.00750", Decimal("0.00750")), (0.0158, Decimal("0.0158")), ("NaN", None)],
        *[("1e9", None), (None, None), ("", None), ("about 1", None), ("9" * 40, None)],
    ],
)
def test_a_price_is_what_a_text_costs(written: object, read: Decimal | None) -> None:
    assert amount(written) == read


def test_only_counts_and_currencies_are_taken() -> None:
    assert [whole(one) for one in ("2", 2, "", None, "two", "-1", "99999")] == [2, 2] + [None] * 5
    assert [currency(one) for one in ("usd", "USD", None, "dollars")] == ["USD", "USD", None, None]


def test_twilio_tells_segments_and_later_the_price() -> None:
    new = {"sid": SID, "status": "queued", "num_segments": "0", "price": None, "price_unit": "USD"}
    assert MessageResource.model_validate(new).billing is None
    told = new | {"num_segments": "2", "price": "-0.0158"}
    billing = MessageResource.model_validate(told).billing
    assert billing == Billing(2, Decimal("0.0158"), "USD")


def test_twilios_callback_may_tell_its_words_and_the_segments() -> None:
    body = f"MessageSid={SID}&MessageStatus=undelivered&ErrorCode=30003&NumSegments=2"
    report = status_report(
        WebhookRequest("https://h/", {}, f"{body}&ErrorMessage=Unreachable".encode())
    )
    assert report is not None
    assert report.billing == Billing(2)
    assert report.failure is not None
    assert (report.failure.provider_code, report.failure.told) == ("30003", "Unreachable")


@pytest.mark.parametrize("cost", [None, "free", {"amount": None}, {}])
def test_telnyx_tells_parts_and_cost_if_it_likes(cost: object) -> None:
    message = {"id": "1", "parts": 2, "cost": {"amount": "0.0051", "currency": "USD"}}
    assert TelnyxMessage.model_validate(message).billing == Billing(2, Decimal("0.0051"), "USD")
    silent = TelnyxMessage.model_validate(message | {"parts": None, "cost": cost})
    assert silent.billing is None


def test_openmarket_tells_the_segments_of_a_text_and_its_words() -> None:
    receipt = {"ticketId": "0112C-0402H-14019-14Y7K", "totalSegments": 3, "code": 508}
    body = {"deliveryReceipt": receipt | {"description": "Carrier absent subscriber"}}
    [report] = received(
        WebhookRequest("https://h/", {}, json.dumps(body).encode(), "receipt")
    ).reports
    assert report.billing == Billing(3)
    assert report.failure is not None
    assert report.failure.told == "Carrier absent subscriber"


def test_a_providers_words_are_kept_without_phone_numbers_on_one_short_line() -> None:
    words = "The number +15550189901\nis\0 not reachable " + "x" * 1000
    told = failed(Failure.unreachable, "30003", told=words).told
    assert told is not None
    assert told.startswith("The number …9901 is not reachable x")
    assert len(told) == 300
    assert failed(Failure.unreachable, told="  ").told is None


def test_all_providers_pass_their_words_on() -> None:
    assert from_answer(400, 21211, None, "Invalid 'To'").told == "Invalid 'To'"
    problem = Problem(code="40001", title="Landline", detail="The number is a landline.")
    assert from_report(problem).told == "Landline: The number is a landline."
