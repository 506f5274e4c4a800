"""What a provider's webhook said and what we answered, kept for administrators."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from database.queries.inbound import LineRoute
from domain.delivery.exchanges import Exchange, ExchangeKind
from domain.ids import is_uuid
from ingress.errors import NotFromProvider, NotUnderstood
from providers.contract import Received, WebhookRequest
from tracing.redaction import redacted, redacted_url
from tracing.trace import SAMPLE, Trace

MOST_ITEMS = 10
"""Texts and reports of one request that are linked to their messages. Ours: more are sent by nobody
we know, and each is a row."""

About = tuple[ExchangeKind, str | None, UUID | None]


@dataclass
class Visit:
    """One webhook that its provider signed, while it is being handled."""

    at: LineRoute
    request: WebhookRequest
    received: Received = field(default_factory=Received)
    status: int | None = None
    answer: str = ""
    outcome: str | None = None
    words: str = ""
    """What a caller said."""
    arrived_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    began: float = field(default_factory=time.monotonic)

    def keep(self, trace: Trace) -> None:
        """Keep it, once for each text and report in it."""
        for about in self._items():
            trace.keep(partial(self._exchange, *about))

    def _items(self) -> list[About]:
        texts: list[About] = [
            (ExchangeKind.text, one.provider_message_id, None) for one in self.received.texts
        ]
        reports: list[About] = [
            (ExchangeKind.report, one.provider_message_id, _ours(one.message_id))
            for one in self.received.reports
        ]
        return [*texts, *reports][:MOST_ITEMS] or [(ExchangeKind.webhook, None, None)]

    def _private(self) -> Iterator[str]:
        """Yield what nobody may read in it: words, and addresses by which files can be seen."""
        if self.words:
            yield self.words
        for one in self.received.texts:
            yield one.text
            yield from (file.url for file in one.media)

    def _exchange(
        self, kind: ExchangeKind, provider_message_id: str | None, message_id: UUID | None
    ) -> Exchange:
        at = self.at
        return Exchange(
            id=uuid4(),
            account_id=at.account_id,
            connector_id=at.connector_id,
            line_id=at.line_id,
            message_id=message_id,
            provider_message_id=provider_message_id,
            kind=kind,
            at=self.arrived_at,
            milliseconds=round((time.monotonic() - self.began) * 1000),
            method=self.request.method,
            url=redacted_url(self.request.url),
            request=redacted(
                self.request.body.decode("utf-8", "replace"),
                self.request.header("content-type"),
                list(self._private()),
            ),
            status=self.status,
            answer=self.answer,
            outcome=self.outcome,
        )


@contextmanager
def refusals_counted(trace: Trace, line_id: str, request: WebhookRequest) -> Iterator[None]:
    """Count what the line's provider did not sign, or what nobody can read, for administrators."""
    try:
        yield
    except (NotFromProvider, NotUnderstood) as error:
        reason = str(error.__cause__ or "") or error.sentence
        trace.refused(line_id, reason, partial(sample_of, request))
        raise


def sample_of(request: WebhookRequest) -> str:
    """Return the beginning of a webhook that nobody signed for, redacted like all others."""
    body = request.body[:SAMPLE].decode("utf-8", "replace")
    shown = redacted(body, request.header("content-type"))
    return f"{request.method} {redacted_url(request.url)}\n{shown}"


def _ours(message_id: str | None) -> UUID | None:
    return UUID(message_id) if message_id and is_uuid(message_id) else None
