"""A client of a running simulator for tests."""

from contextlib import aclosing

import httpx2

from domain.numbers.kinds import LineKind
from providers.contract import OutgoingText
from simulator.control.phones import SentText
from simulator.phones import PhoneText
from tests.fixtures.plain_http import PLAIN
from tests.simulator.brand import ACCOUNT, TOKEN

LINE = "+15550100001"
SHORT_CODE = "22211"
PHONE = "+15550123"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


class CarrierClient:
    """Controls the simulator's phones, lines and faults over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.AsyncClient(base_url=url, trust_env=False, verify=PLAIN)

    async def text(self, body: str, to: str = LINE, media: tuple[str, ...] = ()) -> SentText:
        answer = await self.http.post(
            f"/phones/{PHONE}/texts", json={"to": to, "body": body, "media": list(media)}
        )
        assert answer.status_code == 201, answer.text
        return SentText.model_validate_json(answer.content)

    async def on_phone(self) -> list[str]:
        answer = await self.http.get(f"/phones/{PHONE}/messages")
        return [PhoneText.model_validate(text).text for text in answer.json()]

    async def follow(self, count: int, after: int = 0) -> list[PhoneText]:
        """Return the first `count` texts of the phone's stream."""
        seen: list[PhoneText] = []
        headers = {"Last-Event-ID": str(after)} if after else {}
        path = f"/phones/{PHONE}/stream"
        async with (
            self.http.sse(path, headers=headers) as stream,
            aclosing(
                aiter(stream)  # type: ignore[type-var]
            ) as events,
        ):
            async for event in events:
                assert event.id
                seen.append(PhoneText.model_validate_json(event.data))
                if len(seen) == count:
                    break
        return seen

    async def fault(self, kind: str, **settings: float | str) -> None:
        answer = await self.http.post("/faults", json={"kind": kind, **settings})
        assert answer.status_code == 201, answer.text

    async def line(self, number: str, **settings: str) -> None:
        answer = await self.http.put(f"/lines/{number}", json=settings)
        assert answer.status_code == 200, answer.text

    async def create(self, **form: str | list[str]) -> httpx2.Response:
        """Send as the brand, over Twilio's API."""
        whole = {"To": PHONE, "From": LINE, "Body": "Hello"} | form
        filled = {name: value for name, value in whole.items() if value}
        return await self.http.post(MESSAGES, data=filled, auth=(ACCOUNT, TOKEN))

    async def listed(self, **query: str) -> httpx2.Response:
        return await self.http.get(MESSAGES, params=query, auth=(ACCOUNT, TOKEN))


def outgoing(text: str, callback_url: str) -> OutgoingText:
    return OutgoingText("ours", LINE, LineKind.long_code, PHONE, text, callback_url)
