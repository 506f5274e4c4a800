"""Closes what is still open with consumers who opted out, on every line they opted out of.

That they did stands in the database from the moment it is learnt, and nothing leaves from then on.
Here the conversations hear of it: those of a consumer at once when they opt out, and all that go on
nonetheless every half minute, whoever died or was away in between.
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
from database.queries.consent import StillOpen, still_open, still_open_with
from database.queries.events import CHANNEL_OPT_OUTS
from domain.consent.ports import OptOutReceiver
from domain.errors import Unavailable
from routing.reviving import Reviving

PAUSE_SECONDS = 30.0
TOLD_AT_ONCE = 1000

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class OptOuts:
    """The task of a worker process that leaves nothing open with who opted out."""

    sessions: Sessions
    conversations: OptOutReceiver
    reviving: Reviving
    database_url: str

    async def run(self) -> None:
        """Tell when somebody opts out, and sweep every half minute, until cancelled."""
        name, swept_at = "switchboard-opt-outs", time.monotonic()
        async with wakeups(self.database_url, CHANNEL_OPT_OUTS, name=name) as woken:
            while True:
                consumers = await woken.next(PAUSE_SECONDS)
                # Those who opt out all the time keep nobody waiting whom it was not told.
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
        """Tell every conversation with some consumers that they opted out of it."""
        async with self.sessions() as session:
            found = await still_open_with(session, consumers)
        await self._tell(found)

    async def sweep(self) -> None:
        """Tell every conversation whose consumer opted out of it.

        One that goes on nonetheless is told again by the next sweep.
        """
        async with self.sessions() as session:
            found = await still_open(session, limit=TOLD_AT_ONCE)
        await self._tell(found)

    async def _tell(self, found: Sequence[StillOpen]) -> None:
        await asyncio.gather(*(self._tell_one(conversation) for conversation in found))

    async def _tell_one(self, conversation: StillOpen) -> None:
        conversation_id = str(conversation.conversation_id)
        try:
            if not await self.conversations.opted_out(conversation.workflow_id, conversation_id):
                await self.reviving.revive(conversation.conversation_id)
        except Unavailable:
            log.warning("opt_out_not_told", conversation_id=conversation_id)
