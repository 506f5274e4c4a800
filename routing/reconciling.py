"""Compares rows with workflows, both ways and step by step, and makes them agree.

It also finds texts that do not get on: consumers' that are in no transcript, and ours that no
worker handles.

The database is right: a workflow that knows less adopts its newest step. A workflow that knows
more, because the database was restored to an earlier time, journals its state anew.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from database.engine import Sessions
from database.queries import erasures, watches
from database.queries.unsent_texts import LeftAlone, left_alone
from database.queries.watches import LostText, WatchedThread, open_threads, threads_of
from database.tables import Erasure
from domain.errors import Unavailable
from domain.ids import line_of
from routing.reviving import Reviving
from routing.unmatched import Unmatched, still_unmatched, unmatched
from temporal.conversations import ConversationClient, FailingUnknown
from temporal.missed_runs import MissedRun, ScheduledRuns
from temporal.states import Silent, known_step
from workflows.conversation.messages import KnownStep
from workflows.erasure.messages import workflow_id

T = TypeVar("T")
AT_ONCE = 50
"""Workflows signalled in parallel. Ours."""
ASKED_AT_ONCE = 10
"""Workflows asked in parallel. Ours: a worker may have to replay each of them."""
LOOKS, LOOK_SECONDS = 4, 1.0
"""Conversations go on while they are compared, and their rows are read before their workflows are
asked: what differs is looked at so often again. Ours: a step is written within less.
"""
STANDS_FOR = 3
"""What differs in the same way at so many last looks does not move on, and is told. Ours."""
SETTLES_SECONDS = 2.0
"""A workflow task that fails was given out again by then."""
RUNS_SECONDS = 10.0
"""How long runs of schedules that were run again are looked at. Ours: an operator waits for it, and
`switchboard stuck` names what fails later.
"""


@dataclass(frozen=True)
class Apart:
    """An open conversation whose workflow stands at another step, or does not answer."""

    thread: WatchedThread
    known: KnownStep | None
    is_silent: bool = False


@dataclass(frozen=True)
class Differences:
    """All that does not agree."""

    unmatched: Unmatched
    apart: Sequence[Apart]
    lost: Sequence[LostText]
    left_alone: Sequence[LeftAlone]

    def __bool__(self) -> bool:
        of_workflows = self.unmatched.rows or self.unmatched.workflows or self.apart
        return bool(of_workflows or self.lost or self.left_alone)


@dataclass(frozen=True)
class Healed:
    """How many conversations were told to compare themselves, and whether all was done.

    `failing`: runs of schedules that were run again and fail as before; `under_way`: those that had
    not ended while they were looked at, and may still fail. `knows_failing`: False where
    Temporal could not list workflows whose tasks fail, so that none was terminated.
    """

    told: int
    is_whole: bool
    failing: int = 0
    under_way: int = 0
    knows_failing: bool = True


@dataclass(frozen=True)
class Reconciling:
    """Compares and repairs. Safe to stop and to repeat."""

    sessions: Sessions
    conversations: ConversationClient

    async def compare(self) -> Differences:
        """Compare all open rows with all running workflows. Raises `Unavailable`.

        Only what stays as it is while it is looked at counts as different.
        """
        found = await unmatched(self.sessions.direct, self.conversations)
        found = await self._asked_each(found)
        alone = {row.conversation_id for row in found.rows}
        threads = await open_threads(self.sessions.direct)
        matched = [thread for thread in threads if thread.conversation_id not in alone]
        apart = await self._standing(await self._apart(matched))
        lost = await watches.lost_texts(self.sessions.direct)
        now = await self.sessions.clock.now()
        async with self.sessions() as session:
            texts = await left_alone(session, now, watches.MOST)
        return Differences(found, apart, lost, texts)

    async def repair(self, differences: Differences) -> None:
        """Have every workflow that differs compare itself with the database; start missing ones.

        Consumers' lost texts are handed over again. Raises `Unavailable`.
        """
        reviving = Reviving(self.sessions, self.conversations)
        apart = [one.thread for one in differences.apart if not one.is_silent]
        threads = [*differences.unmatched.rows, *apart]
        known = {thread.conversation_id for thread in threads}
        alone = {one.conversation_id for one in differences.left_alone if one.conversation_id}
        others = await threads_of(self.sessions.direct, list(alone - known))
        untold = await _in_parts([*threads, *others], reviving.look_again)
        idle = differences.unmatched.workflows
        untold += await _in_parts(idle, self.conversations.look_if_running)
        await self._hand_over_again(differences.lost)
        if untold:
            raise Unavailable

    async def _hand_over_again(self, lost: Iterable[LostText]) -> None:
        for text in lost:
            await watches.give_back_one(self.sessions.direct, text.id)

    async def heal(self) -> Healed:
        """Do so for every conversation, after a restore.

        Workflows whose tasks fail are terminated first, where Temporal lists them: their decisions
        are in the database, and texts that only they had are handed over again. Those of other work
        are started again by workers, or by their schedule. What does not answer holds up no other.

        Raises `Unavailable` where nothing answers, and the errors of the database.
        """
        stuck, knows_failing = await self._stuck()
        failed = await _in_parts(stuck, self.conversations.terminate)
        reviving = Reviving(self.sessions, self.conversations)
        threads = await open_threads(self.sessions.direct)
        running = await self.conversations.running()
        others = sorted(set(running) - {thread.workflow_id for thread in threads})
        untold = await _in_parts(threads, reviving.look_again)
        untold += await _in_parts(others, self.conversations.look_if_running)
        await self._hand_over_again(await watches.lost_texts(self.sessions.direct))
        runs = _Runs()
        try:
            failed += await self._heal_erasures()
            runs = await self._heal_runs([one for one in stuck if not line_of(one)])
            failed += runs.unknown
        except Unavailable:  # the conversations are healed all the same
            failed += 1
        told, is_whole = len(threads) + len(others) - untold, failed + runs.failing + untold == 0
        return Healed(told, is_whole, runs.failing, runs.under_way, knows_failing)

    async def _stuck(self) -> tuple[Sequence[str], bool]:
        """Return workflows whose tasks fail, and whether Temporal can list them."""
        try:
            return await self.conversations.stuck(), True
        except FailingUnknown:
            return (), False

    async def _heal_erasures(self) -> int:
        """Have late erasures start again; returns how many not."""
        now = await self.sessions.clock.now()
        async with self.sessions() as session:
            late = await erasures.late(session, now, watches.MOST)

        async def start_again(erasure: Erasure) -> None:
            its = workflow_id(erasure.account_id, erasure.consumer_id)
            await self.conversations.terminate(its)
            async with self.sessions.begin() as session:
                await erasures.make_due(session, erasure.id, now)

        return await _in_parts(late, start_again)

    async def _heal_runs(self, terminated: Sequence[str]) -> "_Runs":
        """Run missed runs of schedules again, and look what becomes of them.

        `terminated`: workflows that failed. Of a schedule's it would wait for its next time.
        """
        runs, again = ScheduledRuns(self.conversations.client), list[MissedRun]()

        async def run_again(run: MissedRun) -> None:
            await runs.run_again(run)
            again.append(run)

        async def run_of(workflow: str) -> None:
            if (run := await runs.run_of(workflow)) is not None:
                await run_again(run)

        failed = await _in_parts(terminated, run_of)
        missed = await runs.missed()
        failed += await _in_parts(missed.runs, run_again) + (not missed.is_whole)
        seen = await _seen_through(runs, again)
        return replace(seen, unknown=seen.unknown + failed)

    async def _asked_each(self, found: Unmatched) -> Unmatched:
        """Ask each workflow of what was found whether it runs, and return what still differs.

        Raises `Unavailable` where nothing answers.
        """
        runs = dict[str, bool]()

        async def look(workflow: str) -> None:
            runs[workflow] = await self.conversations.is_running(workflow)

        asked = [*(row.workflow_id for row in found.rows), *found.workflows]
        await _in_parts(asked, look)
        if asked and not runs:
            raise Unavailable
        return await still_unmatched(self.sessions.direct, found, runs)

    async def _standing(self, apart: Sequence[Apart]) -> Sequence[Apart]:
        """Look again at what differs, and return what does not move on.

        What does not answer twice is not asked a third time: each takes seconds.
        """
        silent, stood = dict[Apart, None](), dict.fromkeys(apart, 1)
        for _ in range(LOOKS):
            if not stood:
                break
            await asyncio.sleep(LOOK_SECONDS)
            again = await self._still_apart([one.thread.conversation_id for one in stood])
            silent |= dict.fromkeys(one for one in again if one.is_silent and one in stood)
            stood = {one: stood.get(one, 0) + 1 for one in again if one not in silent}
        return [*silent, *(one for one, looks in stood.items() if looks >= STANDS_FOR)]

    async def _still_apart(self, conversation_ids: Sequence[UUID]) -> list[Apart]:
        """Compare open conversations again, each part with its rows of that moment."""
        direct, found = self.sessions.direct, list[Apart]()
        for begin in range(0, len(conversation_ids), ASKED_AT_ONCE):
            part = conversation_ids[begin : begin + ASKED_AT_ONCE]
            still = await watches.still_open(direct, part)
            threads = [
                one for one in await threads_of(direct, part) if one.conversation_id in still
            ]
            found += await self._apart(threads)
        return found

    async def _apart(self, threads: Sequence[WatchedThread]) -> list[Apart]:
        found: list[Apart] = []
        for begin in range(0, len(threads), ASKED_AT_ONCE):
            asked = threads[begin : begin + ASKED_AT_ONCE]
            told = await asyncio.gather(*(self._asked(thread) for thread in asked))
            found += [one for one in told if one]
        return found

    async def _asked(self, thread: WatchedThread) -> Apart | None:
        try:
            known = await known_step(self.conversations.client, thread.workflow_id)
        except Silent:
            return Apart(thread, None, is_silent=True)
        stands = KnownStep(conversation_id=str(thread.conversation_id), sequence=thread.sequence)
        return None if known == stands else Apart(thread, known)


@dataclass(frozen=True)
class _Runs:
    """Runs that were run again. `unknown`: those that were not, or of which nobody knows."""

    unknown: int = 0
    failing: int = 0
    under_way: int = 0


async def _seen_through(runs: ScheduledRuns, again: Sequence[MissedRun]) -> _Runs:
    """Look at runs until each has ended or fails, for `RUNS_SECONDS` at most."""
    under_way, ends_at = list(again), time.monotonic() + RUNS_SECONDS
    unknown, failing = 0, 0
    while under_way and time.monotonic() < ends_at:
        await asyncio.sleep(SETTLES_SECONDS)
        outcomes = list[tuple[MissedRun, bool | None]]()

        async def look(
            run: MissedRun, seen: list[tuple[MissedRun, bool | None]] = outcomes
        ) -> None:
            seen.append((run, await runs.is_done(run)))

        unknown += await _in_parts(under_way, look)
        failing += sum(is_done is False for _, is_done in outcomes)
        under_way = [run for run, is_done in outcomes if is_done is None]
    return _Runs(unknown, failing, len(under_way))


async def _in_parts(all_of: Sequence[T], act: Callable[[T], Awaitable[None]]) -> int:
    """Do something to each; returns to how many it could not be done.

    Raises `Unavailable` when a whole part did not answer: then the others do not, either.
    """
    failed = 0
    for begin in range(0, len(all_of), AT_ONCE):
        part = all_of[begin : begin + AT_ONCE]
        done = await asyncio.gather(*(_is_done(one, act) for one in part))
        if len(part) == AT_ONCE and not any(done):
            raise Unavailable
        failed += done.count(False)
    return failed


async def _is_done(one: T, act: Callable[[T], Awaitable[None]]) -> bool:
    try:
        await act(one)
    except Unavailable:
        return False
    return True
