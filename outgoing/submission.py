"""Handing one text to its provider, looking it up there, and settling what is known of it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from database.direct import in_session
from database.engine import Sessions
from database.queries import lookups, sending
from database.queries.consent import record_refusal
from database.queries.delivery import DeliveryFailure, report
from database.queries.sending import Departure
from domain.delivery.message_status import MessageStatus
from domain.numbers.kinds import LineKind
from outgoing.connectors import OpenConnector
from outgoing.time_outs import TimeOuts
from providers.contract import Accepted, OutgoingText, SendError, Sought, webhook_path

FINDING_OUT = DeliveryFailure(
    "finding_out",
    "The provider did not answer. We are finding out whether the text was sent; please wait.",
)
UNCONFIRMED = DeliveryFailure(
    "unconfirmed",
    "We could not find out whether this text was sent. Ask the consumer before you send it again.",
)


@dataclass(frozen=True)
class Submission:
    """One text between us and its provider. Whoever calls holds the text."""

    sessions: Sessions
    public_base_url: str
    time_outs: TimeOuts

    async def send(self, departure: Departure, opened: OpenConnector) -> Accepted:
        """Hand a claimed text over, once. Raises `SendError`."""
        return await opened.provider.send(self._text(departure, opened), opened.credentials)

    async def look_up(self, departure: Departure, opened: OpenConnector) -> Accepted | None:
        """Look for a text at the provider. Raises `SendError`, which says nothing about it.

        None also where the provider cannot be asked: then only a report of it can tell.
        """
        if not opened.provider.description.capabilities.finds_by_number:
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
        )
        return await opened.provider.find(sought, opened.credentials)

    async def taken(self, departure: Departure, accepted: Accepted) -> None:
        """Write that the provider has taken a text, or why it did not in spite of taking it."""
        if accepted.failure:
            await self.refused(departure, accepted.failure, accepted)
            return
        now = datetime.now(UTC)
        await report(
            self.sessions.direct.fetch_one,
            departure.message_id,
            accepted.status,
            provider_message_id=accepted.provider_message_id,
            at=now,
            ask_at=now + self.time_outs.question,
        )

    async def found(
        self, departure: Departure, accepted: Accepted, ask_at: datetime | None = None
    ) -> bool:
        """Settle a text by what the provider shows of it; says whether it is not another text's.

        `ask_at`: when the provider is asked about it next; None leaves that as it is.
        """
        failure = accepted.failure
        async with self.sessions.begin() as session:
            if failure and failure.is_opt_out:
                await record_refusal(session, departure.to, sent_at=departure.left_at)
            return await lookups.own(
                session,
                departure.message_id,
                accepted.provider_message_id,
                accepted.status,
                failure=reason_of(failure) if failure else None,
                at=datetime.now(UTC),
                ask_at=ask_at,
            )

    async def refused(
        self, departure: Departure, error: SendError, accepted: Accepted | None = None
    ) -> None:
        """Write that a text did not leave or arrive, and the opt-out where that is why."""
        status = accepted.status if accepted else MessageStatus.failed
        async with self.sessions.begin() as session:
            if error.is_opt_out:
                await record_refusal(session, departure.to, sent_at=departure.left_at)
            await report(
                in_session(session),
                departure.message_id,
                status,
                provider_message_id=accepted.provider_message_id if accepted else None,
                failure=reason_of(error),
                at=datetime.now(UTC),
            )

    async def doubt(self, departure: Departure, look_up_at: datetime | None = None) -> None:
        """Write that nobody knows whether a text was sent; it is looked up then, or as set."""
        await report(
            self.sessions.direct.fetch_one,
            departure.message_id,
            MessageStatus.unknown,
            failure=FINDING_OUT,
            at=datetime.now(UTC),
            ask_at=look_up_at,
        )

    def _text(self, departure: Departure, opened: OpenConnector) -> OutgoingText:
        described = opened.provider.description
        path = webhook_path(described, departure.line_id, described.reports_webhook)
        return OutgoingText(
            message_id=str(departure.message_id),
            sender=departure.sender,
            sender_kind=LineKind(departure.sender_kind),
            recipient=departure.recipient,
            text=departure.text,
            callback_url=f"{self.public_base_url}{path}?mid={departure.message_id}",
        )


def reason_of(error: SendError) -> DeliveryFailure:
    """Return why a text failed, as it is kept."""
    return DeliveryFailure(error.code, error.sentence, error.provider_code)
