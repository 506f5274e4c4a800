"""Closes open conversations with consumers who opted out, on every line they opted out of.

An opt-out is recorded in the database as soon as it is learnt, and nothing is sent from then on.
This task reports it to the conversations: to those of the consumer at once, and to all that are
still open again and again, in growing pauses, so that no crash or outage leaves one open.
"""

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import wakeups
from database.queries.consent import StillOpen, claim_still_open, still_open_with
from database.queries.events import CHANNEL_OPT_OUTS
from database.queries.tellings import News, not_told
from domain.consent.ports import OptOutReceiver
from domain.errors import Unavailable
from routing.reviving import Reviving

PAUSE_SECONDS = 30.0
"""Ours: an open conversation with an opted-out consumer sends nothing meanwhile."""
TOLD_AT_ONCE = 1000
"""Ours: conversations of one sweep."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class OptOuts:
    """The task of a worker process that reports opt-outs to open conversations."""

    sessions: Sessions
    conversations: OptOutReceiver
    reviving: Reviving
    database_url: str

    async def run(self) -> None:
        """Report each opt-out at once, and sweep every 30 seconds, until cancelled."""
        name, swept_at = "switchboard-opt-outs", time.monotonic()
        async with wakeups(self.database_url, CHANNEL_OPT_OUTS, name=name) as woken:
            while True:
                consumers = await woken.next(PAUSE_SECONDS)
                # A steady stream of opt-outs must not delay the sweep.
                is_due = not consumers or time.monotonic() - swept_at >= PAUSE_SECONDS
                try:
                    if consumers:
                        await self.tell([UUID(consumer) for consumer in consumers])
                    if is_due:
                        await self.sweep()
                        swept_at = time.monotonic()
                except NOT_DONE as error:
                    log.warning("opt_outs_not_told", error=type(error).__name__)

    async def tell(self, consumers: Collection[UUID]) -> None:
        """Report the opt-outs of some consumers to their open conversations."""
        async with self.sessions() as session:
            found = await still_open_with(session, consumers)
        await self._tell(found)

    async def sweep(self) -> None:
        """Report opt-outs to every open conversation whose consumer opted out.

        One that is still open is told again, in growing pauses.
        """
        async with self.sessions.begin() as session:
            found = await claim_still_open(session, limit=TOLD_AT_ONCE)
        if untold := await self._tell(found):
            async with self.sessions.begin() as session:
                await not_told(session, News.opted_out, untold)

    async def _tell(self, found: Sequence[StillOpen]) -> list[UUID]:
        """Tell conversations; returns those that Temporal did not take it for."""
        told = await asyncio.gather(*(self._tell_one(conversation) for conversation in found))
        answers = zip(found, told, strict=True)
        return [one.conversation_id for one, is_told in answers if not is_told]

    async def _tell_one(self, conversation: StillOpen) -> bool:
        conversation_id = str(conversation.conversation_id)
        try:
            told = await self.conversations.opted_out(
                conversation.workflow_id, conversation_id, is_block=conversation.is_block
            )
            if not told:
                await self.reviving.revive(conversation.conversation_id)
        except Unavailable:
            log.warning("opt_out_not_told", conversation_id=conversation_id)
            return False
        return True
