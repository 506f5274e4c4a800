"""Turns events, and deadlines that pass, into notices: a task of every worker process.

One process at a time reads an account's events, from where the last one came to in the database.
So a notice is written once, whatever dies (ADR 0034).
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import NOT_DONE
from database.engine import Sessions
from database.listen import wakeups
from database.queries import events, notice_writing, pushes
from database.queries.events import CHANNEL_EVENTS
from database.queries.notice_writing import NewNotice, Written
from database.queries.pushes import NewPush
from database.tables import Event
from domain.board.kinds import AlertKind
from domain.conversation.kinds import EventKind
from domain.notices.kinds import CATALOGUE, Channel
from domain.notices.rules import (
    NOBODY,
    READ,
    Due,
    Happening,
    Involved,
    Settled,
    due,
    settled,
)

SWEEP_SECONDS = 30.0
"""Ours: an event whose notification was lost waits no longer, nor a deadline that moved unseen."""
GATHER_SECONDS = 0.05
"""Ours: the events of one step, and of many conversations, are read together."""
LOOK_SECONDS = 1.0
"""How often deadlines are looked at while things happen. Ours: a response time is a minute at
least, so none passes before it was seen.
"""
BATCH = 200
PUSHED_AFTER = timedelta(seconds=3)
"""Ours: a page that is open shows a notice within this time, and then nothing is pushed."""

log = structlog.stdlib.get_logger()


@dataclass
class Telling:
    """Writes notices. Any number of processes may run it at once."""

    sessions: Sessions
    database_url: str
    next_due: float = float("inf")
    """When the next answer becomes overdue, as far as was seen (monotonic seconds)."""

    async def run(self) -> None:
        """Write notices until cancelled."""
        clock = asyncio.get_running_loop()
        looked_at = swept_at = float("-inf")
        async with wakeups(self.database_url, CHANNEL_EVENTS, name="switchboard-notices") as news:
            while True:
                account_ids = await news.next(self._patience())
                now = clock.time()
                pause = SWEEP_SECONDS if account_ids else LOOK_SECONDS
                sweeps = now - swept_at >= pause
                try:
                    await self.read(await self._behind() if sweeps else account_ids)
                    if now - looked_at > LOOK_SECONDS or now >= self.next_due:
                        await self.look()
                        looked_at = now
                except NOT_DONE as error:
                    log.warning("notices_not_written", error=type(error).__name__)
                    await asyncio.sleep(LOOK_SECONDS)
                swept_at = now if sweeps else swept_at
                await asyncio.sleep(GATHER_SECONDS)

    def _patience(self) -> float:
        """Return for how many seconds to wait for events."""
        seconds = self.next_due - asyncio.get_running_loop().time()
        return min(max(seconds, GATHER_SECONDS), SWEEP_SECONDS)

    async def _behind(self) -> Collection[str]:
        return await notice_writing.behind(self.sessions.direct)

    async def read(self, account_ids: Iterable[str]) -> None:
        """Turn the new events of some accounts into notices."""
        for account_id in account_ids:
            while await self._read(account_id):
                pass

    async def _read(self, account_id: str) -> bool:
        """Read a batch of an account's events; returns whether there may be more."""
        now = await self.sessions.clock.now()
        async with self.sessions.begin() as session:
            reading = await notice_writing.lead(session, account_id)
            if reading is None:
                return False
            batch = await events.after(session, account_id, reading.last_event_id, limit=BATCH)
            if not batch:
                return False
            reading.last_event_id = batch[-1].id
            told = await _write(session, account_id, batch, now)
            await _tell(session, account_id, told, now)
        return len(batch) == BATCH

    async def look(self) -> None:
        """Write notices for answers that became overdue, and see which is next."""
        now = await self.sessions.clock.now()
        due_at, account_ids = await notice_writing.overdue_soon(self.sessions.direct, now)
        left = (due_at - now).total_seconds() if due_at else float("inf")
        self.next_due = asyncio.get_running_loop().time() + left
        for account_id in sorted(account_ids):
            async with self.sessions.begin() as session:
                told = await notice_writing.newly_overdue(session, account_id, now)
                await _tell(session, account_id, told, now)


async def _write(
    session: AsyncSession, account_id: str, batch: Sequence[Event], now: datetime
) -> list[Written]:
    happened = [_happening(event) for event in batch if event.kind in READ]
    about = {one.conversation_id for one in happened if one.conversation_id}
    involved = await notice_writing.involved(session, about, now)
    managers = {
        one.id: Involved(managers=await notice_writing.managers(session, account_id, _skill(one)))
        for one in happened
        if one.kind is EventKind.alert_began
    }
    new: list[tuple[Happening, Due]] = []
    done: list[tuple[UUID, Settled]] = []
    for one in happened:
        own = managers.get(one.id, NOBODY)
        if one.conversation_id:
            own = involved.get(one.conversation_id, NOBODY)
        if (over := settled(one)) and one.conversation_id:
            done.append((one.conversation_id, over))
            new = [pair for pair in new if not _settles(over, one.conversation_id, *pair)]
        new += [(one, notice) for notice in due(one, own)]
        if transfer := _transfer(one):
            involved = {**involved, transfer: _after(own, one)}
    written = await notice_writing.settle(session, done, now)
    return written + await notice_writing.write(session, account_id, _merged(new))


def _skill(alert: Happening) -> str | None:
    """Return the skill that an alert is about; None: it is about something else."""
    return alert.data.get("subject") if AlertKind(alert.data["alert"]).is_of_skill else None


def _happening(event: Event) -> Happening:
    return Happening(
        id=event.id,
        kind=EventKind(event.kind),
        at=event.at,
        conversation_id=event.conversation_id,
        agent_id=event.agent_id,
        data=event.data,
        is_command=event.command_key is not None,
    )


def _settles(over: Settled, conversation_id: UUID, of: Happening, notice: Due) -> bool:
    """Say whether a notice of the same batch is settled before it was written."""
    return (
        of.conversation_id == conversation_id
        and notice.kind in over.kinds
        and over.of in (None, notice.agent_id)
        and notice.agent_id != over.but
    )


def _transfer(event: Happening) -> UUID | None:
    """Return the conversation that an event transfers to somebody, None for other events."""
    is_one = event.kind is EventKind.conversation_transferred and event.data.get("to_agent_id")
    return event.conversation_id if is_one else None


def _after(involved: Involved, event: Happening) -> Involved:
    to = str(event.data["to_agent_id"])
    return replace(involved, transferred_at=event.at, transferred_to=to)


def _merged(new: Sequence[tuple[Happening, Due]]) -> list[NewNotice]:
    """Return the notices to write: of those that merge, one for a person and conversation."""
    merged: dict[object, NewNotice] = {}
    for number, (event, notice) in enumerate(new):
        merges = CATALOGUE[notice.kind].merges
        known = (notice.agent_id, event.conversation_id, notice.kind)
        before = merged.get(known) if merges else None
        merged[known if merges else number] = NewNotice(
            agent_id=notice.agent_id,
            kind=notice.kind,
            conversation_id=event.conversation_id,
            at=event.at,
            by=notice.by,
            message_id=notice.message_id,
            why=notice.why,
            due_at=notice.ends_at,
            times=before.times + 1 if before else 1,
            data=dict(notice.data) or None,
        )
    return list(merged.values())


async def _tell(
    session: AsyncSession, account_id: str, told: Sequence[Written], now: datetime
) -> None:
    """Tell open pages, and plan pushes to those who have none."""
    if not told:
        return
    fresh = [one for one in told if not one.is_settled]
    chosen = await notice_writing.preferences_of(session, {one.agent_id for one in fresh})
    wanted = [one for one in fresh if Channel.push in chosen[one.agent_id][one.kind]]
    await pushes.plan(session, [push for one in wanted if (push := _push(one, now))], now)
    await notice_writing.announce(session, account_id, told)


def _push(notice: Written, now: datetime) -> NewPush | None:
    """Return the push of a notice, None where it would come too late."""
    expires_at = notice.at + CATALOGUE[notice.kind].pushed_for
    if notice.due_at is not None and notice.due_at > notice.at:
        expires_at = min(expires_at, notice.due_at)
    due_at = now + PUSHED_AFTER
    if due_at >= expires_at:
        return None
    return NewPush(notice.id, notice.agent_id, notice.times, due_at, expires_at)
