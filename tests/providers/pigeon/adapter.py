"""Pigeon post: JSON with several events in a request, one address for all, no list of texts."""

import hashlib
import hmac
import json
from collections.abc import Mapping

import httpx2

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers.contract import (
    Accepted,
    Blame,
    Capabilities,
    Description,
    Finding,
    HealthCheck,
    InboundText,
    OutgoingText,
    Provider,
    Received,
    SendError,
    SendOutcome,
    Sought,
    StatusReport,
    TextPart,
    Webhook,
    WebhookAnswer,
    WebhookRefused,
    WebhookRequest,
)
from providers.credentials import Credentials, secret

SIGNATURE = "x-pigeon-signature"
EVENTS = Webhook("events")
AWAKE = HealthCheck("awake", "The pigeons are awake")


class PigeonCredentials(Credentials):
    """The key that signs what pigeons bring."""

    key: str = secret("Key", "On the ring around the pigeon's leg.")


DESCRIPTION = Description(
    name="pigeon",
    label="Pigeon post",
    credentials=PigeonCredentials,
    capabilities=Capabilities(
        finds_by_number=False,
        finds_by_id=False,
        confirms_opt_outs=False,
        sends_parts=True,
        reports_parts=True,
        takes_media=False,
        sends_media=False,
        longest_text=1600,
    ),
    texts_webhook=EVENTS,
    reports_webhook=EVENTS,
    example={"key": "coo"},
    checks=(AWAKE,),
)


class Pigeon:
    """Pigeon post over one shared HTTP client."""

    description: Description = DESCRIPTION

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    def answers(self, kind: LineKind, keyword: Keyword, text: str, *, is_blocked: bool) -> bool:
        return False

    def verify(self, request: WebhookRequest, credentials: Credentials) -> None:
        assert isinstance(credentials, PigeonCredentials)
        if not hmac.compare_digest(request.header(SIGNATURE), signature(credentials.key, request)):
            raise WebhookRefused("The signature is wrong.")

    def read(self, request: WebhookRequest) -> Received:
        try:
            events = json.loads(request.body)["events"]
            texts = tuple(_text(one) for one in events if "text" in one)
            return Received(texts, tuple(_report(one) for one in events if "status" in one))
        except (ValueError, KeyError, TypeError) as error:
            raise WebhookRefused("This is not what pigeons bring.") from error

    def answer(self, _request: WebhookRequest, /) -> WebhookAnswer:
        return WebhookAnswer("coo", "text/plain", status=202)

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        body = {"from": text.sender, "to": text.recipient, "text": text.text}
        body |= {"report_to": text.callback_url}
        answer = await self._http.post(f"{credentials.api_url}/fly", json=body)
        if not answer.is_success:
            raise SendError(
                "grounded", SendOutcome.refused, Blame.provider, "The pigeon stayed here."
            )
        return Accepted(answer.json()["ring"], MessageStatus.sent)

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        raise AssertionError("pigeons keep no list, and are not asked for one")

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        raise AssertionError("pigeons do not answer questions, and are not asked any")

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        return (Finding(AWAKE, is_well=True),)


def create(http: httpx2.AsyncClient) -> Provider:
    return Pigeon(http)


def signature(key: str, request: WebhookRequest) -> str:
    return hmac.new(key.encode(), request.body, hashlib.sha256).hexdigest()


def _text(event: Mapping[str, str]) -> InboundText:
    part = TextPart("ref", int(event["part"]), int(event["of"])) if "part" in event else None
    return InboundText(event["id"], event["from"], event["to"], event["text"], part=part)


def _report(event: Mapping[str, str]) -> StatusReport:
    part = TextPart("ref", int(event["part"]), int(event["of"])) if "part" in event else None
    return StatusReport(event["id"], MessageStatus(event["status"]), None, part=part)
