"""Sending a text once: commit before the call, then settle; never send again blindly.

An attempt that finds the text claimed but without a provider's id does not send. What became of it
is found out beside the conversation, in `outgoing.questions` (ADR 0003).
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.contract import SEND, SendRequest, Sent
from database.direct import within
from database.engine import Sessions
from database.queries import sending
from database.queries.consent import Consenting, is_opted_out
from database.queries.delivery import Failure, report
from database.queries.sending import Departure
from domain.delivery.message_status import MessageStatus
from domain.errors import ConsumerOptedOut
from outgoing.connectors import Connectors, Opened
from outgoing.handover import UNCONFIRMED, Handover
from outgoing.patience import Patience
from providers.contract import Accepted, Outcome, SendError

log = structlog.stdlib.get_logger()

LONGEST_RUN = 20.0
"""Seconds after which no further text is begun: each takes up to 20, and an attempt has 45."""
RETRY_PAUSE = timedelta(minutes=1)
"""The longest between two attempts, where the provider names none: as the workflow's policy."""

OPTED_OUT = Failure("opted_out", ConsumerOptedOut.sentence)
TRIED_FOR_HOURS = "For hours this text could not be sent."


@dataclass(frozen=True)
class Ended:
    """How one text ended: a `MessageStatus`, and whether the consumer opted out of this sender."""

    status: str
    is_opt_out: bool = False


@dataclass(frozen=True)
class Sending:
    """The activity that hands texts to providers."""

    sessions: Sessions
    connectors: Connectors
    handover: Handover
    patience: Patience

    @activity.defn(name=SEND)
    async def send(self, request: SendRequest) -> Sent:
        """Bring messages of the transcript to their consumer, each once and in order.

        What was settled in an earlier attempt is passed over.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        sent: list[Ended] = []
        for message_id in request.message_ids:
            if clock() - began > LONGEST_RUN:
                raise _later("more_to_send", timedelta(milliseconds=1))
            sent.append(await self._send_one(UUID(message_id)))
        return Sent(
            statuses=tuple(one.status for one in sent),
            is_opt_out=any(one.is_opt_out for one in sent),
        )

    async def _send_one(self, message_id: UUID) -> Ended:
        found = await sending.look(self.sessions.direct, message_id)
        if found is None:
            return Ended(status="missing")
        if found.status is not MessageStatus.queued:
            return await self._wait(found)
        try:
            opened = self.connectors.open(found)
            settled = await self._already_sent(found, opened)
        except SendError as error:
            return await self._not_begun(found, error)
        return settled or await self._claim_and_send(found, opened)

    async def _already_sent(self, found: Departure, opened: Opened) -> Ended | None:
        """Look an old text up before it is sent: a restored database shows as queued what left.

        Raises `SendError`.
        """
        last_heard_at = max(found.written_at, found.attempted_at or found.written_at)
        if datetime.now(UTC) - last_heard_at < self.patience.age:
            return None
        if await sending.has_twin_in_doubt(self.sessions.direct, found):
            # What is listed may be the other text with the same words.
            raise _later("same_words_in_doubt", self.patience.callback)
        accepted = await self.handover.look_up(replace(found, attempted_at=None), opened)
        ask_at = datetime.now(UTC) + self.patience.question
        if accepted and await self.handover.found(found, accepted, ask_at):
            return _ended(accepted)
        return None

    async def _not_begun(self, found: Departure, error: SendError) -> Ended:
        """Nothing could be done about a text: it is tried later, and told when that is too long.

        Whether it was sent before is not known then, if that could not be looked up.
        """
        if error.outcome is Outcome.ambiguous and self._is_over(found):
            now = datetime.now(UTC)
            unknown = MessageStatus.unknown
            ask = self.sessions.direct.one
            await report(ask, found.message_id, unknown, failure=UNCONFIRMED, at=now)
            return Ended(status=unknown.value)
        return await self._try_later(found, error)

    async def _claim_and_send(self, found: Departure, opened: Opened) -> Ended:
        departure = await self._claim(found.message_id)
        if departure is None:
            return Ended(status="missing")
        if departure.status is not MessageStatus.queued:
            return await self._wait(departure)
        try:
            accepted = await self.handover.send(departure, opened)
        except SendError as error:
            return await self._settle_failure(departure, error)
        await self.handover.taken(departure, accepted)
        return _ended(accepted)

    async def _claim(self, message_id: UUID) -> Departure | None:
        """Return the text as it was found; one that may leave is claimed by now."""
        now = datetime.now(UTC)
        ask_at = now + self.patience.call
        claimed = await sending.claim_at_once(self.sessions.direct, message_id, now, ask_at)
        return claimed or await self._claim_in_turn(message_id, now, ask_at)

    async def _claim_in_turn(
        self, message_id: UUID, now: datetime, ask_at: datetime
    ) -> Departure | None:
        async with self.sessions.begin() as session:
            departure = await sending.lock_departure(session, message_id)
            if departure is None or departure.status is not MessageStatus.queued:
                return departure
            barred = await is_opted_out(session, _recipient(departure))
            if not barred or departure.is_consent_reply:
                await sending.claim(session, message_id, now, ask_at)
                return replace(departure, attempted_at=now)
            await report(
                within(session), message_id, MessageStatus.failed, failure=OPTED_OUT, at=now
            )
        return replace(departure, status=MessageStatus.failed)

    async def _settle_failure(self, departure: Departure, error: SendError) -> Ended:
        message_id = str(departure.message_id)
        log.warning("send_failed", message_id=message_id, error=error.code, outcome=error.outcome)
        match error.outcome:
            case Outcome.refused:
                await self.handover.refused(departure, error)
                return Ended(status=MessageStatus.failed.value, is_opt_out=error.is_opt_out)
            case Outcome.not_processed:
                return await self._try_later(departure, error)
            case Outcome.ambiguous:
                attempted_at = departure.attempted_at or datetime.now(UTC)
                await self.handover.doubt(departure, attempted_at + self.patience.callback)
                raise _later(error.code, self.patience.overtaking) from error

    async def _try_later(self, departure: Departure, error: SendError) -> Ended:
        now = datetime.now(UTC)
        if self._is_over(departure):
            failed, over = MessageStatus.failed, _not_taken(error)
            ask = self.sessions.direct.one
            await report(ask, departure.message_id, failed, failure=over, at=now)
            return Ended(status=failed.value)
        wish = timedelta(seconds=error.retry_after) if error.retry_after else None
        async with self.sessions.begin() as session:
            await sending.release(session, departure, now, now + (wish or RETRY_PAUSE))
        raise _later(error.code, wish) from error

    def _is_over(self, departure: Departure) -> bool:
        return datetime.now(UTC) - departure.written_at >= self.patience.outage

    async def _wait(self, departure: Departure) -> Ended:
        """Let a text in doubt hold up later ones: for some seconds, or until it is settled.

        Finding out goes on beside the conversation.
        """
        if _is_settled(departure):
            return Ended(status=departure.status.value)
        if departure.status is MessageStatus.sending:
            await self.handover.doubt(departure)
        age = datetime.now(UTC) - (departure.attempted_at or departure.written_at)
        if not departure.may_overtake_unconfirmed:
            raise _later("unconfirmed", self.patience.callback)
        if age < self.patience.overtaking:
            raise _later("unconfirmed", self.patience.overtaking - age)
        return Ended(status=MessageStatus.unknown.value)


def _ended(accepted: Accepted) -> Ended:
    is_opt_out = accepted.failure is not None and accepted.failure.is_opt_out
    return Ended(status=accepted.status.value, is_opt_out=is_opt_out)


def _not_taken(error: SendError) -> Failure:
    """Return why a text is tried no more: by the last of its tries, each of which was in vain."""
    sentence = f"{TRIED_FOR_HOURS} {error.sentence}"
    return Failure("provider_unavailable", sentence, error.provider_code)


def _is_settled(departure: Departure) -> bool:
    """Say whether nothing is to be done or waited for: what is asked no more stays unknown."""
    under_way = (MessageStatus.queued, MessageStatus.sending, MessageStatus.unknown)
    if departure.status not in under_way or departure.provider_message_id is not None:
        return True
    return departure.status is MessageStatus.unknown and departure.ask_at is None


def _recipient(departure: Departure) -> Consenting:
    return Consenting(departure.account_id, departure.consumer_id, departure.line_id)


def _later(code: str, delay: timedelta | None = None) -> ApplicationError:
    """Return what ends this attempt; Temporal makes the next, by its back-off without `delay`.

    It is no fault of ours: the log gets no traceback of it.
    """
    return ApplicationError(
        code, type=code, next_retry_delay=delay, category=ApplicationErrorCategory.BENIGN
    )
