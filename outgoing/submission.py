"""Submits one text to its provider, looks it up there, and records what is known of it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from database.direct import in_session
from database.engine import Sessions
from database.queries import lookups, sending
from database.queries.consent import record_refusal
from database.queries.delivery import Bill, DeliveryFailure, report
from database.queries.sending import Departure
from domain.delivery.exchanges import ExchangeKind
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from measuring.meters import Meters
from measuring.spans import PARAMETER
from outgoing.connectors import OpenConnector
from outgoing.time_outs import TimeOuts
from providers.billing import Billing
from providers.contract import (
    Accepted,
    Blame,
    OutgoingMedia,
    OutgoingText,
    SendError,
    SendOutcome,
    Sought,
    webhook_path,
)
from providers.first_byte import FirstByte, before_first_byte
from security.links import FileLinks
from tracing.trace import About, Trace

FINDING_OUT = DeliveryFailure(
    "finding_out",
    "The provider did not answer. We are finding out whether the text was sent; please wait.",
)
UNCONFIRMED = DeliveryFailure(
    "unconfirmed",
    "We could not find out whether this text was sent. Ask the consumer before you send it again.",
)

NO_PICTURES = SendError(
    code="media_not_possible",
    outcome=SendOutcome.refused,
    blame=Blame.configuration,
    sentence="This line's provider cannot send pictures. It was not sent.",
)


@dataclass(frozen=True)
class Submission:
    """Submits texts and records the results. The caller must hold the text."""

    sessions: Sessions
    public_base_url: str
    time_outs: TimeOuts
    links: FileLinks
    trace: Trace
    meters: Meters = field(default_factory=Meters, repr=False)

    async def send(
        self, departure: Departure, connector: OpenConnector, claim: Callable[[], Awaitable[None]]
    ) -> Accepted:
        """Submit a text once. Raises `SendError`, and what `claim` raises.

        `claim`: awaited before the first byte leaves; what it raises stops the call.
        """
        if departure.media and not connector.provider.description.capabilities.sends_media:
            raise replace(NO_PICTURES)
        name = connector.provider.description.name
        with (
            self._traced(ExchangeKind.send, departure, connector),
            before_first_byte(claim) as first,
            self.meters.sending(name, partial(_outcome_of, first)),
        ):
            accepted = await connector.provider.send(
                self._text(departure, connector), connector.credentials
            )
            await first.come()
        self.meters.sent(name, departure.written_at)
        return accepted

    async def ask(
        self, departure: Departure, connector: OpenConnector, provider_message_id: str
    ) -> Accepted:
        """Ask what became of a text that the provider accepted. Raises `SendError`."""
        with self._traced(ExchangeKind.ask, departure, connector):
            return await connector.provider.ask(provider_message_id, connector.credentials)

    async def look_up(self, departure: Departure, connector: OpenConnector) -> Accepted | None:
        """Look a text up at the provider. Raises `SendError`, which says nothing about the text.

        Also returns None when the provider cannot list texts: then only a report can settle it.
        """
        if not connector.lists_texts:
            return None
        async with self.sessions() as session:
            owned = await sending.owned_provider_ids(session, departure)
        sought = Sought(
            sender=departure.sender,
            sender_kind=LineKind(departure.sender_kind),
            recipient=departure.recipient,
            text=departure.text,
            attempted_at=departure.left_at,
            known_ids=owned,
            files=len(departure.media),
        )
        with self._traced(ExchangeKind.search, departure, connector):
            return await connector.provider.find(sought, connector.credentials)

    async def taken(self, departure: Departure, accepted: Accepted) -> None:
        """Record that the provider accepted a text, or the failure it reported in its answer."""
        if accepted.failure:
            await self.refused(departure, accepted.failure, accepted)
            return
        now = await self.sessions.clock.now()
        await report(
            self.sessions.direct.fetch_one,
            departure.message_id,
            accepted.status,
            provider_message_id=accepted.provider_message_id,
            bill=bill_of(accepted.billing),
            at=now,
            look_up_at=now + self.time_outs.first_check,
        )

    async def found(
        self, departure: Departure, accepted: Accepted, look_up_at: datetime | None = None
    ) -> bool:
        """Settle a text by the provider's message; False when that belongs to another text.

        `look_up_at`: the time of the next look-up; None leaves it unchanged.
        """
        failure, now = accepted.failure, await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            if failure and failure.is_opt_out:
                await record_refusal(session, departure.to, sent_at=departure.left_at)
            return await lookups.settle_found(
                session,
                departure.message_id,
                accepted.provider_message_id,
                accepted.status,
                failure=reason_of(failure) if failure else None,
                bill=bill_of(accepted.billing),
                at=now,
                look_up_at=look_up_at,
            )

    async def refused(
        self, departure: Departure, error: SendError, accepted: Accepted | None = None
    ) -> None:
        """Record that a text failed, and the opt-out if that is the reason."""
        status = accepted.status if accepted else MessageStatus.failed
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            if error.is_opt_out:
                await record_refusal(session, departure.to, sent_at=departure.left_at)
            await report(
                in_session(session),
                departure.message_id,
                status,
                provider_message_id=accepted.provider_message_id if accepted else None,
                failure=reason_of(error),
                bill=bill_of(accepted.billing) if accepted else None,
                at=now,
            )

    async def doubt(self, departure: Departure, look_up_at: datetime | None = None) -> None:
        """Record that it is unknown whether a text was sent.

        `look_up_at`: the time of the next look-up; None leaves it unchanged.
        """
        await report(
            self.sessions.direct.fetch_one,
            departure.message_id,
            MessageStatus.unknown,
            failure=FINDING_OUT,
            at=await self.sessions.clock.now(),
            look_up_at=look_up_at,
        )

    def _traced(
        self, kind: ExchangeKind, departure: Departure, connector: OpenConnector
    ) -> AbstractContextManager[None]:
        """Keep the calls made inside for administrators, which no text waits for."""
        about = About(
            kind,
            departure.account_id,
            departure.connector_id,
            departure.line_id,
            departure.message_id,
            departure.provider_message_id,
        )
        return self.trace.of_calls(about, connector.credentials, [departure.text])

    def _text(self, departure: Departure, connector: OpenConnector) -> OutgoingText:
        described = connector.provider.description
        path = webhook_path(described, departure.line_id, described.reports_webhook)
        return OutgoingText(
            message_id=str(departure.message_id),
            sender=departure.sender,
            sender_kind=LineKind(departure.sender_kind),
            recipient=departure.recipient,
            text=departure.text,
            smart_encoding=departure.smart_encoding and described.capabilities.encodes_smartly,
            callback_url=f"{self.public_base_url}{path}?{self._named(departure)}",
            media=tuple(self._picture(ref) for ref in departure.media),
        )

    def _named(self, departure: Departure) -> str:
        """Return what a report's address names: the text and, if it is recorded, its trace."""
        trace = self.meters.spans.current()
        return f"mid={departure.message_id}" + (f"&{PARAMETER}={trace}" if trace else "")

    def _picture(self, ref: Mapping[str, str]) -> OutgoingMedia:
        """Return a picture with a new link. A link is made for each attempt, as it expires."""
        link = self.links.link(UUID(ref["file_id"]), datetime.now(UTC))
        return OutgoingMedia(link, ref["content_type"])


def _outcome_of(first: FirstByte, error: Exception) -> str | None:
    if first.is_refused:
        return None
    return error.outcome.value if isinstance(error, SendError) else "failed"


def reason_of(error: SendError) -> DeliveryFailure:
    """Return the reason for a failed text, as it is stored."""
    return DeliveryFailure(error.code, error.sentence, error.provider_code, error.told)


def bill_of(billing: Billing | None) -> Bill | None:
    """Return what a provider bills, as it is stored."""
    return Bill(billing.segments, billing.price, billing.currency) if billing else None
