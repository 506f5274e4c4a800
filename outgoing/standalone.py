"""Sends texts that belong to no conversation, in the same way as texts of conversations.

Each worker process runs this task. One process holds a text at a time: it commits a time in the
text's row before it does anything else (ADR 0018).
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import standalone
from database.queries.standalone import ClaimedText
from outgoing.sender import Sender, TryLater

PAUSE_SECONDS = 1.0
HELD_FOR = timedelta(minutes=1)
"""A look-up and a send take at most 10 s each. After this time the holder counts as dead."""
SENT_AT_ONCE = 16
"""Each is a request to a provider, and most of the time a connection to the database. Ours: fifty a
second for each worker where an answer takes 300 ms.
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
        """Send all texts that are due, then again every `pause` seconds, until cancelled.

        More are taken as soon as half have been sent: no text waits for the slowest of others.
        """
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                held = await self._next(SENT_AT_ONCE - len(running))
                running |= {asyncio.create_task(self._send(one)) for one in held}
                running = await _until_half(running, pause)
                if not held:
                    await asyncio.sleep(pause)
        finally:
            for one in running:
                one.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def send_due(self) -> bool:
        """Send texts that are due, some in parallel; returns whether there may be more."""
        held = await self._take(SENT_AT_ONCE)
        await asyncio.gather(*(self._send(one) for one in held))
        return bool(held)  # the next text to the same phone may have waited for one of these

    async def _next(self, limit: int) -> list[ClaimedText]:
        try:
            return await self._take(limit)
        except NOT_DONE as error:
            log.warning("standalone_texts_failed", error=type(error).__name__)
            return []

    async def _take(self, limit: int) -> list[ClaimedText]:
        now = datetime.now(UTC)
        return await standalone.take_due(
            self.sessions.direct,
            now,
            held_until=now + HELD_FOR,
            overtaken_from=now - self.sender.time_outs.overtaking,
            limit=limit,
        )

    async def _send(self, held: ClaimedText) -> None:
        try:
            await self.sender.send(held.message_id)
        except TryLater as later:
            at = datetime.now(UTC) + (later.delay or TURN_PAUSE)
            await standalone.postpone(self.sessions.direct, held, at)
        except NOT_DONE as error:  # the text is due again when its hold ends
            log.warning(
                "standalone_text_failed",
                message_id=str(held.message_id),
                error=type(error).__name__,
            )


async def _until_half(running: set[asyncio.Task[None]], pause: float) -> set[asyncio.Task[None]]:
    """Wait until half of the texts are sent, or for a while; returns the others."""
    ends = asyncio.get_running_loop().time() + pause
    while running and (left := ends - asyncio.get_running_loop().time()) > 0:
        done, running = await asyncio.wait(
            running, timeout=left, return_when=asyncio.FIRST_COMPLETED
        )
        for one in done:
            one.result()  # an error that nobody expected restarts the task
        if len(running) <= SENT_AT_ONCE // 2:
            break
    return running
