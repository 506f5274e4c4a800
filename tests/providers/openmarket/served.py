"""The simulator with an OpenMarket line, and a brand that takes what it posts."""

import asyncio
from dataclasses import dataclass, field

import httpx2
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr

from domain.numbers.kinds import LineKind
from providers.contract import InboundText, OutgoingText, StatusReport, WebhookRequest
from providers.credentials import Credentials
from providers.openmarket.adapter import OpenMarket
from providers.openmarket.description import OpenMarketCredentials
from simulator.settings import SimulatorSettings
from tests.fixtures.plain_http import PLAIN

ACCOUNT = "AC" + "1" * 32
PASSWORD = "the account's password"
LINE = "+15550100002"
PHONE = "+15550123"
OURS = "7f1c8f0e-0000-4000-8000-000000000001"
CREDENTIALS = OpenMarketCredentials(
    account_id=ACCOUNT, password=PASSWORD, webhook_user=ACCOUNT, webhook_password=PASSWORD
)


def settings() -> SimulatorSettings:
    return SimulatorSettings(
        account_sid=ACCOUNT, auth_token=SecretStr(PASSWORD), delivery_seconds=0, lines={}
    )


@dataclass
class Brand:
    """What was let in and read. `refused`: how many requests were not let in."""

    url: str
    adapter: OpenMarket = field(default_factory=lambda: OpenMarket(httpx2.AsyncClient()))
    texts: list[InboundText] = field(default_factory=list)
    reports: list[StatusReport] = field(default_factory=list)
    requests: list[WebhookRequest] = field(default_factory=list)
    refused: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_api_route("/{webhook}", self._take, methods=["POST"])
        return app

    async def _take(self, webhook: str, request: Request) -> Response:
        url = f"{self.url}/{webhook}?{request.url.query}"
        raw = WebhookRequest(url, dict(request.headers), await request.body(), webhook)
        self.adapter.verify(raw, CREDENTIALS)
        found = self.adapter.read(raw)
        self.requests.append(raw)
        self.texts += found.texts
        self.reports += found.reports
        self.arrived.set()
        return Response(self.adapter.answer(raw).body)

    async def reported(self, count: int) -> list[StatusReport]:
        """Wait for `count` receipts."""
        while len(self.reports) < count:
            self.arrived.clear()
            await self.arrived.wait()
        return self.reports


class Carrier:
    """The simulator from outside: its phones, lines and faults, and OpenMarket's API."""

    def __init__(self, url: str, brand: Brand) -> None:
        self.http = httpx2.AsyncClient(base_url=url, trust_env=False, verify=PLAIN)
        self.adapter = OpenMarket(self.http)
        self.credentials: Credentials = CREDENTIALS.at(url)
        self._brand = brand

    async def line(self, options: str = "") -> None:
        new = {"webhook_url": f"{self._brand.url}/inbound#{options}", "provider": "openmarket"}
        (await self.http.put(f"/lines/{LINE}", json=new)).raise_for_status()

    async def text(self, words: str) -> dict[str, object]:
        answer = await self.http.post(f"/phones/{PHONE}/texts", json={"to": LINE, "body": words})
        found: dict[str, object] = answer.json()
        return found

    async def fault(self, kind: str, **more: object) -> None:
        (await self.http.post("/faults", json={"kind": kind, **more})).raise_for_status()

    def outgoing(self, words: str = "Hello") -> OutgoingText:
        address = f"{self._brand.url}/receipt?mid={OURS}"
        return OutgoingText(OURS, LINE, LineKind.long_code, PHONE, words, address)

    async def on_phone(self) -> list[str]:
        answer = await self.http.get(f"/phones/{PHONE}/messages")
        return [text["text"] for text in answer.json() if text["author"] == "brand"]
