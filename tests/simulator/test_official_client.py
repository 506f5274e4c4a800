import asyncio

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from tests.simulator.brand import ACCOUNT, TOKEN
from tests.simulator.carrier_client import LINE, PHONE, CarrierClient

pytestmark = [
    # twilio 9.13 calls aiohttp in a way aiohttp 3.14 is giving up
    pytest.mark.filterwarnings("ignore:.*BasicAuth.*:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*auth.*:DeprecationWarning:twilio"),
]


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client would change the address to a region named in the environment."""
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        monkeypatch.delenv(name, raising=False)


async def test_the_official_client_sends_fetches_and_lists(carrier: CarrierClient) -> None:
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = carrier.url

    def use() -> tuple[str | None, list[str | None]]:
        created = [client.messages.create(to=PHONE, from_=LINE, body=f"text {n}") for n in range(3)]
        fetched = client.messages(created[0].sid).fetch()
        listed = client.messages.list(to=PHONE, from_=LINE, page_size=2)
        client.http_client.session.close()
        return fetched.body, [message.body for message in listed]

    fetched, listed = await asyncio.to_thread(use)
    assert fetched == "text 0"
    assert listed == ["text 2", "text 1", "text 0"]
    assert sorted(text.text for text in await carrier.follow(3)) == ["text 0", "text 1", "text 2"]


async def test_the_official_client_understands_a_refusal(carrier: CarrierClient) -> None:
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = carrier.url

    def use() -> None:
        try:
            client.messages.create(to="nonsense", from_=LINE, body="hello")
        finally:
            client.http_client.session.close()

    with pytest.raises(TwilioRestException) as raised:
        await asyncio.to_thread(use)
    assert (raised.value.status, raised.value.code) == (400, 21211)


async def test_the_official_asynchronous_client_sends_fetches_and_lists(
    carrier: CarrierClient,
) -> None:
    async with AsyncTwilioHttpClient() as http:
        client = Client(ACCOUNT, TOKEN, http_client=http)
        client.api.base_url = carrier.url
        created = [
            await client.messages.create_async(to=PHONE, from_=LINE, body=f"text {n}")
            for n in range(3)
        ]
        fetched = await client.messages(created[1].sid).fetch_async()
        listed = await client.messages.list_async(to=PHONE, page_size=2)
        with pytest.raises(TwilioRestException):
            await client.messages.create_async(to=PHONE, from_=LINE, body="x" * 1601)
    assert fetched.body == "text 1"
    assert fetched.date_created is not None
    assert [message.body for message in listed] == ["text 2", "text 1", "text 0"]
