"""Sends texts that stand in no conversation; each is sent as those of a conversation are.

Each worker process runs this task. A text is held by one of them at a time, by a time in its row
that is committed before anything else is done (ADR 0018).
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
"""Longer than a look-up and a call take, 10 s each: then the holder is taken for dead."""
SENT_AT_ONCE = 8
"""Each is a request to a provider."""
TURN_PAUSE = timedelta(seconds=1)
"""Until a text looks again whether the one before it has left. Ours."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Standalone:
    """The task of a worker process that leaves no text without a conversation unsent."""

    sessions: Sessions
    sender: Sender

    async def run(self, pause: float = PAUSE_SECONDS) -> None:
        """Send what is due, then every `pause` seconds, until cancelled."""
        while True:
            try:
                has_more = await self.send_due()
            except NOT_DONE as error:
                log.warning("standalone_texts_impossible", error=type(error).__name__)
                has_more = False
            if not has_more:
                await asyncio.sleep(pause)

    async def send_due(self) -> bool:
        """Send the texts whose turn it is, some at once; says whether there may be more."""
        now = datetime.now(UTC)
        held = await standalone.take_due(
            self.sessions.direct,
            now,
            held_until=now + HELD_FOR,
            overtaken_from=now - self.sender.time_outs.overtaking,
            limit=SENT_AT_ONCE,
        )
        await asyncio.gather(*(self._send(one) for one in held))
        return bool(held)  # one that left may have held up the next to the same phone

    async def _send(self, held: ClaimedText) -> None:
        try:
            await self.sender.send(held.message_id)
        except TryLater as later:
            at = datetime.now(UTC) + (later.delay or TURN_PAUSE)
            await standalone.postpone(self.sessions.direct, held, at)
        except NOT_DONE as error:  # it is due again when it is no longer held
            log.warning(
                "standalone_text_failed",
                message_id=str(held.message_id),
                error=type(error).__name__,
            )
