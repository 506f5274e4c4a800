"""A provider's webhook: verified, read, and all it brought written down before it is answered."""

from collections.abc import Awaitable
from dataclasses import dataclass, field

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries.inbound import LineRoute
from domain.errors import DomainError
from ingress.authentication import WebhookAuthenticator
from ingress.delivery_reports import DeliveryReports
from ingress.errors import NotTaken, NotUnderstood
from ingress.hand_over import Handover
from ingress.receiving import Receiver
from providers.contract import (
    InboundText,
    Provider,
    Received,
    WebhookAnswer,
    WebhookRefused,
    WebhookRequest,
    WebhookUnreadable,
)

log = structlog.stdlib.get_logger()

OUR_FAULT = 500
"""From this status on it is us: the provider is to send the request again."""


@dataclass
class Troubles:
    """What could not be taken of a request: the rest of it is taken all the same."""

    first: DomainError | None = None

    async def keep(self, taking: Awaitable[None]) -> None:
        """Take one text or report, and keep why that failed; ours before the sender's."""
        try:
            await taking
        except DomainError as error:
            if self.first is None or error.status >= OUR_FAULT > self.first.status:
                self.first = error


@dataclass(frozen=True)
class Webhooks:
    """Takes what providers post. Any number of texts and reports may come in one request."""

    sessions: Sessions
    authenticator: WebhookAuthenticator
    receiver: Receiver
    reports: DeliveryReports
    handover: Handover = field(repr=False)

    async def take(self, provider: str, line_id: str, request: WebhookRequest) -> WebhookAnswer:
        """Write down all that a request brings, and return what its provider wants to hear.

        Raises `LineUnknown`, `NotFromProvider`, `NotUnderstood`, `NotForThisLine`, and `NotTaken`
        or `Unavailable` when something of ours is away: then the provider must deliver it again,
        and what was taken of it is known by its id.
        """
        try:
            at, adapter = await self.authenticator.admit(self.sessions, provider, line_id, request)
            await self._take_all(at, adapter, request)
        except NOT_DONE as error:
            log.warning("text_not_taken", line=line_id, error=type(error).__name__)
            raise NotTaken from error
        return adapter.answer(request)

    async def _take_all(self, at: LineRoute, adapter: Provider, request: WebhookRequest) -> None:
        received, troubles = read(adapter, request), Troubles()
        for text in received.texts:
            await troubles.keep(self._take_text(at, adapter, text, request))
        for news in received.reports:
            await troubles.keep(self.reports.take(at, news))
        if troubles.first:
            raise troubles.first

    async def _take_text(
        self, at: LineRoute, adapter: Provider, text: InboundText, request: WebhookRequest
    ) -> None:
        if taken := await self.receiver.take(at, adapter, text, request):
            self.handover.add(taken)


def read(adapter: Provider, request: WebhookRequest) -> Received:
    """Return what a verified request brings. Raises `NotUnderstood`."""
    try:
        return adapter.read(request)
    except (WebhookRefused, WebhookUnreadable) as error:
        raise NotUnderstood from error
