"""A brand that accepts and records everything signed that the carrier sends."""

import asyncio
from dataclasses import dataclass, field

import httpx2
from fastapi import FastAPI, Request, Response

from domain.delivery.message_status import MessageStatus
from providers.contract import InboundText, StatusReport, WebhookRefused, WebhookRequest
from providers.credentials import Credentials
from providers.twilio.adapter import Twilio
from providers.twilio.description import TwilioCredentials
from providers.twilio.webhooks import inbound_text, status_report

ACCOUNT = "AC" + "1" * 32
TOKEN = "the account's token"
CREDENTIALS = TwilioCredentials(account_sid=ACCOUNT, auth_token=TOKEN)


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
        return [inbound_text(request) for request in self.requests if "/texts" in request.url]

    def reports(self) -> list[StatusReport]:
        reports = [status_report(request) for request in self.requests if "/status" in request.url]
        return [report for report in reports if report]

    async def reported(self, count: int) -> list[MessageStatus]:
        """Wait for `count` delivery reports; return their statuses in order of arrival."""
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
            body=await request.body(),
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
        answer = self.adapter.answer(received)
        return Response(answer.body, media_type=answer.media_type)

    def pointed_at(self, api_url: str) -> Credentials:
        """Return the brand's credentials for a REST API at another address."""
        return self.credentials.at(api_url)
