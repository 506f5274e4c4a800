"""The activity of a batch: writes the texts to its next recipients, as fast as its line sends.

Each turn is one transaction that holds the batch's row, from reading its state to writing texts
with ids made from batch and recipient. So it may stop at any line, and run twice.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.batch_texts import write_texts
from activities.beating import beating
from database.away import NOT_DONE
from database.engine import Sessions
from database.queries import batch_slices
from database.queries.batch_slices import NextRecipient, Queued, RunningBatch
from domain.batches.hours import own_hours
from domain.batches.kinds import BatchStatus, Stopped
from domain.batches.progress import LONG
from domain.batches.room import room
from domain.consent.quiet_hours import held_until
from domain.numbers.kinds import LineKind
from workflows.batches.messages import SLICE, WRITE_RECIPIENTS, SliceDone, SliceRequest

AT_ONCE = 500
"""Recipients of one transaction. Ours: a tenth of a second, and a pause waits no longer."""
PAUSE_SECONDS = 1.0
"""Ours: how often a line that is full is looked at, and a pause is noticed."""
WORKS_SECONDS = 120.0
"""Ours: then the activity returns, so that the workflow knows how far the batch has got."""
IDLE_SECONDS = 15.0
"""After this time without a text that left, the connector may be out of order. Ours."""
LOOKS_AGAIN = 60.0
"""Seconds until the next look then. Ours, like the sender's own longest pause."""
LATE = timedelta(minutes=3)
"""After the time when a batch is due, its workflow is woken: it may be lost. Ours: longer than an
activity's worker may be silent, and than the next look.
"""
LONGEST_WAIT = 6 * 3600.0
"""Seconds. Ours: tables of time zones may change meanwhile."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Turn:
    """What a turn found. `taken`: recipients it looked at. `next_at`: when others are due."""

    status: BatchStatus
    taken: int = 0
    waiting: int = 0
    next_at: datetime | None = None


@dataclass
class Known:
    """How many recipients are known to be done with: more than a restored database knows of."""

    settled: int = 0
    is_told: bool = False

    def compare(self, settled: int, batch_id: UUID) -> bool:
        """Compare with the database, and say whether it was restored to an earlier time."""
        is_restored = settled < self.settled
        if is_restored and not self.is_told:
            log.warning("batch_restored", batch_id=str(batch_id))
        self.is_told = is_restored
        self.settled = max(settled, self.settled)
        return is_restored


@dataclass(frozen=True)
class Batches:
    """Writes the texts of batches."""

    sessions: Sessions
    pause: float = PAUSE_SECONDS

    @activity.defn(name=WRITE_RECIPIENTS)
    async def write_recipients(self, request: SliceRequest) -> SliceDone:
        """Write texts to the next recipients, until a slice is full or must wait."""
        known = Known(max(request.settled, *_told_by_an_attempt()))
        try:
            async with beating(lambda: known.settled):
                return await self.stretch(request, activity.is_worker_shutdown, known)
        except NOT_DONE as error:
            kind = type(error).__name__
            log.warning("batch_waits", batch_id=str(request.batch_id), error=kind)
            activity.heartbeat(known.settled)  # another database may answer the next attempt
            raise ApplicationError("The database did not answer.", type=kind) from None

    async def stretch(
        self,
        request: SliceRequest,
        is_stopping: Callable[[], bool] = lambda: False,
        known: Known | None = None,
    ) -> SliceDone:
        """Take turns until a slice is full, nothing can be done for a while, or time is over."""
        began = moved = time.monotonic()
        taken, waiting = 0, 0
        known = known or Known(request.settled)
        while True:
            turn = await self.turn(request.batch_id, known)
            taken += turn.taken
            now = time.monotonic()
            if turn.taken or turn.waiting != waiting:
                moved, waiting = now, turn.waiting
            wait = _wait(turn, now - moved, await self.sessions.clock.now())
            is_over = now - began >= WORKS_SECONDS or taken >= SLICE or is_stopping()
            if turn.status is not BatchStatus.running or wait is not None or is_over:
                return SliceDone(
                    status=turn.status, taken=taken, settled=known.settled, wait_seconds=wait
                )
            if turn.taken < AT_ONCE:  # each turn costs as much as several texts
                await asyncio.sleep(self.pause)

    async def turn(self, batch_id: UUID, known: Known | None = None) -> Turn:
        """Write what the line has room for.

        If fewer recipients are settled than are known to have been, the database was restored to an
        earlier time, and texts may have been sent before.
        """
        now, known = await self.sessions.clock.now(), known or Known()
        async with self.sessions.begin() as session:
            batch = await batch_slices.lock(session, batch_id)
            if batch is None:  # nobody cancelled it: a later restore may bring it back
                return Turn(BatchStatus.done)
            if batch.status != BatchStatus.running:
                return Turn(BatchStatus(batch.status))
            queued = await batch_slices.settle(session, batch_id, now + LONG)
            is_restored = known.compare(await batch_slices.settled(session, batch_id), batch_id)
            await batch_slices.due(session, batch_id, now + LATE)
            if stopped := _stopped(batch):
                await batch_slices.stop(session, batch_id, BatchStatus.paused, now, stopped)
                log.warning("batch_stopped", batch_id=str(batch_id), reason=stopped)
                return Turn(BatchStatus.paused)
            taken = await self._take(session, batch_id, batch, queued, now, is_restored)
            if taken:
                return Turn(BatchStatus.running, taken=taken, waiting=queued.count)
            return await _rest(session, batch_id, batch, queued, now)

    async def _take(
        self,
        session: AsyncSession,
        batch_id: UUID,
        batch: RunningBatch,
        queued: Queued,
        now: datetime,
        is_restored: bool,
    ) -> int:
        """Look at the next recipients: some are held, some left out, the others get their text."""
        if batch.send_from and batch.send_from > now:
            return 0
        space = room(
            batch.segments_per_second,
            LineKind(batch.kind),
            waiting=queued.count - queued.held,
            connector_is_paused=batch.connector_is_paused,
        )
        if not space:
            return 0
        found = await batch_slices.next_recipients(session, batch_id, now, min(space, AT_ONCE))
        held = await asyncio.to_thread(self._held, batch, found, now)
        if held:
            await batch_slices.hold(session, batch_id, held)
        awake = [one for one in found if one.place not in held]
        if awake:
            await write_texts(session, batch_id, batch, awake, now, is_restored=is_restored)
        return len(found)

    def _held(
        self, batch: RunningBatch, found: Sequence[NextRecipient], now: datetime
    ) -> Mapping[int, datetime]:
        """Return until when recipients are held, by place. A place's hours are read once."""
        own = own_hours(batch)
        if own is None:
            return {}
        until: dict[str, datetime] = {}
        for one in found:
            if one.zone not in until:
                hold = held_until(one.number, now, own)
                until[one.zone] = hold.until if hold else now
        return {one.place: until[one.zone] for one in found if until[one.zone] > now}


async def _rest(
    session: AsyncSession, batch_id: UUID, batch: RunningBatch, queued: Queued, now: datetime
) -> Turn:
    """Say what is left of a batch when nobody can get a text now; end it if nothing is."""
    next_at = await batch_slices.next_at(session, batch_id)
    if next_at is None and not queued.count:
        await batch_slices.stop(session, batch_id, BatchStatus.done, now)
        log.info("batch_done", batch_id=str(batch_id))
        return Turn(BatchStatus.done)
    times = [at for at in (next_at, queued.next_at) if at is not None]
    if next_at is not None and batch.send_from:
        times = [max(at, batch.send_from) for at in times]
    if queued.count > queued.held or not times:
        return Turn(BatchStatus.running, waiting=queued.count)
    due_at = min(*times, now + timedelta(seconds=LONGEST_WAIT))
    await batch_slices.due(session, batch_id, due_at + LATE)
    return Turn(BatchStatus.running, waiting=queued.count, next_at=min(times))


def _wait(turn: Turn, idle: float, now: datetime) -> float | None:
    """Return how many seconds there is nothing to do; None: there is."""
    if turn.next_at is not None:
        ahead = (turn.next_at - now).total_seconds()
        return min(max(ahead, 0.0), LONGEST_WAIT) if ahead > IDLE_SECONDS else None
    return LOOKS_AGAIN if turn.waiting and idle > IDLE_SECONDS else None


def _told_by_an_attempt() -> Sequence[int]:
    """Return what an earlier attempt at the same stretch knew, if it lived long enough to tell."""
    told = [0, *activity.info().heartbeat_details]
    return [one for one in told if isinstance(one, int)]


def _stopped(batch: RunningBatch) -> Stopped | None:
    if batch.line_is_retired:
        return Stopped.line_retired
    return Stopped.skill_retired if batch.skill_is_retired else None
