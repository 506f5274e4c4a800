"""What holds a text back before it is claimed: a connector out of order, the pace of its line, and
quiet hours that have begun while it waited for either.

Everything is kept in PostgreSQL, so any number of workers keep to it together. A reply on a line
without a pace of its own that is not throttled, and a connector that works, cost no statement.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from database.engine import Sessions
from database.queries import lanes, pauses
from database.queries.delivery import DeliveryFailure
from database.queries.quiet_hours import numbers_hours
from database.queries.sending import Departure
from database.queries.text_hours import texts_hours
from domain.batches.hours import own_hours
from domain.consent.quiet_hours import held_until
from domain.delivery.pacing import CAREFUL_PACE, SLOW_FOR, pace_of
from domain.numbers.kinds import LineKind
from providers.contract import Reach, SendError

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Holds:
    """Says when a text may leave, and learns from the provider's answers."""

    sessions: Sessions

    async def by_connector(self, text: Departure) -> datetime | None:
        """Return when a text must ask again because its connector is paused; None: it may go on.

        One text at a time goes on, to try the connector.
        """
        if text.try_at is None:
            return None
        now = await self.sessions.clock.now()
        if text.try_at > now:
            return text.try_at + _spread(text, text.try_at - now)
        if await pauses.take_trial(self.sessions.direct, text.connector_id, now):
            return None
        return now + SOON + _spread(text, SOON)

    async def by_line(self, text: Departure) -> datetime | None:
        """Return when its line has room for a text; None: now, and the room is taken."""
        now = await self.sessions.clock.now()
        pace = _pace(text, now)
        if pace is None or text.try_at is not None:  # a text that tries its connector does not wait
            return None
        leaves_at = text.leaves_at
        if leaves_at is None or leaves_at < (text.throttled_until or leaves_at):
            leaves_at = await lanes.give_time(self.sessions.direct, text, pace, now)
        if leaves_at > now:
            if text.conversation_id is not None or leaves_at - now > NEAR:
                return leaves_at
            await asyncio.sleep((leaves_at - now).total_seconds())
            now = await self.sessions.clock.now()
        if not text.is_proactive or await lanes.take_room(self.sessions.direct, text, pace, now):
            return None
        return max(await lanes.give_time(self.sessions.direct, text, pace, now), now + AT_ONCE)

    async def by_quiet_hours(self, text: Departure) -> datetime | None:
        """Return when a text that nobody asked for may leave, if it waited into quiet hours.

        No conversation has asked for a text without one, so it is always asked for here.
        """
        if not text.is_proactive or text.is_consent_reply:
            return None
        now = await self.sessions.clock.now()
        if text.conversation_id is None:
            return await self._by_own_hours(text, now)
        if now - text.written_at < CHECKED_WITHIN:
            return None
        found = await numbers_hours(self.sessions.direct, text.account_id, text.consumer_id)
        hold = held_until(found[0], now, found[1]) if found else None
        return hold.until if hold else None

    async def _by_own_hours(self, text: Departure, now: datetime) -> datetime | None:
        found = await texts_hours(self.sessions.direct, text.message_id)
        own = own_hours(found[1]) if found else None
        hold = held_until(found[0], now, own) if found and own else None
        return hold.until if hold else None

    async def after(self, text: Departure, error: SendError) -> datetime | None:
        """Hold back what would fail for the same reason; returns when to try the text again.

        None: only this text is concerned.
        """
        match error.reach:
            case Reach.line:
                return await self._throttle(text, error)
            case Reach.connector:
                return await self._pause(text, error)
            case Reach.text:
                return None

    async def works(self, text: Departure) -> None:
        """Resume the connector of a text that tried it, because the provider took the text."""
        if text.try_at is None:
            return
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            resumed = await pauses.end(session, text.connector_id, now)
        if resumed:
            log.info("connector_resumed", connector=text.connector_id)

    async def _throttle(self, text: Departure, error: SendError) -> datetime:
        direct = self.sessions.direct
        now = await self.sessions.clock.now()
        until, was_slow = await lanes.throttle(direct, text.line_id, error.retry_after, now)
        if not was_slow:
            log.warning("line_throttled", line=text.line_id, error=error.code)
        # It is given the first time after the pause, before the texts that wait behind it.
        pace = text.segments_per_second or CAREFUL_PACE
        return max(await lanes.give_time(direct, text, pace, now), until)

    async def _pause(self, text: Departure, error: SendError) -> datetime:
        reason = DeliveryFailure(error.code, REFUSED_AS_A_WHOLE, error.provider_code)
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            try_at, is_new = await pauses.begin(
                session, text.account_id, text.connector_id, reason, now
            )
        if is_new:
            log.error("connector_paused", connector=text.connector_id, error=error.code)
        return try_at


REFUSED_AS_A_WHOLE = (
    "The provider does not accept the account: its credentials are wrong, it is suspended, or it "
    "has run out of money."
)
SOON = timedelta(seconds=15)
"""While another text tries the connector: above the longest call. If that works, all are woken."""
CHECKED_WITHIN = timedelta(minutes=1)
"""A conversation writes a text when quiet hours allow it. Ours: a text that leaves so soon after is
not checked again.
"""
NEAR = timedelta(milliseconds=200)
"""A text without a conversation that leaves within this time waits for it here. Ours: to take it up
again costs as much as half of a send.
"""
AT_ONCE = timedelta(milliseconds=10)
"""Replies took the line up in the same moment."""


def _spread(text: Departure, wait: timedelta) -> timedelta:
    """Return up to a tenth of a wait, by the text's id, so that not all ask in the same moment."""
    return wait * (text.message_id.int % 1000 / 10_000)


def _pace(text: Departure, now: datetime) -> float | None:
    return pace_of(
        text.segments_per_second,
        LineKind(text.sender_kind),
        is_proactive=text.is_proactive,
        is_careful=text.throttled_until is not None and now - text.throttled_until < SLOW_FOR,
    )
