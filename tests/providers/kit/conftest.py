"""The simulated provider of each case, served on a real socket with a brand's webhooks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
import pytest
from fastapi import Request, Response

import providers
from domain.delivery.message_status import MessageStatus
from domain.delivery.statuses import below
from domain.numbers.kinds import LineKind
from providers import names
from providers.contract import Accepted, OutgoingText, Provider, StatusReport, WebhookRequest
from providers.credentials import Credentials
from providers.registry import create_providers
from simulator.app import create_simulator
from simulator.carrier import Carrier
from simulator.faults import Fault
from simulator.lines import Line, kind_of
from simulator.messages import Direction, Message
from tests.fixtures.plain_http import PLAIN
from tests.providers.kit.case import Case
from tests.providers.kit.cases import EXAMPLE, FOLDER, credentials_of
from tests.simulator.serving import Stage
from tests.simulator.serving import stage as opened_stage

PHONE = "+14155550123"


@pytest.fixture(autouse=True)
def _with_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the example's folder beside the providers', and its name into the registry."""
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(FOLDER)])
    monkeypatch.setattr(names, "NAMES", (*names.NAMES, EXAMPLE))


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[Stage]:
    async with opened_stage() as opened:
        yield opened


@dataclass
class Simulated:
    """A simulated provider with one line of a brand, the brand's adapter, and what it is posted."""

    case: Case
    url: str
    carrier: Carrier
    adapter: Provider
    posted: list[WebhookRequest] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def credentials(self) -> Credentials:
        return self.at(credentials_of(self.case))

    def at(self, credentials: Credentials) -> Credentials:
        """Return credentials for the simulated API."""
        return credentials.at(self.url + self.case.api_path)

    def text(self, words: str = "Hello 🙂") -> OutgoingText:
        """Return a text to send, whose reports come here."""
        kind = LineKind(kind_of(self.case.line).value)
        back = f"{self.url}/brand/{self.adapter.description.reports_webhook.path}?mid=ours"
        return OutgoingText("ours", self.case.line, kind, PHONE, words, back)

    async def send(self, words: str = "Hello 🙂") -> Accepted:
        return await self.adapter.send(self.text(words), self.credentials)

    def plan(self, kind: str, **more: float | str) -> None:
        """Plan a fault."""
        self.carrier.faults.add(Fault.model_validate({"kind": kind} | more))

    @property
    def taken(self) -> list[Message]:
        """The texts that the provider has from us, newest first."""
        ours = Direction.outbound_api
        return self.carrier.messages.newest_first(lambda one: one.direction is ours)

    async def reports(self, *until: MessageStatus) -> list[StatusReport]:
        """Return the reports as the brand reads them, verified, up to one of these statuses."""
        while True:
            self.arrived.clear()
            read = [report for one in self.posted for report in self.read(one)]
            if any(one.status in until for one in read):
                return read
            await self.arrived.wait()

    def read(self, request: WebhookRequest) -> tuple[StatusReport, ...]:
        self.adapter.verify(request, self.credentials)
        return self.adapter.read(request).reports

    async def take(self, request: Request) -> Response:
        """Take a webhook, as a brand does."""
        query = f"?{request.url.query}" if request.url.query else ""
        raw = WebhookRequest(
            url=f"{self.url}{request.url.path}{query}",
            headers=dict(request.headers),
            body=await request.body(),
            webhook=request.url.path.rpartition("/")[2],
        )
        self.posted.append(raw)
        self.arrived.set()
        answer = self.adapter.answer(raw)
        return Response(answer.body, answer.status, media_type=answer.media_type)


@pytest.fixture
async def simulated(case: Case, stage: Stage) -> AsyncIterator[Simulated]:
    app = create_simulator(case.settings)
    async with httpx2.AsyncClient(trust_env=False, verify=PLAIN) as http, stage.playing(app):
        carrier: Carrier = app.state.carrier
        adapter = create_providers(http)[case.name]
        one = Simulated(case, stage.url, carrier, adapter)
        app.add_api_route("/brand/{path:path}", one.take, methods=["POST"])
        inbound = f"{stage.url}/brand/{adapter.description.texts_webhook.path}"
        line = Line(case.line, kind_of(case.line), inbound, case.token, case.name)
        carrier.lines.put(line)
        yield one


def settled(reports: list[StatusReport]) -> MessageStatus:
    """Return the status of a text after reports in this order."""
    status = MessageStatus.sending
    for report in reports:
        if status in below(report.status):
            status = report.status
    return status
