from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tests.simulator.brand import ACCOUNT, TOKEN, Brand
from tests.simulator.carrier_client import LINE, MESSAGES, PHONE, SHORT_CODE, CarrierClient

TWILIOS_FIELDS = {
    *("account_sid", "api_version", "body", "date_created", "date_sent", "date_updated"),
    *("direction", "error_code", "error_message", "from", "messaging_service_sid", "num_media"),
    *("num_segments", "price", "price_unit", "sid", "status", "subresource_uris", "to", "uri"),
}
SERVICE = "MG" + "5" * 32


async def test_a_created_message_has_twilios_fields(carrier: CarrierClient) -> None:
    answer = await carrier.create(Body="x" * 161)
    message = answer.json()
    assert answer.status_code == 201
    assert set(message) == TWILIOS_FIELDS
    assert message["status"] == "queued"
    assert message["num_segments"] == "2"
    assert message["from"] == LINE
    assert message["uri"].endswith(f"/Messages/{message['sid']}.json")


@pytest.mark.parametrize(
    ("body", "count"),
    [("é" * 160, 1), ("é" * 161, 2), ("[" * 80, 1), ("[" * 81, 2), ("`" * 71, 2), ("😀" * 36, 2)],
)
async def test_parts_are_counted_as_carriers_do(
    carrier: CarrierClient, body: str, count: int
) -> None:
    assert (await carrier.create(Body=body)).json()["num_segments"] == str(count)


async def test_an_unsimulated_resource_is_refused_in_twilios_own_form(
    carrier: CarrierClient,
) -> None:
    path = MESSAGES.replace(".json", f"/SM{'0' * 32}")
    for method, address, status, code in (
        ("GET", "/2010-04-01/Nothing.json", 404, 20404),
        ("GET", f"{path}/Media.json", 404, 20404),
        ("POST", f"{path}.json", 405, 20004),
        ("DELETE", f"{path}.json", 405, 20004),
        ("GET", "/nowhere", 404, 20404),
    ):
        answer = await carrier.http.request(method, address, auth=(ACCOUNT, TOKEN))
        assert_error(answer, status, code)


async def test_a_created_message_reaches_the_phone(carrier: CarrierClient) -> None:
    await carrier.create(Body="Hello 🙂")
    [shown] = await carrier.follow(1)
    assert (shown.text, shown.author, shown.line) == ("Hello 🙂", "brand", LINE)


async def test_a_message_can_be_fetched_until_delivered(carrier: CarrierClient) -> None:
    created = (await carrier.create()).json()
    await carrier.follow(1)
    fetched = await carrier.http.get(created["uri"], auth=(ACCOUNT, TOKEN))
    assert fetched.json()["status"] == "delivered"
    assert fetched.json()["date_sent"]


async def test_a_message_that_is_not_there_is_twilios_404(carrier: CarrierClient) -> None:
    path = MESSAGES.replace(".json", f"/SM{'0' * 32}.json")
    assert_error(await carrier.http.get(path, auth=(ACCOUNT, TOKEN)), 404, 20404)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "5550123"}, 21211),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550002"}, 21612),
        ({"To": "+15005550003"}, 21408),
        ({"To": "+15005550004"}, 21610),
        ({"To": "+15005550009"}, 21614),
        ({"From": ""}, 21603),
        ({"From": "+15550109999"}, 21606),
        ({"From": "+15005550001"}, 21212),
        ({"From": "+15005550007"}, 21606),
        ({"From": "+15005550008"}, 21611),
        ({"From": "", "MessagingServiceSid": SERVICE}, 21703),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"Body": "😀" * 801}, 21617),
        ({"To": LINE}, 21266),
        ({"ScheduleType": "fixed"}, 35118),
        ({"MediaUrl": ["https://example.org/picture"] * 11}, 21623),
        ({"StatusCallback": "status"}, 21609),
        ({"StatusCallback": "https://under_score.example.org/"}, 21609),
    ],
)
async def test_a_text_that_twilio_refuses_is_refused_with_its_code(
    carrier: CarrierClient, form: dict[str, str | list[str]], code: int
) -> None:
    assert_error(await carrier.create(**form), 400, code)
    assert await carrier.on_phone() == []


async def test_the_longest_text_and_the_magic_sender_pass(carrier: CarrierClient) -> None:
    assert (await carrier.create(Body="x" * 1600)).status_code == 201
    assert (await carrier.create(Body="😀" * 800)).status_code == 201
    assert (await carrier.create(From="+15005550006")).status_code == 201


@pytest.mark.parametrize(
    ("account", "user", "password", "code"),
    [
        (ACCOUNT, ACCOUNT, "wrong", 20003),
        (ACCOUNT, "AC" + "2" * 32, TOKEN, 20003),
        ("AC" + "2" * 32, ACCOUNT, TOKEN, 20404),
    ],
)
async def test_a_request_without_credentials_is_refused(
    carrier: CarrierClient, account: str, user: str, password: str, code: int
) -> None:
    path = MESSAGES.replace(ACCOUNT, account)
    answer = await carrier.http.get(path, auth=(user, password))
    assert_error(answer, 401 if code == 20003 else 404, code)


@pytest.mark.parametrize("header", ["", "Basic", "Basic ***", "Bearer abc"])
async def test_a_malformed_login_is_refused(carrier: CarrierClient, header: str) -> None:
    answer = await carrier.http.get(MESSAGES, headers={"Authorization": header})
    assert_error(answer, 401, 20003)


async def test_messages_are_listed_newest_first_by_page(carrier: CarrierClient) -> None:
    for number in range(5):
        await carrier.create(Body=str(number))
    first = (await carrier.listed(PageSize="2")).json()
    await carrier.create(Body="came while paging")
    second = await carrier.http.get(first["next_page_uri"], auth=(ACCOUNT, TOKEN))
    third = await carrier.http.get(second.json()["next_page_uri"], auth=(ACCOUNT, TOKEN))
    assert bodies(first) == ["4", "3"]
    assert bodies(second.json()) == ["2", "1"]
    assert bodies(third.json()) == ["0"]
    assert third.json()["next_page_uri"] is None
    assert second.json()["previous_page_uri"]


async def test_messages_are_filtered_by_who_and_whom(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.line(SHORT_CODE, webhook_url=brand.texts_url)
    await carrier.create(Body="long code")
    await carrier.create(Body="short code", From=SHORT_CODE)
    await carrier.create(Body="another", To="+15550124")
    await carrier.text("hello")
    assert bodies((await carrier.listed(To=PHONE)).json()) == ["short code", "long code"]
    assert bodies((await carrier.listed(To=PHONE, From=SHORT_CODE)).json()) == ["short code"]
    assert bodies((await carrier.listed(To=LINE)).json()) == ["hello"]


@pytest.mark.usefixtures("in_one_day")
async def test_messages_are_filtered_by_the_day_they_were_sent(carrier: CarrierClient) -> None:
    await carrier.create()
    await carrier.follow(1)
    today = datetime.now(UTC)
    yesterday, tomorrow = (today + timedelta(days=days) for days in (-1, 1))
    for name, day, count in (
        ("DateSent>", yesterday, 1),
        ("DateSent>", tomorrow, 0),
        ("DateSent<", tomorrow, 1),
        ("DateSent<", yesterday - timedelta(days=1), 0),
        ("DateSent", yesterday - timedelta(days=1), 0),
    ):
        found = await carrier.listed(**{name: day.date().isoformat()})
        assert len(bodies(found.json())) == count, name
    assert_error(await carrier.listed(DateSent="yesterday"), 400, 20001)


async def test_a_messaging_service_chooses_the_number_the_phone_knows(
    carrier: CarrierClient, brand: Brand
) -> None:
    for number in ("+15550100005", "+15550100006"):
        await carrier.line(number, webhook_url=brand.texts_url, messaging_service_sid=SERVICE)
    sent = await carrier.text("hello", to="+15550100006")
    answer = await carrier.create(From="", MessagingServiceSid=SERVICE)
    assert answer.json()["status"] == "accepted"
    assert answer.json()["from"] is None
    assert answer.json()["num_segments"] == "0"
    [reply] = await carrier.follow(1, after=sent.id)
    assert reply.line == "+15550100006"
    assert brand.texts()[0].raw["MessagingServiceSid"] == SERVICE


async def test_a_lines_own_token_opens_the_account(carrier: CarrierClient, brand: Brand) -> None:
    await carrier.line(LINE, webhook_url=brand.texts_url, auth_token="the line's token")
    answer = await carrier.http.get(MESSAGES, auth=(ACCOUNT, "the line's token"))
    assert answer.status_code == 200


def assert_error(answer: httpx2.Response, status: int, code: int) -> None:
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert set(body) == {"code", "message", "more_info", "status"}


def bodies(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [message["body"] for message in page["messages"]]
