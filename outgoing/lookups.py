"""Looks texts up at their providers: texts without a final report, and texts in doubt.

Each worker process runs this task. One process holds a text at a time: it commits a time in the
text's row before it calls the provider (ADR 0003).
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import lookups, sending
from database.queries.consent import refused
from database.queries.sending import Departure
from domain.consent.ports import OptOutReceiver
from domain.delivery.message_status import MessageStatus
from domain.errors import Unavailable
from outgoing.connectors import Connectors, OpenConnector
from outgoing.submission import UNCONFIRMED, Submission
from outgoing.time_outs import TimeOuts
from providers.contract import Accepted, SendError, SendOutcome

PAUSE_SECONDS = 2.0
HELD_FOR = timedelta(minutes=1)
"""A look-up and a resend take at most 10 s each. After this time the holder counts as dead."""
MOST_UNANSWERED = 3
"""Failed look-ups that count, so that a provider who is away is asked about every hour. Ours."""
ASKED_AT_ONCE = 8
"""Each is a request to a provider. Ours."""

log = structlog.stdlib.get_logger()


class _NotClaimed(Exception):
    """A text may not be sent again, or somebody else does it or has settled it."""


@dataclass(frozen=True)
class Lookups:
    """A worker's task that finds out what became of every text. Any number may run at once."""

    sessions: Sessions
    connectors: Connectors
    submission: Submission
    conversations: OptOutReceiver
    time_outs: TimeOuts

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Look up all texts that are due, then again every `pause` seconds, until cancelled."""
        while True:
            try:
                has_more = await self.ask_due()
            except NOT_DONE as error:
                log.warning("lookups_failed", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def ask_due(self) -> bool:
        """Look up texts that are due, some in parallel; returns whether there may be more."""
        now = await self.sessions.clock.now()
        held = await lookups.take_due(
            self.sessions.direct, now, held_for=HELD_FOR, limit=ASKED_AT_ONCE
        )
        await asyncio.gather(*(self._ask(one) for one in held))
        return len(held) == ASKED_AT_ONCE

    async def _ask(self, held: Departure) -> None:
        try:
            if held.provider_message_id is None:
                await self._find_out(held)
            else:
                await self._follow(held, held.provider_message_id)
        except (Unavailable, *NOT_DONE) as error:  # the text is due again when its hold ends
            log.warning("look_up_failed", message_id=str(held.message_id), error=_name(error))

    async def _follow(self, held: Departure, provider_message_id: str) -> None:
        """Ask what became of a text that the provider has accepted."""
        try:
            connector = self.connectors.open(held)
            if not connector.provider.description.capabilities.finds_by_id:
                await lookups.postpone(self.sessions.direct, held, None, held.look_ups)
                return
            news = await self.submission.ask(held, connector, provider_message_id)
        except SendError as error:
            _log_failed(held, error)
            # Nothing was learnt: the pauses grow, and do not reach the one that would be the last.
            await self._ask_again(held, max(held.look_ups, min(held.look_ups + 1, MOST_UNANSWERED)))
            return
        await self._hear_opt_out(held, news.failure)
        await self.submission.found(held, news)
        await self._ask_again(held, held.look_ups + 1)

    async def _find_out(self, held: Departure) -> None:
        """Settle a text whose answer was lost, or whose worker died while sending it."""
        if held.status is MessageStatus.sending:
            await self.submission.doubt(held, held.look_up_at)
            held = replace(held, status=MessageStatus.unknown)
        try:
            connector = self.connectors.open(held)
            found = await self.submission.look_up(held, connector)
        except SendError as error:
            _log_failed(held, error)
            await self._look_up_again(held, until=self.time_outs.listing)
            return
        if found and await self._settle(held, found):
            return
        if await self._age(held) < self.time_outs.doubt:
            await self._look_up_again(held, until=self.time_outs.doubt)
            return
        await self._decide_unlisted(held, connector)

    async def _settle(self, held: Departure, found: Accepted) -> bool:
        await self._hear_opt_out(held, found.failure)
        if not await self.submission.found(held, found):
            return False
        await self._ask_again(held, 0)
        return True

    async def _decide_unlisted(self, held: Departure, connector: OpenConnector) -> None:
        """Decide about a text that the provider does not list.

        It is sent once more if the connector is set to do that and it is not too old. If the
        provider cannot list texts at all, it may have been sent, so it is given up as unconfirmed.
        """
        may_resend = connector.lists_texts and held.resend_unconfirmed and not held.resent
        if not may_resend or await self.sessions.clock.now() >= held.gives_up_at:
            await self._give_up(held)
            return
        claimed = [held]

        async def claim() -> None:
            now = await self.sessions.clock.now()
            look_up_at = now + self.time_outs.call
            again = await sending.claim_again(self.sessions.direct, held, now, look_up_at)
            if again is None:
                raise _NotClaimed
            claimed.append(again)

        try:
            accepted = await self.submission.send(held, connector, claim)
        except _NotClaimed:
            await self._give_up(held)
        except SendError as error:
            await self._not_resent(claimed[-1], error)
        else:
            await self._hear_opt_out(claimed[-1], accepted.failure)
            await self.submission.taken(claimed[-1], accepted)

    async def _not_resent(self, claimed: Departure, error: SendError) -> None:
        match error.outcome:
            case SendOutcome.refused:
                await self._hear_opt_out(claimed, error)
                await self.submission.refused(claimed, error)
            case SendOutcome.not_processed:
                wish = timedelta(seconds=error.retry_after or 0)
                again_at = await self.sessions.clock.now() + max(wish, self.time_outs.callback)
                await lookups.not_sent_again(self.sessions.direct, claimed, again_at)
            case SendOutcome.ambiguous:
                return  # still in doubt: looked up again after `time_outs.call`

    async def _give_up(self, held: Departure) -> None:
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            await lookups.leave_unconfirmed(session, held, UNCONFIRMED, now)

    async def _ask_again(self, held: Departure, asked: int) -> None:
        """Release a text with a provider's id until the next look-up; a final text needs none.

        `asked`: how often the provider has answered so far.
        """
        at = self.time_outs.next_check(held.left_at, asked, await self.sessions.clock.now())
        await lookups.postpone(self.sessions.direct, held, at, asked)

    async def _look_up_again(self, held: Departure, *, until: timedelta) -> None:
        if await self._age(held) > until:
            await self._give_up(held)
            return
        asked = held.look_ups + 1
        at = self.time_outs.next_look_up(held.left_at, asked, await self.sessions.clock.now())
        await lookups.postpone(self.sessions.direct, held, at, asked)

    async def _age(self, held: Departure) -> timedelta:
        return await self.sessions.clock.now() - held.left_at

    async def _hear_opt_out(self, held: Departure, failure: SendError | None) -> None:
        """Record an opt-out and signal it to the conversation, before the text is settled.

        A START since the text was sent wins, and nothing is signalled. A settled text is never
        looked up again, so the signal would be lost. Raises `Unavailable`; the text then keeps its
        status until the next look-up.
        """
        if failure is None or not failure.is_opt_out:
            return
        async with self.sessions.begin() as session:
            is_out = await refused(session, held.to, sent_at=held.left_at)
        if is_out:
            await self.conversations.opted_out(held.to.workflow_id)


def _log_failed(held: Departure, error: SendError) -> None:
    if held.try_at is None:  # a paused connector is logged once
        log.warning("look_up_failed", message_id=str(held.message_id), error=error.code)


def _name(error: Exception) -> str:
    return type(error).__name__
