"""Handles a provider's webhook: verifies it, reads it and stores its content before answering."""

from collections.abc import Awaitable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.inbound import LineRoute
from domain.errors import DomainError
from domain.ids import is_uuid
from ingress.authentication import WebhookAuthenticator
from ingress.delivery_reports import DeliveryReports
from ingress.errors import NotTaken, NotUnderstood
from ingress.hand_over import Handover
from ingress.receiving import Receiver
from ingress.visits import Visit, refusals_counted
from measuring.spans import PARAMETER, Spans
from providers.contract import (
    InboundText,
    Provider,
    Received,
    WebhookAnswer,
    WebhookRefused,
    WebhookRequest,
    WebhookUnreadable,
)
from tracing.trace import Trace

log = structlog.stdlib.get_logger()

OUR_FAULT = 500
"""An error with this status or above is ours, and the provider should send the request again."""


@dataclass
class Troubles:
    """Collects failures of single texts and reports, so that the rest is still received."""

    first: DomainError | None = None

    async def keep(self, taking: Awaitable[None]) -> None:
        """Receive one text or report; keep its error. One of ours outranks one of the sender's."""
        try:
            await taking
        except DomainError as error:
            if self.first is None or error.status >= OUR_FAULT > self.first.status:
                self.first = error


@dataclass(frozen=True)
class Webhooks:
    """Receives what providers post: any number of texts and reports in one request."""

    sessions: Sessions
    authenticator: WebhookAuthenticator
    receiver: Receiver
    reports: DeliveryReports
    handover: Handover = field(repr=False)
    trace: Trace = field(repr=False)
    spans: Spans = field(default_factory=Spans, repr=False)

    async def take(self, provider: str, line_id: str, request: WebhookRequest) -> WebhookAnswer:
        """Store everything in a request, and return the answer its provider expects.

        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, `NotForThisLine`, and `NotTaken`
        or `Unavailable` when one of our services does not answer. The provider must then send the
        request again; texts already stored are recognised by the provider's id.
        """
        try:
            with refusals_counted(self.trace, line_id, request):
                at, adapter = await self.authenticator.admit(
                    self.sessions, provider, line_id, request
                )
            return await self._take_all(at, adapter, request)
        except NOT_DONE as error:
            log.warning("webhook_not_stored", line=line_id, error=type(error).__name__)
            raise NotTaken from error

    async def _take_all(
        self, at: LineRoute, adapter: Provider, request: WebhookRequest
    ) -> WebhookAnswer:
        visit = Visit(at, request)
        try:
            visit.received = read(adapter, request)
            await self._take_each(adapter, visit)
            answer = adapter.answer(request)
            visit.status, visit.answer = answer.status, answer.body
            return answer
        except DomainError as error:
            visit.status, visit.outcome = error.status, error.code
            raise
        except NOT_DONE:
            visit.status, visit.outcome = NotTaken.status, NotTaken.code
            raise
        finally:
            visit.keep(self.trace)

    async def _take_each(self, adapter: Provider, visit: Visit) -> None:
        troubles, received = Troubles(), visit.received
        for text in received.texts:
            await troubles.keep(self._take_text(adapter, text, visit))
        for news in received.reports:
            with self._of_report(visit):
                await troubles.keep(self.reports.take(visit.at, news))
        if received.unread and troubles.first is None:
            raise NotUnderstood from WebhookRefused(received.unread)
        if troubles.first:
            raise troubles.first

    async def _take_text(self, adapter: Provider, text: InboundText, visit: Visit) -> None:
        at = visit.at
        if stored := await self.receiver.take(at, adapter, text, visit.request):
            told = {"line": stored.thread.line_id, "provider": at.provider}
            self.spans.begun("webhook", stored.text.message_id, visit.arrived_at, **told)
            self.handover.add(stored)

    def _of_report(self, visit: Visit) -> AbstractContextManager[None]:
        """Record a report as part of the trace that its address names."""
        (text_id, *_) = parse_qs(urlsplit(visit.request.url).query).get(PARAMETER, [""])
        if not is_uuid(text_id):
            return nullcontext()
        return self.spans.of("callback", text_id, line=visit.at.line_id, provider=visit.at.provider)


def read(adapter: Provider, request: WebhookRequest) -> Received:
    """Return the texts and reports in a verified request. Raises `NotUnderstood`."""
    try:
        return adapter.read(request)
    except (WebhookRefused, WebhookUnreadable) as error:
        raise NotUnderstood from error
