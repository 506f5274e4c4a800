from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs

import httpx2
import pytest

from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers.contract import Accepted, OutgoingMedia, OutgoingText, SendError, SendOutcome, Sought
from providers.twilio.adapter import Twilio
from providers.twilio.description import TwilioCredentials

ACCOUNT = "AC" + "1" * 32
CREDENTIALS = TwilioCredentials(
    account_sid=ACCOUNT, auth_token="token", previous_auth_token="previous"
)
SID = "SM0b6e2697aae04182a9f5b5c7a8994c7f"
OTHER_SID = "SMe287d7109a5a925f182f0e07fe5b223b"
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
TEXT = OutgoingText(
    message_id="ours",
    sender="+12028831111",
    sender_kind=LineKind.long_code,
    recipient="+14133881111",
    text="Hello 🙂",
    callback_url="https://sms.example.org/status?mid=ours",
)
SERVICE_TEXT = OutgoingText(
    "ours", "MG1", LineKind.service, "+14133881111", "Hello", "https://sms.example.org/?mid=ours"
)
SOUGHT = Sought(
    TEXT.sender, TEXT.sender_kind, TEXT.recipient, TEXT.text, NOW, frozenset({OTHER_SID})
)
Handler = Callable[[httpx2.Request], httpx2.Response]


def twilio(handler: Handler) -> Twilio:
    return Twilio(httpx2.AsyncClient(transport=httpx2.MockTransport(handler)))


def answering(status: int, **rest: object) -> Twilio:
    return twilio(lambda request: httpx2.Response(status, **rest))  # type: ignore[arg-type]


async def test_a_text_is_posted_once_as_a_form() -> None:
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(201, json={"sid": SID, "status": "queued"})

    accepted = await twilio(take).send(TEXT, CREDENTIALS)
    assert accepted == Accepted(SID, MessageStatus.queued)
    [request] = seen
    assert str(request.url) == f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request.headers["Authorization"] == httpx2.BasicAuth(ACCOUNT, "token")._auth_header
    assert parse_qs(request.content.decode()) == {
        "To": ["+14133881111"],
        "From": ["+12028831111"],
        "Body": ["Hello 🙂"],
        "StatusCallback": ["https://sms.example.org/status?mid=ours#rc=3&rp=ct,rt,5xx"],
    }


async def test_pictures_go_as_links_with_words_or_without() -> None:
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(201, json={"sid": SID, "status": "queued"})

    links = [f"https://sms.example.org/files/{number}" for number in (1, 2)]
    media = tuple(OutgoingMedia(link, "image/png") for link in links)
    await twilio(take).send(replace(TEXT, text="", media=media), CREDENTIALS)
    form = parse_qs(seen[0].content.decode(), keep_blank_values=True)
    assert (form["MediaUrl"], form["Body"]) == (links, [""])


async def test_a_messaging_service_chooses_the_sender_itself() -> None:
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(201, json={"sid": SID, "status": "accepted"})

    await twilio(take).send(SERVICE_TEXT, CREDENTIALS)
    form = parse_qs(seen[0].content.decode())
    assert form["MessagingServiceSid"] == ["MG1"]
    assert "From" not in form


async def test_an_api_key_and_another_address_are_used_when_set() -> None:
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(201, json={"sid": SID, "status": "queued"})

    keyed = CREDENTIALS.model_copy(update={"api_key_sid": "SK1", "api_key": "secret"})
    credentials = keyed.at("http://127.0.0.1:8010/")
    await twilio(take).send(TEXT, credentials)
    assert str(seen[0].url) == f"http://127.0.0.1:8010/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert seen[0].headers["Authorization"] == httpx2.BasicAuth("SK1", "secret")._auth_header


PROBLEM = {"type": "https://www.twilio.com/docs/api/errors/21610", "title": "Unsubscribed"}


@pytest.mark.parametrize(
    ("status", "body", "code", "outcome"),
    [
        (400, PROBLEM | {"status": 400, "code": 21610}, "opted_out", SendOutcome.refused),
        (400, PROBLEM | {"code": "21211"}, "invalid_recipient", SendOutcome.refused),
        (503, {"code": 20503, "title": "Busy"}, "provider_unavailable", SendOutcome.not_processed),
        (503, {"code": 20503}, "no_answer", SendOutcome.ambiguous),
        (503, {"code": 503, "message": "upstream"}, "no_answer", SendOutcome.ambiguous),
        (503, {"code": True, "message": "upstream"}, "no_answer", SendOutcome.ambiguous),
        (400, {"code": 400, "message": "bad"}, "refused", SendOutcome.refused),
        (400, [], "refused", SendOutcome.refused),
    ],
)
async def test_twilios_errors_are_known_in_both_forms_and_from_a_proxys(
    status: int, body: object, code: str, outcome: SendOutcome
) -> None:
    with pytest.raises(SendError) as raised:
        await answering(status, json=body).send(TEXT, CREDENTIALS)
    assert (raised.value.code, raised.value.outcome) == (code, outcome)


def listed(created_at: datetime, **other: str) -> dict[str, str]:
    return {
        "sid": SID,
        "status": "delivered",
        "body": TEXT.text,
        "direction": "outbound-api",
        "to": TEXT.recipient,
        "date_created": format_datetime(created_at),
        **other,
    }


@pytest.mark.parametrize(
    "message",
    [
        listed(NOW - timedelta(seconds=6)),
        listed(NOW, sid=OTHER_SID),
        listed(NOW, body="Hello"),
        listed(NOW, direction="outbound-reply"),
        listed(NOW, to="+14133882222"),
        listed(NOW, date_created="yesterday"),
        listed(NOW, date_created="Fri, 31 Dec 9999 23:59:59 -2300"),
    ],
    ids=["older", "another's", "other words", "a reply", "to another", "undated", "no date"],
)
async def test_another_message_is_not_mistaken_for_the_lost_one(message: dict[str, str]) -> None:
    assert await answering(200, json={"messages": [message]}).find(SOUGHT, CREDENTIALS) is None


async def test_a_lost_text_is_sought_on_later_pages_of_the_same_account() -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        if len(asked) == 1:
            return httpx2.Response(200, json={"messages": [], "next_page_uri": f"{path}?Page=1"})
        elsewhere = "@other.example/steal"
        return httpx2.Response(200, json={"messages": [], "next_page_uri": elsewhere})

    assert await twilio(answer).find(SOUGHT, CREDENTIALS) is None
    assert len(asked) == 2
    assert asked[1] == f"https://api.twilio.com{path}?Page=1"


async def test_a_pools_text_is_sought_whatever_number_it_left_from() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json={"messages": []})

    sought = Sought("MG1", LineKind.service, TEXT.recipient, TEXT.text, NOW, frozenset())
    await twilio(answer).find(sought, CREDENTIALS)
    assert "From" not in asked[0].url.params


@pytest.mark.parametrize(
    ("word", "number", "code"),
    [
        ("failed", 30034, "sender_not_registered"),
        ("failed", "21610", "opted_out"),
        ("undelivered", None, "refused"),
        ("Failed", 30001, "queue_full"),
        ("undelivered", 39999, "refused"),
        ("canceled", None, "cancelled"),
    ],
)
async def test_a_text_that_was_accepted_and_failed_says_why(
    word: str, number: int | str | None, code: str
) -> None:
    body = {"sid": SID, "status": word, "error_code": number}
    sent = await answering(201, json=body).send(TEXT, CREDENTIALS)
    asked = await answering(200, json=body).ask(SID, CREDENTIALS)
    page = {"messages": [listed(NOW) | body]}
    found = await answering(200, json=page).find(SOUGHT, CREDENTIALS)
    for accepted in (sent, asked, found):
        assert accepted is not None
        assert accepted.failure is not None
        assert accepted.failure.code == code
        assert accepted.failure.provider_code == (str(number) if number else None)


@pytest.mark.parametrize(
    ("sent_to", "listed_as"),
    [("+5215512345678", "+525512345678"), ("+525512345678", "+5215512345678")],
)
async def test_a_lost_text_is_found_under_the_other_spelling_of_its_number(
    sent_to: str, listed_as: str
) -> None:
    message = listed(NOW, to=listed_as)

    def answer(request: httpx2.Request) -> httpx2.Response:
        is_there = request.url.params["To"] == listed_as
        return httpx2.Response(200, json={"messages": [message] if is_there else []})

    sought = replace(SOUGHT, recipient=sent_to)
    found = await twilio(answer).find(sought, CREDENTIALS)
    assert found is not None
    assert found.provider_message_id == SID


@pytest.mark.parametrize(
    "body", ["Sent from your Twilio trial account - Hello there", "Hello there"]
)
async def test_a_lost_text_is_found_with_the_words_of_a_trial_account(body: str) -> None:
    message = listed(NOW, body=body)

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"messages": [message]})

    found = await twilio(answer).find(replace(SOUGHT, text="Hello there"), CREDENTIALS)
    assert found is not None


@pytest.mark.parametrize(
    ("status", "is_well", "told"),
    [(200, True, ""), (401, False, "Enter them again"), (500, False, "Try again in a minute")],
)
async def test_a_health_check_says_whether_the_credentials_are_accepted(
    status: int, is_well: bool, told: str
) -> None:
    seen: list[httpx2.Request] = []

    def take(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(status, json={"sid": CREDENTIALS.account_sid, "status": "active"})

    [finding, *_] = await twilio(take).check(CREDENTIALS)
    assert (finding.is_well, told in finding.sentence) == (is_well, True)
    assert [request.method for request in seen] == ["GET"], "nothing is sent"


async def test_a_key_that_may_not_read_the_account_leaves_its_trial_unknown() -> None:
    def take(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith(f"{ACCOUNT}.json"):
            return httpx2.Response(401, json={"code": 20003, "message": "Authenticate"})
        return httpx2.Response(200, json={"messages": []})

    keyed = CREDENTIALS.model_copy(update={"api_key_sid": "SK1", "api_key": "secret"})
    found = {one.check.name: one for one in await twilio(take).check(keyed)}
    assert [name for name, one in found.items() if not one.is_known] == ["not_on_trial"]
    assert "may not read the account" in found["not_on_trial"].sentence


@pytest.mark.parametrize(
    ("code", "told"), [(20005, "suspended or closed"), (30002, "has suspended this account")]
)
async def test_an_account_is_called_closed_or_suspended_only_where_twilio_says_which(
    code: int, told: str
) -> None:
    def take(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(403, json={"code": code, "message": "Account not active"})

    found = await twilio(take).check(CREDENTIALS)
    [refused] = [one for one in found if not one.is_well]
    assert told in refused.sentence


async def test_an_answer_about_another_text_says_nothing() -> None:
    with pytest.raises(SendError) as raised:
        await answering(200, json=listed(NOW, sid=OTHER_SID)).ask("SM" + "f" * 32, CREDENTIALS)
    assert raised.value.outcome is SendOutcome.ambiguous
