"""The watches: what ought not to be is counted, told and healed, from both sides.

Rows against workflows, workflows against rows, texts against transcripts, deadlines against time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import structlog

from database.direct import Direct
from database.engine import Sessions
from database.queries import watches
from database.queries.routing import lead
from database.queries.watches import HEALED_AFTER, WatchedThread
from domain.errors import Unavailable
from routing.reviving import Reviving

ASKED_AGAIN_AFTER = 600.0
"""Seconds in which nobody is told twice to look: what stands so may have to."""
MOST_TOLD = 100
"""Workflows told at once."""

log = structlog.stdlib.get_logger()


class RunningWorkflows(Protocol):
    """Conversation workflows, as the watches see them: `temporal.conversations.Conversations`."""

    async def running(self, *, before: datetime) -> list[str]:
        """Return ids of workflows that run and began before then. Raises `Unavailable`."""
        ...

    async def look_if_running(self, workflow_id: str) -> None:
        """Have a workflow look what stands, if it runs. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class Unmatched:
    """Open rows without a workflow that runs, and ids of workflows that run for no open row."""

    rows: Sequence[WatchedThread]
    workflows: Sequence[str]


@dataclass(frozen=True)
class Watches:
    """The job of maintenance that finds and heals what ought not to be, one process at a time."""

    sessions: Sessions
    workflows: RunningWorkflows
    reviving: Reviving
    _asked: dict[str, float] = field(default_factory=dict)
    """Who was told to look, and when."""

    async def sweep(self) -> None:
        """Find and heal what stands wrong, unless another process is at it."""
        async with self.sessions.begin() as session:
            if not await lead(session, "watches"):
                return
            direct = self.sessions.direct
            look_back = watches.FAR_BACK if self._not_asked(["far back"]) else watches.NEAR
            if lost := await watches.give_back_lost(direct, look_back):
                log.warning("texts_handed_over_again", count=lost)
            await self._heal("overdue", await watches.overdue_threads(direct))
            await self._heal("unsent", await watches.unsent_threads(direct))
            found = await unmatched(direct, self.workflows)
            await self._heal("no_workflow", found.rows)
            await self._heal_idle(found.workflows)

    async def _heal_idle(self, idle: Sequence[str]) -> None:
        """Have workflows look that run although nothing of theirs is open."""
        told = self._not_asked(idle)
        if told:
            log.warning("no_open_row", count=len(told))
        await self._tell(told, self.workflows.look_if_running)

    async def _heal(self, what: str, threads: Sequence[WatchedThread]) -> None:
        named = {_place(what, thread): thread for thread in threads}
        told = self._not_asked(named)
        if told:
            log.warning("conversations_look_again", why=what, count=len(told))
        await self._tell(told, lambda place: self.reviving.look_again(named[place]))

    async def _tell(self, names: Sequence[str], tell: Callable[[str], Awaitable[None]]) -> None:
        for begin in range(0, len(names), MOST_TOLD):
            some = names[begin : begin + MOST_TOLD]
            await asyncio.gather(*(self._tell_one(one, tell) for one in some))

    async def _tell_one(self, name: str, tell: Callable[[str], Awaitable[None]]) -> None:
        """Tell one; who could not be told keeps nobody else waiting, and is told next time."""
        try:
            await tell(name)
        except Unavailable:
            log.warning("not_told_to_look")
            self._asked.pop(name, None)

    def _not_asked(self, names: Iterable[str]) -> list[str]:
        """Return those that were not told lately, and remember that they are told now."""
        now = time.monotonic()
        for name in [one for one, at in self._asked.items() if now - at > ASKED_AGAIN_AFTER]:
            del self._asked[name]
        told = [name for name in names if name not in self._asked]
        self._asked.update(dict.fromkeys(told, now))
        return told


async def unmatched(direct: Direct, workflows: RunningWorkflows) -> Unmatched:
    """Compare open rows with running workflows, both ways. Raises `Unavailable`."""
    rows = await watches.open_threads(direct)
    running = set(await workflows.running(before=datetime.now(UTC)))
    old = set(await workflows.running(before=datetime.now(UTC) - HEALED_AFTER))
    idle = sorted(old - {row.workflow_id for row in rows})
    ending = await watches.ending(direct, idle) if idle else set()
    return Unmatched(
        [row for row in rows if row.workflow_id not in running],
        [workflow for workflow in idle if workflow not in ending],
    )


def _place(what: str, thread: WatchedThread) -> str:
    """Name where a conversation stands: one that went on since may be told again."""
    place: UUID = thread.conversation_id
    return f"{what}/{place}/{thread.sequence}"
