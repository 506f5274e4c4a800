"""Pigeon post: JSON with several events in a request, one address for all, no list of texts."""

import hashlib
import hmac
from collections.abc import Mapping

import httpx2
from pydantic import BaseModel, Field, ValidationError

from domain.consent.keyword import Keyword
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from providers.calls import ApiAnswer, call, in_time
from providers.contract import (
    Accepted,
    Capabilities,
    Description,
    InboundText,
    OutgoingText,
    Provider,
    Received,
    SendError,
    Sought,
    StatusReport,
    TextPart,
    Webhook,
    WebhookAnswer,
    WebhookRefused,
    WebhookRequest,
)
from providers.credentials import Credentials, secret
from providers.failures import UNNAMED, Failure, failed
from providers.health import Finding, HealthCheck
from providers.json_body import json_of

ERRORS = {
    1: Failure.invalid_recipient,
    2: Failure.congested,
    3: Failure.filtered,
    4: Failure.account_refused,
    5: Failure.opted_out,
}
KEY = "x-pigeon-key"
SIGNATURE = "x-pigeon-signature"
EVENTS = Webhook("events")
AWAKE = HealthCheck("awake", "The pigeons are awake")


class PigeonCredentials(Credentials):
    """The key that opens the loft, and signs what pigeons bring."""

    key: str = secret("Key", "On the ring around the pigeon's leg.")


class Ring(BaseModel):
    ring: str


class Refusal(BaseModel):
    error: int


class Event(BaseModel):
    """A text if it has no status, otherwise a report."""

    id: str = Field(min_length=1)
    sender: str = Field(default="", alias="from")
    to: str = ""
    text: str = ""
    status: MessageStatus | None = None
    error: int | None = None
    part: int | None = None
    of: int = 1

    def as_text(self) -> InboundText:
        return InboundText(self.id, self.sender, self.to, self.text, part=self._part())

    def as_report(self, message_id: str | None) -> StatusReport:
        assert self.status
        is_failed = self.status in (MessageStatus.undelivered, MessageStatus.failed)
        failure = reason(self.error) if is_failed else None
        code = failure.provider_code if failure else None
        return StatusReport(self.id, self.status, message_id, code, failure, part=self._part())

    def _part(self) -> TextPart | None:
        return TextPart("ref", self.part, self.of) if self.part else None


class Events(BaseModel):
    events: list[Event]


DESCRIPTION = Description(
    name="pigeon",
    label="Pigeon post",
    credentials=PigeonCredentials,
    capabilities=Capabilities(
        finds_by_number=False,
        finds_by_id=False,
        lists_texts=False,
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
        expected = signature(credentials.key, request).encode()
        if not hmac.compare_digest(request.header(SIGNATURE).encode(), expected):
            raise WebhookRefused("The signature is wrong.")

    def read(self, request: WebhookRequest) -> Received:
        try:
            events = Events.model_validate(json_of(request.body)).events
        except ValidationError as error:
            raise WebhookRefused("This is not what pigeons bring.") from error
        ours = dict(request.query).get("mid")
        texts = tuple(one.as_text() for one in events if one.status is None)
        return Received(texts, tuple(one.as_report(ours) for one in events if one.status))

    def answer(self, _request: WebhookRequest, /) -> WebhookAnswer:
        return WebhookAnswer("coo", "text/plain", status=202)

    async def send(self, text: OutgoingText, credentials: Credentials) -> Accepted:
        body = {"from": text.sender, "to": text.recipient, "text": text.text}
        body |= {"report_to": text.callback_url}
        answer = await in_time(self._call("POST", "fly", credentials, body))
        try:
            return Accepted(Ring.model_validate_json(answer.body).ring, MessageStatus.sent)
        except ValidationError as error:
            raise failed(Failure.no_answer) from error

    async def find(self, sought: Sought, credentials: Credentials) -> Accepted | None:
        raise AssertionError("pigeons keep no list, and are not asked for one")

    async def ask(self, provider_message_id: str, credentials: Credentials) -> Accepted:
        raise AssertionError("pigeons do not answer questions, and are not asked any")

    async def check(self, credentials: Credentials) -> tuple[Finding, ...]:
        try:
            await in_time(self._call("GET", "loft", credentials))
        except SendError as error:
            return (Finding(AWAKE, is_well=False, sentence=error.sentence),)
        return (Finding(AWAKE, is_well=True),)

    async def _call(
        self,
        method: str,
        path: str,
        credentials: Credentials,
        body: Mapping[str, str] | None = None,
    ) -> ApiAnswer:
        assert isinstance(credentials, PigeonCredentials)
        url, headers = f"{credentials.api_url}/{path}", {KEY: credentials.key}
        answer = await call(
            self._http, method, url, json=dict(body) if body else None, headers=headers
        )
        if not answer.is_success:
            raise refusal(answer)
        return answer


def create(http: httpx2.AsyncClient) -> Provider:
    return Pigeon(http)


def signature(key: str, request: WebhookRequest) -> str:
    return hmac.new(key.encode(), request.body, hashlib.sha256).hexdigest()


def refusal(answer: ApiAnswer) -> SendError:
    if answer.status == 429:
        return failed(Failure.rate_limited, "HTTP 429", answer.retry_after)
    if answer.status < 400 or answer.status == 408 or answer.status >= 500:
        return failed(Failure.no_answer, f"HTTP {answer.status}")
    try:
        return reason(Refusal.model_validate_json(answer.body).error)
    except ValidationError:
        return failed(UNNAMED.get(answer.status, Failure.refused), f"HTTP {answer.status}")


def reason(error: int | None) -> SendError:
    known = ERRORS.get(error or 0, Failure.refused)
    return failed(known, str(error) if error else None)
