"""Sends one text: opens its connector, submits it once, and settles it.

The text is claimed, and that committed, in the last moment before the first byte of the call
leaves. No text is sent again blindly: one that was claimed but has no provider's id is not sent
here, and `outgoing.lookups` finds out what became of it (ADR 0003).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import in_session
from database.engine import Sessions
from database.queries import sending
from database.queries.consent import is_blocked, is_opted_out
from database.queries.delivery import DeliveryFailure, give_up, report
from database.queries.sending import Departure
from database.queries.text_hours import put_off
from domain.delivery.message_status import MessageStatus
from domain.delivery.pacing import SHOWN_FROM
from domain.delivery.statuses import UNSENT
from domain.errors import ConsumerBlocked, ConsumerOptedOut
from outgoing.connectors import Connectors, OpenConnector
from outgoing.holds import Holds
from outgoing.submission import UNCONFIRMED, Submission
from outgoing.time_outs import TimeOuts
from providers.contract import Accepted, Reach, SendError, SendOutcome

log = structlog.stdlib.get_logger()

RETRY_PAUSE = timedelta(minutes=1)
"""The pause before another attempt, unless the provider names one. It equals the longest interval
of the workflow's retry policy.
"""

LOOKS_AGAIN = timedelta(minutes=5)
"""How often a text held by quiet hours looks whether the consumer has written. Ours: replies wait
behind it.
"""

OPTED_OUT = DeliveryFailure("opted_out", ConsumerOptedOut.sentence)
BLOCKED = DeliveryFailure("blocked", ConsumerBlocked.sentence)
TOO_LATE = "This text could not be sent in time."
OUT_OF_ORDER = DeliveryFailure(
    "connection_out_of_order",
    f"{TOO_LATE} The connection to the provider was out of order. "
    "Send it again if it still matters.",
)
NO_ROOM = DeliveryFailure(
    "line_busy",
    f"{TOO_LATE} The line has more texts to send than the provider takes. "
    "Send it again later if it still matters.",
)
QUIET = DeliveryFailure(
    "quiet_hours",
    f"{TOO_LATE} Quiet hours have begun where the consumer is. Send it again when they are over.",
)
TOO_OLD = DeliveryFailure("too_old", f"{TOO_LATE} Send it again if it still matters.")


class TryLater(Exception):
    """A text is not settled and must be tried again, after `delay` or, if None, a back-off."""

    def __init__(self, code: str, delay: timedelta | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.delay = delay


class _NotClaimed(Exception):
    """Somebody else sends a text or has settled it. `departure`: as it is now; None: it is gone."""

    def __init__(self, departure: Departure | None) -> None:
        super().__init__("not claimed")
        self.departure = departure


@dataclass(frozen=True)
class Ended:
    """The result for one text: a `MessageStatus`, and whether the consumer has opted out."""

    status: str
    is_opt_out: bool = False


@dataclass(frozen=True)
class Sender:
    """Sends texts, with or without a conversation. Several may try the same text at once."""

    sessions: Sessions
    connectors: Connectors
    submission: Submission
    holds: Holds
    time_outs: TimeOuts

    async def send(self, message_id: UUID) -> Ended:
        """Send a text unless it was settled before. Raises `TryLater`."""
        found = await sending.look(self.sessions.direct, message_id)
        if found is None:
            return Ended(status="missing")
        named = {"conversation_id": str(found.conversation_id)} if found.conversation_id else {}
        with structlog.contextvars.bound_contextvars(**named):
            return await self._send(found)

    async def _send(self, found: Departure) -> Ended:
        if not _may_be_claimed(found):
            return await self._wait(found)
        if again_at := await self.holds.by_connector(found):
            return await self._hold(found, again_at, OUT_OF_ORDER)
        try:
            connector = self.connectors.open(found)
            if quiet_until := await self.holds.by_quiet_hours(found):
                return await self._hold_quiet(found, quiet_until)
            if again_at := await self.holds.by_line(found):
                return await self._hold(found, again_at, NO_ROOM)
            settled = await self._already_sent(found, connector)
        except SendError as error:
            return await self._not_begun(found, error)
        if settled is None and await self.sessions.clock.now() >= found.gives_up_at:
            return await self._give_up(found, TOO_OLD)
        return settled or await self._claim_and_send(found, connector)

    async def _hold(self, found: Departure, again_at: datetime, why: DeliveryFailure) -> Ended:
        """Let a text wait for its connector or its line, unless it would be too old by then."""
        now = await self.sessions.clock.now()
        if again_at >= found.gives_up_at:
            return await self._give_up(found, why)
        if again_at - now >= SHOWN_FROM:
            async with self.sessions.begin() as session:
                await sending.release(session, found, now, again_at)
        raise TryLater(why.code, again_at - now)

    async def _hold_quiet(self, found: Departure, until: datetime) -> Ended:
        """Let a text wait for the end of quiet hours, and for the consumer, who may write first."""
        if found.conversation_id is None:
            await put_off(self.sessions.direct, found.message_id, until)
            raise TryLater(QUIET.code, until - await self.sessions.clock.now())
        if until >= found.gives_up_at:
            return await self._give_up(found, QUIET)
        looks_again_at = await self.sessions.clock.now() + LOOKS_AGAIN
        return await self._hold(found, min(until, looks_again_at), QUIET)

    async def _give_up(self, found: Departure, why: DeliveryFailure) -> Ended:
        ask, claimed_at = self.sessions.direct.fetch_one, found.attempted_at
        now = await self.sessions.clock.now()
        if not await give_up(ask, found.message_id, why, claimed_at=claimed_at, at=now):
            raise TryLater("not_its_own")  # somebody else sends it now, or has settled it
        return Ended(status=MessageStatus.failed.value)

    async def _already_sent(self, found: Departure, connector: OpenConnector) -> Ended | None:
        """Look up a text that was queued long ago before it is sent. Raises `SendError`.

        A restored database shows texts as queued that were sent. One that was written anew after a
        restore is not sent where the provider cannot say whether it has it.
        """
        last_heard_at = max(found.written_at, found.attempted_at or found.written_at)
        is_new = await self.sessions.clock.now() - last_heard_at < self.time_outs.age
        if is_new and found.maybe_sent_since is None:
            return None
        if found.maybe_sent_since and not connector.lists_texts:
            return await self._unconfirmed(found)
        if await sending.has_twin_in_doubt(self.sessions.direct, found):
            # The provider may list the other text with the same words.
            raise TryLater("same_words_in_doubt", self.time_outs.callback)
        since = found.maybe_sent_since
        accepted = await self.submission.look_up(replace(found, attempted_at=since), connector)
        look_up_at = await self.sessions.clock.now() + self.time_outs.first_check
        if accepted and await self.submission.found(found, accepted, look_up_at):
            return _ended(accepted)
        return None

    async def _not_begun(self, found: Departure, error: SendError) -> Ended:
        """Handle an error before the claim: try later, or settle the text if it is too old then.

        If the look-up failed too, the text is settled as unknown, because it may have been sent.
        """
        now = await self.sessions.clock.now()
        if error.outcome is SendOutcome.ambiguous and now + RETRY_PAUSE >= found.gives_up_at:
            return await self._unconfirmed(found)
        return await self._try_later(found, error)

    async def _unconfirmed(self, found: Departure) -> Ended:
        unknown, ask = MessageStatus.unknown, self.sessions.direct.fetch_one
        now = await self.sessions.clock.now()
        await report(ask, found.message_id, unknown, failure=UNCONFIRMED, at=now)
        return Ended(status=unknown.value)

    async def _claim_and_send(self, found: Departure, connector: OpenConnector) -> Ended:
        claimed: list[Departure] = []

        async def claim() -> None:
            claimed.append(await self._claimed(found.message_id))

        try:
            accepted = await self.submission.send(found, connector, claim)
        except _NotClaimed as other:
            return await self._leave_it(other)
        except SendError as error:
            if claimed:
                return await self._settle_failure(claimed[0], error)
            return await self._unclaimed(found, error)
        await self.submission.taken(claimed[0], accepted)
        await self.holds.works(found)
        return _ended(accepted)

    async def _unclaimed(self, found: Departure, error: SendError) -> Ended:
        """Handle an error of a call that claimed nothing: as a rule no connection came about."""
        if error.outcome is SendOutcome.not_processed:
            return await self._try_later(found, error, is_tried=True)
        try:
            departure = await self._claimed(found.message_id)
        except _NotClaimed as other:
            return await self._leave_it(other)
        return await self._settle_failure(departure, error)

    async def _leave_it(self, other: "_NotClaimed") -> Ended:
        if other.departure is None:
            return Ended(status="missing")
        return await self._wait(other.departure)

    async def _claimed(self, message_id: UUID) -> Departure:
        """Claim a text, and return it as it is then. Raises `_NotClaimed`, `TryLater`."""
        departure = await self._claim(message_id)
        if departure is None or not _may_be_claimed(departure):
            raise _NotClaimed(departure)
        return departure

    async def _claim(self, message_id: UUID) -> Departure | None:
        """Claim a text if it may be sent, and return it as it was before.

        Raises `TryLater` while an earlier text to the same phone is being sent.
        """
        now = await self.sessions.clock.now()
        look_up_at = now + self.time_outs.call
        since = now - self.time_outs.overtaking
        claimed = await sending.claim_at_once(
            self.sessions.direct, message_id, now, look_up_at, since
        )
        return claimed or await self._claim_in_turn(message_id, now, look_up_at)

    async def _claim_in_turn(
        self, message_id: UUID, now: datetime, look_up_at: datetime
    ) -> Departure | None:
        async with self.sessions.begin() as session:
            departure = await sending.lock_departure(session, message_id)
            if departure is None or not _may_be_claimed(departure):
                return departure
            failure = await _bar(session, departure)
            if failure is None:
                since = now - self.time_outs.overtaking
                if await sending.is_overtaking(session, message_id, since):
                    raise TryLater("not_its_turn")
                await sending.claim(session, message_id, now, look_up_at)
                return replace(departure, attempted_at=now)
            await report(
                in_session(session), message_id, MessageStatus.failed, failure=failure, at=now
            )
        return replace(departure, status=MessageStatus.failed)

    async def _settle_failure(self, departure: Departure, error: SendError) -> Ended:
        message_id = str(departure.message_id)
        if error.reach is Reach.text:  # the others are logged once for all their texts
            outcome = error.outcome
            log.warning("send_failed", message_id=message_id, error=error.code, outcome=outcome)
        match error.outcome:
            case SendOutcome.refused:
                await self.submission.refused(departure, error)
                await self.holds.works(departure)
                return Ended(status=MessageStatus.failed.value, is_opt_out=error.is_opt_out)
            case SendOutcome.not_processed:
                return await self._try_later(departure, error)
            case SendOutcome.ambiguous:
                attempted_at = departure.attempted_at or await self.sessions.clock.now()
                await self.submission.doubt(departure, attempted_at + self.time_outs.callback)
                raise TryLater(error.code, self.time_outs.overtaking) from error

    async def _try_later(
        self, departure: Departure, error: SendError, *, is_tried: bool = False
    ) -> Ended:
        now = await self.sessions.clock.now()
        wish = timedelta(seconds=error.retry_after) if error.retry_after else None
        held_until = await self.holds.after(departure, error)
        delay = held_until - now if held_until else wish
        again_at = now + (delay or RETRY_PAUSE)
        if again_at >= departure.gives_up_at:
            return await self._give_up(departure, _not_taken(error))
        async with self.sessions.begin() as session:
            await sending.release(session, departure, now, again_at, is_tried=is_tried)
        raise TryLater(error.code, delay) from error

    async def _wait(self, departure: Departure) -> Ended:
        """Make later texts wait for a text in doubt: for some seconds, or until it is settled.

        `outgoing.lookups` settles it meanwhile.
        """
        if _is_settled(departure):
            return Ended(status=departure.status.value)
        if departure.status is MessageStatus.sending:
            await self.submission.doubt(departure)
        age = await self.sessions.clock.now() - departure.left_at
        if not departure.may_overtake_unconfirmed:
            raise TryLater("unconfirmed", self.time_outs.callback)
        if age < self.time_outs.overtaking:
            raise TryLater("unconfirmed", self.time_outs.overtaking - age)
        return Ended(status=MessageStatus.unknown.value)


def _may_be_claimed(departure: Departure) -> bool:
    """Say whether a text waits to be sent. One that its provider knows waits for reports only."""
    return departure.status is MessageStatus.queued and departure.provider_message_id is None


async def _bar(session: AsyncSession, departure: Departure) -> DeliveryFailure | None:
    """Return why a text may not be sent to its consumer; None: it may."""
    if await is_blocked(session, departure.consumer_id):
        return BLOCKED
    is_barred = not departure.is_consent_reply and await is_opted_out(session, departure.to)
    return OPTED_OUT if is_barred else None


def _ended(accepted: Accepted) -> Ended:
    is_opt_out = accepted.failure is not None and accepted.failure.is_opt_out
    return Ended(status=accepted.status.value, is_opt_out=is_opt_out)


def _not_taken(error: SendError) -> DeliveryFailure:
    """Return why a text is not tried again, with the reason of the last attempt."""
    sentence = f"{TOO_LATE} {error.sentence}"
    return DeliveryFailure("provider_unavailable", sentence, error.provider_code, error.told)


def _is_settled(departure: Departure) -> bool:
    """Say whether nothing is left to do or wait for. A text that is not looked up stays unknown."""
    if departure.status not in UNSENT or departure.provider_message_id is not None:
        return True
    return departure.status is MessageStatus.unknown and departure.look_up_at is None
