"""The watches, which find, report and repair mismatches.

They compare rows with workflows, workflows with rows, texts with transcripts, and deadlines with
the time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from database.engine import Sessions
from database.queries import erasures, measurements, watches
from database.queries.measurements import Kind
from database.queries.unsent_texts import conversations_left_alone
from database.queries.watches import HEALED_AFTER, WatchedThread
from domain.errors import Unavailable
from routing.reviving import Reviving
from routing.rolling_over import pin_moved
from routing.unmatched import Unmatched, unmatched
from temporal.conversations import ConversationClient, FailingUnknown
from temporal.missed_runs import ScheduledRuns
from temporal.versions import Versions

ASKED_AGAIN_AFTER = 600.0
"""Seconds within which no workflow is asked twice. Ours: some mismatches are right, and stay."""
RUNS_PAUSE = timedelta(minutes=3)
"""Between two counts of missed runs. Ours: after an outage each asks Temporal for seconds."""
TOLD_AT_ONCE = 100
"""Workflows signalled at once. Ours: so that Temporal is not flooded."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Watches:
    """The maintenance job that finds and repairs mismatches.

    Its schedule runs one at a time. Should two overlap, as when a run was given up and goes on,
    both repair the same, because every repair is safe to repeat. So no lock is needed, and no
    transaction waits for Temporal.
    """

    sessions: Sessions
    workflows: ConversationClient
    reviving: Reviving
    _asked: dict[str, float] = field(default_factory=dict)
    """When each was last asked to look."""

    async def sweep(self) -> None:
        """Find and repair mismatches, and tell operators. Raises `Unavailable`."""
        await self.keep_figures(await self.repair())
        await pin_moved(Versions(self.workflows.client))
        await self.count_missed_runs()

    async def repair(self) -> Unmatched:
        """Find and repair mismatches; returns those of workflows. Raises `Unavailable`."""
        direct = self.sessions.direct
        look_back = watches.FAR_BACK if self._not_asked(["far back"]) else watches.NEAR
        if lost := await watches.give_back_lost(direct, look_back):
            log.warning("texts_handed_over_again", count=lost)
        await self._repair("overdue", await watches.overdue_threads(direct))
        await self._repair("unsent", await self._unsent())
        found = await unmatched(direct, self.workflows)
        await self._repair("no_workflow", found.rows)
        await self._repair_idle(found.workflows)
        return found

    async def keep_figures(self, found: Unmatched) -> None:
        """Keep for operators what a sweep found. Raises `Unavailable`.

        How many workflows fail is left out where Temporal cannot list them.
        """
        stuck = await self._stuck()
        figures = {
            "rows_without_workflow": len(found.rows),
            "workflows_without_row": len(set(found.workflows).difference(stuck or ())),
            "erasures_late": await self._late_erasures(),
        }
        if stuck is not None:
            figures["workflows_stuck"] = len(stuck)
        await measurements.keep(self.sessions.direct, Kind.workflows, figures)

    async def _stuck(self) -> Sequence[str] | None:
        try:
            return await self.workflows.stuck()
        except FailingUnknown:
            return None

    async def count_missed_runs(self) -> None:
        """Keep for operators how many runs of schedules were missed, at least.

        Nothing is kept where none is known and not all were asked, so that its age shows. Raises
        `Unavailable`.
        """
        direct = self.sessions.direct
        if not await measurements.take(direct, Kind.runs, RUNS_PAUSE):
            return
        missed = await ScheduledRuns(self.workflows.client).missed()
        if missed.runs or missed.is_whole:
            await measurements.keep(direct, Kind.runs, {"runs_missed": len(missed.runs)})

    async def _late_erasures(self) -> int:
        now = await self.sessions.clock.now()
        async with self.sessions() as session:
            return len(await erasures.late(session, now, watches.MOST))

    async def _unsent(self) -> Sequence[WatchedThread]:
        """Return conversations with texts that no worker has tried to send for some time."""
        now, most = await self.sessions.clock.now(), watches.MOST
        async with self.sessions() as session:
            alone = await conversations_left_alone(session, now, after=HEALED_AFTER, limit=most)
        return await watches.threads_of(self.sessions.direct, alone)

    async def _repair_idle(self, idle: Sequence[str]) -> None:
        """Have workflows look that run without an open row."""
        told = self._not_asked(idle)
        if told:
            log.warning("no_open_row", count=len(told))
        await self._tell(told, self.workflows.look_if_running)

    async def _repair(self, what: str, threads: Sequence[WatchedThread]) -> None:
        named = {_name_of(what, thread): thread for thread in threads}
        told = self._not_asked(named)
        if told:
            log.warning("conversations_look_again", why=what, count=len(told))
        await self._tell(told, lambda name: self.reviving.look_again(named[name]))

    async def _tell(self, names: Sequence[str], tell: Callable[[str], Awaitable[None]]) -> None:
        for begin in range(0, len(names), TOLD_AT_ONCE):
            batch = names[begin : begin + TOLD_AT_ONCE]
            await asyncio.gather(*(self._tell_one(name, tell) for name in batch))

    async def _tell_one(self, name: str, tell: Callable[[str], Awaitable[None]]) -> None:
        """Signal one workflow. A failure stops no other, and the next sweep tries it again."""
        try:
            await tell(name)
        except Unavailable:
            log.warning("not_told_to_look")
            self._asked.pop(name, None)

    def _not_asked(self, names: Iterable[str]) -> list[str]:
        """Return the names that were not asked recently, and note that they are asked now."""
        now = time.monotonic()
        expired = [name for name, at in self._asked.items() if now - at > ASKED_AGAIN_AFTER]
        for name in expired:
            del self._asked[name]
        told = [name for name in names if name not in self._asked]
        self._asked.update(dict.fromkeys(told, now))
        return told


def _name_of(what: str, thread: WatchedThread) -> str:
    """Return a name for a mismatch; after a further step of its conversation it counts as new."""
    return f"{what}/{thread.conversation_id}/{thread.sequence}"
