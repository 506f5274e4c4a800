"""Sends texts that belong to no conversation, in the same way as texts of conversations.

Each worker process runs this task. One process holds a text at a time: it commits a time in the
text's row before it does anything else (ADR 0018).
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import standalone
from database.queries.standalone import ClaimedText
from outgoing.sender import Sender, TryLater

PAUSE_SECONDS = 1.0
HELD_FOR = timedelta(minutes=1)
"""A look-up and a send take at most 10 s each. After this time the holder counts as dead."""
SENT_AT_ONCE = 8
"""Each is a request to a provider. Ours."""
LOOPS = 2
"""Of a process: a text that a provider answers slowly holds up those beside it, and no others.
Ours: fifty texts a second where an answer takes 300 ms.
"""
TURN_PAUSE = timedelta(seconds=1)
"""The pause before a text checks again whether the text before it was sent. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Standalone:
    """A worker's task that sends every text without a conversation. Any number may run at once."""

    sessions: Sessions
    sender: Sender

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Send all texts that are due, then again every `pause` seconds, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(LOOPS):
                group.create_task(self._keep_sending(pause))

    async def _keep_sending(self, pause: float) -> None:
        while True:
            try:
                has_more = await self.send_due()
            except NOT_DONE as error:
                log.warning("standalone_texts_failed", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def send_due(self) -> bool:
        """Send texts that are due, some in parallel; returns whether there may be more."""
        now = await self.sessions.clock.now()
        held = await standalone.take_due(
            self.sessions.direct,
            now,
            held_until=now + HELD_FOR,
            overtaken_from=now - self.sender.time_outs.overtaking,
            limit=SENT_AT_ONCE,
        )
        await asyncio.gather(*(self._send(one) for one in held))
        return bool(held)  # the next text to the same phone may have waited for one of these

    async def _send(self, held: ClaimedText) -> None:
        try:
            await self.sender.send(held.message_id)
        except TryLater as later:
            at = await self.sessions.clock.now() + (later.delay or TURN_PAUSE)
            await standalone.postpone(self.sessions.direct, held, at)
        except NOT_DONE as error:  # the text is due again when its hold ends
            log.warning(
                "standalone_text_failed",
                message_id=str(held.message_id),
                error=type(error).__name__,
            )
