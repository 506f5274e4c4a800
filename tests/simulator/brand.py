"""A brand that takes whatever the carrier sends, if it is signed, and remembers it."""

import asyncio
from dataclasses import dataclass, field, replace

import httpx2
from fastapi import FastAPI, Request, Response

from domain.delivery.message_status import MessageStatus
from providers.contract import (
    Credentials,
    InboundText,
    StatusReport,
    WebhookRefused,
    WebhookRequest,
)
from providers.twilio.adapter import Twilio

ACCOUNT = "AC" + "1" * 32
TOKEN = "the account's token"
CREDENTIALS = Credentials(account=ACCOUNT, secrets=(TOKEN,))


@dataclass
class Brand:
    """What was received. `answers`: statuses to answer with before 200; `prose`: body instead of
    TwiML.
    """

    url: str
    credentials: Credentials = CREDENTIALS
    adapter: Twilio = field(default_factory=lambda: Twilio(httpx2.AsyncClient()))
    requests: list[WebhookRequest] = field(default_factory=list)
    refused: int = 0
    answers: list[int] = field(default_factory=list)
    prose: str | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def texts_url(self) -> str:
        return f"{self.url}/texts?line=acme-support"

    def status_url(self, message_id: str) -> str:
        return f"{self.url}/status?mid={message_id}"

    def texts(self) -> list[InboundText]:
        return [
            self.adapter.parse_inbound(request)
            for request in self.requests
            if "/texts" in request.url
        ]

    def reports(self) -> list[StatusReport]:
        reports = [
            self.adapter.parse_status(request)
            for request in self.requests
            if "/status" in request.url
        ]
        return [report for report in reports if report]

    async def reported(self, count: int) -> list[MessageStatus]:
        """Wait for so many delivery reports and return their statuses as they came."""
        while len(self.reports()) < count:
            self.arrived.clear()
            await self.arrived.wait()
        return [report.status for report in self.reports()]

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_api_route("/{path:path}", self._take, methods=["POST"])
        return app

    async def _take(self, request: Request) -> Response:
        received = WebhookRequest(
            url=f"{self.url}{request.url.path}?{request.url.query}",
            headers=dict(request.headers),
            form=[(name, str(value)) for name, value in (await request.form()).multi_items()],
            query=dict(request.query_params),
        )
        try:
            self.adapter.verify(received, self.credentials)
        except WebhookRefused:
            self.refused += 1
            return Response(status_code=403)
        if self.answers:
            return Response(status_code=self.answers.pop(0))
        self.requests.append(received)
        self.arrived.set()
        if self.prose is not None:
            return Response(self.prose, media_type="text/plain")
        body, media_type = self.adapter.acknowledgement()
        return Response(body, media_type=media_type)

    def pointed_at(self, api_url: str) -> Credentials:
        """Return the brand's credentials for a REST API at another address."""
        return replace(self.credentials, api_url=api_url)
