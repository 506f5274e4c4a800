"""The activity of a batch: writes the texts to its next recipients, as fast as its line sends.

Each turn is one transaction that holds the batch's row, from reading its state to writing texts
with ids made from batch and recipient. So it may stop at any line, and run twice.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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


@dataclass(frozen=True)
class Batches:
    """Writes the texts of batches."""

    sessions: Sessions
    pause: float = PAUSE_SECONDS

    @activity.defn(name=WRITE_RECIPIENTS)
    async def write_recipients(self, request: SliceRequest) -> SliceDone:
        """Write texts to the next recipients, until a slice is full or must wait."""
        try:
            async with beating():
                return await self.stretch(request, activity.is_worker_shutdown)
        except NOT_DONE as error:
            kind = type(error).__name__
            log.warning("batch_waits", batch_id=str(request.batch_id), error=kind)
            raise ApplicationError("The database did not answer.", type=kind) from None

    async def stretch(
        self, request: SliceRequest, is_stopping: Callable[[], bool] = lambda: False
    ) -> SliceDone:
        """Take turns until a slice is full, nothing can be done for a while, or time is over."""
        began = moved = time.monotonic()
        taken, waiting = 0, 0
        known = await self._settled(request)
        is_restored = known < request.settled
        if is_restored:
            log.warning("batch_restored", batch_id=str(request.batch_id))
        while True:
            turn = await self.turn(request.batch_id, is_restored=is_restored)
            taken += turn.taken
            now = time.monotonic()
            if turn.taken or turn.waiting != waiting:
                moved, waiting = now, turn.waiting
            wait = _wait(turn, now - moved)
            is_over = now - began >= WORKS_SECONDS or taken >= SLICE or is_stopping()
            if turn.status is not BatchStatus.running or wait is not None or is_over:
                settled = max(await self._settled(request), request.settled)
                return SliceDone(
                    status=turn.status, taken=taken, settled=settled, wait_seconds=wait
                )
            if turn.taken < AT_ONCE:  # each turn costs as much as several texts
                await asyncio.sleep(self.pause)

    async def turn(self, batch_id: UUID, *, is_restored: bool = False) -> Turn:
        """Write what the line has room for. `is_restored`: texts may have been sent before."""
        now = datetime.now(UTC)
        async with self.sessions.begin() as session:
            batch = await batch_slices.lock(session, batch_id)
            if batch is None:
                return Turn(BatchStatus.cancelled)
            if batch.status != BatchStatus.running:
                return Turn(BatchStatus(batch.status))
            queued = await batch_slices.settle(session, batch_id, now + LONG)
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
            written_at = _written_at(batch, now, is_restored=is_restored)
            await write_texts(session, batch_id, batch, awake, now, written_at)
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

    async def _settled(self, request: SliceRequest) -> int:
        async with self.sessions() as session:
            return await batch_slices.settled(session, request.batch_id)


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


def _wait(turn: Turn, idle: float) -> float | None:
    """Return how many seconds there is nothing to do; None: there is."""
    if turn.next_at is not None:
        ahead = (turn.next_at - datetime.now(UTC)).total_seconds()
        return min(max(ahead, 0.0), LONGEST_WAIT) if ahead > IDLE_SECONDS else None
    return LOOKS_AGAIN if turn.waiting and idle > IDLE_SECONDS else None


def _stopped(batch: RunningBatch) -> Stopped | None:
    if batch.line_is_retired:
        return Stopped.line_retired
    return Stopped.skill_retired if batch.skill_is_retired else None


def _written_at(batch: RunningBatch, now: datetime, *, is_restored: bool) -> datetime:
    """Return when texts count as written.

    After the database was restored they may have been sent already. A text that was written long
    ago is looked up at its provider before it is sent; it must not be too old to be sent.
    """
    if not is_restored:
        return now
    oldest = now - timedelta(seconds=batch.give_up_seconds * 3 / 4)
    return min(max(batch.started_at or oldest, oldest), now)
