"""Sending a text once: commit before the call, then settle; never send again blindly.

An attempt that finds the text claimed but without a provider's id does not send. It waits for a
delivery callback, which carries our id, and looks the text up at the provider (ADR 0003).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import SEND, SendRequest, Sent
from database.direct import within
from database.engine import Sessions
from database.queries import sending
from database.queries.consent import Consenting, is_opted_out, record_refusal
from database.queries.delivery import Failure, report
from database.queries.sending import Departure
from domain.errors import ConsumerOptedOut
from domain.words import LineKind, MessageStatus
from providers.contract import (
    Accepted,
    Credentials,
    Outcome,
    OutgoingText,
    Provider,
    SendError,
    Sought,
)
from providers.secrets import SecretBox

FINDING_OUT = Failure(
    "finding_out",
    "The provider did not answer. We are finding out whether the text was sent; please wait.",
)
UNCONFIRMED = (
    "We could not find out whether this text was sent. Ask the consumer before you send it again."
)
OPTED_OUT = Failure("opted_out", ConsumerOptedOut.sentence)
NOT_ANSWERING = Failure(
    "provider_unavailable",
    "The provider could not take this text for hours. It was not sent; please send it again.",
)


@dataclass(frozen=True)
class Patience:
    """How long what may take. `callback`: for a delivery callback before the provider's list is
    read; `doubt`: until an unconfirmed text is given up; `outage`: until a text that the provider
    does not take fails; `listing`: until a provider whose list cannot be read is given up.
    """

    callback: timedelta = timedelta(seconds=10)
    doubt: timedelta = timedelta(seconds=150)
    outage: timedelta = timedelta(hours=4)
    listing: timedelta = timedelta(hours=1)


@dataclass(frozen=True)
class Ended:
    """How one text ended: a `MessageStatus`, and whether the consumer opted out of this sender."""

    status: str
    is_opt_out: bool = False


@dataclass(frozen=True)
class Sending:
    """The activity that hands texts to providers."""

    sessions: Sessions
    providers: Mapping[str, Provider]
    secrets: SecretBox
    public_base_url: str
    patience: Patience = field(default_factory=Patience)

    @activity.defn(name=SEND)
    async def send(self, request: SendRequest) -> Sent:
        """Bring messages of the transcript to their consumer, each once and in order.

        What was settled in an earlier attempt is passed over.
        """
        sent = [await self._send_one(UUID(message_id)) for message_id in request.message_ids]
        return Sent(
            statuses=tuple(one.status for one in sent),
            is_opt_out=any(one.is_opt_out for one in sent),
        )

    async def _send_one(self, message_id: UUID) -> Ended:
        departure = await self._claim(message_id)
        if departure is None or _is_settled(departure):
            return Ended(status=departure.status.value if departure else "missing")
        if departure.status is MessageStatus.queued:
            return await self._attempt(departure)
        return await self._find_out(departure)

    async def _claim(self, message_id: UUID) -> Departure | None:
        """Return the text as it was found; one that may leave is claimed by now."""
        now = datetime.now(UTC)
        claimed = await sending.claim_at_once(self.sessions.direct, message_id, now)
        return claimed or await self._claim_in_turn(message_id, now)

    async def _claim_in_turn(self, message_id: UUID, now: datetime) -> Departure | None:
        async with self.sessions.begin() as session:
            departure = await sending.lock_departure(session, message_id)
            if departure is None or departure.status is not MessageStatus.queued:
                return departure
            barred = await is_opted_out(session, _recipient(departure))
            if not barred or departure.is_consent_reply:
                await sending.claim(session, message_id, now)
                return replace(departure, attempted_at=now)
            await report(
                within(session), message_id, MessageStatus.failed, failure=OPTED_OUT, at=now
            )
        return _failed(departure)

    async def _attempt(self, departure: Departure) -> Ended:
        try:
            accepted = await self._provider(departure).send(
                self._text(departure), self._credentials(departure)
            )
        except SendError as error:
            return await self._settle_failure(departure, error)
        return await self._settle(departure, accepted)

    async def _settle(self, departure: Departure, accepted: Accepted) -> Ended:
        await report(
            self.sessions.direct.one,
            departure.message_id,
            accepted.status,
            provider_message_id=accepted.provider_message_id,
            at=datetime.now(UTC),
        )
        return Ended(status=accepted.status.value)

    async def _settle_failure(self, departure: Departure, error: SendError) -> Ended:
        match error.outcome:
            case Outcome.refused:
                return await self._refused(departure, error)
            case Outcome.not_processed:
                return await self._try_later(departure, error)
            case Outcome.ambiguous:
                await self._doubt(departure)
                raise _later(error.code, self.patience.callback) from error

    async def _refused(self, departure: Departure, error: SendError) -> Ended:
        now = datetime.now(UTC)
        async with self.sessions.begin() as session:
            if error.is_opt_out:
                sent_at = departure.attempted_at or now
                await record_refusal(session, _recipient(departure), sent_at=sent_at)
            failure = Failure(error.code, error.sentence)
            await report(
                within(session), departure.message_id, MessageStatus.failed, failure=failure, at=now
            )
        return Ended(status=MessageStatus.failed.value, is_opt_out=error.is_opt_out)

    async def _try_later(self, departure: Departure, error: SendError) -> Ended:
        now = datetime.now(UTC)
        if now - departure.written_at < self.patience.outage:
            async with self.sessions.begin() as session:
                await sending.release(session, departure.message_id)
            wish = timedelta(seconds=error.retry_after) if error.retry_after else None
            raise _later(error.code, wish) from error
        await report(
            self.sessions.direct.one,
            departure.message_id,
            MessageStatus.failed,
            failure=NOT_ANSWERING,
            at=now,
        )
        return Ended(status=MessageStatus.failed.value)

    async def _doubt(self, departure: Departure) -> None:
        await report(
            self.sessions.direct.one,
            departure.message_id,
            MessageStatus.unknown,
            failure=FINDING_OUT,
            at=datetime.now(UTC),
        )

    async def _find_out(self, departure: Departure) -> Ended:
        """Settle a text whose answer was lost, or whose sender died in the middle."""
        await self._doubt(departure)
        now = datetime.now(UTC)
        age = now - (departure.attempted_at or now)
        if age < self.patience.callback:
            raise _later("waiting_for_callback", self.patience.callback - age)
        try:
            found = await self._look_up(departure)
        except SendError as error:
            if age > self.patience.listing:
                return await self._give_up(departure)
            raise _later(error.code) from error
        if found:
            return await self._settle(departure, found)
        if age < self.patience.doubt:
            raise _later("not_listed_yet", self.patience.callback)
        return await self._decide_unlisted(departure)

    async def _look_up(self, departure: Departure) -> Accepted | None:
        async with self.sessions() as session:
            owned = await sending.owned_provider_ids(session, departure)
        sought = Sought(
            sender=departure.sender,
            sender_kind=LineKind(departure.sender_kind),
            recipient=departure.recipient,
            text=departure.text,
            attempted_at=departure.attempted_at or departure.written_at,
            known_ids=owned,
        )
        return await self._provider(departure).find(sought, self._credentials(departure))

    async def _decide_unlisted(self, departure: Departure) -> Ended:
        """The provider does not list it: send once more where the account wants that."""
        if not departure.resend_unconfirmed or departure.resent:
            return await self._give_up(departure)
        async with self.sessions.begin() as session:
            await sending.release(session, departure.message_id, resent=True)
        raise _later("resend_unconfirmed", timedelta(seconds=1))

    async def _give_up(self, departure: Departure) -> Ended:
        async with self.sessions.begin() as session:
            await sending.leave_unconfirmed(session, departure, UNCONFIRMED, datetime.now(UTC))
        return Ended(status=MessageStatus.unknown.value)

    def _provider(self, departure: Departure) -> Provider:
        return self.providers[departure.provider]

    def _credentials(self, departure: Departure) -> Credentials:
        return self.secrets.unseal(departure.secret).credentials(departure.api_url)

    def _text(self, departure: Departure) -> OutgoingText:
        path = f"/webhooks/{departure.provider}/{departure.line_id}/status"
        return OutgoingText(
            message_id=str(departure.message_id),
            sender=departure.sender,
            sender_kind=LineKind(departure.sender_kind),
            recipient=departure.recipient,
            text=departure.text,
            callback_url=f"{self.public_base_url}{path}?mid={departure.message_id}",
        )


def _is_settled(departure: Departure) -> bool:
    under_way = (MessageStatus.queued, MessageStatus.sending, MessageStatus.unknown)
    return departure.status not in under_way or departure.provider_message_id is not None


def _recipient(departure: Departure) -> Consenting:
    return Consenting(departure.account_id, departure.consumer_id, departure.line_id)


def _failed(departure: Departure) -> Departure:
    return replace(departure, status=MessageStatus.failed)


def _later(code: str, delay: timedelta | None = None) -> ApplicationError:
    """Return what ends this attempt; Temporal makes the next, by its back-off without `delay`."""
    return ApplicationError(code, type=code, next_retry_delay=delay)
