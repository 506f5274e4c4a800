"""The status of the whole installation, as operators see it. One look serves all of them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from database.queries.operating import actions
from database.tables import OperatorAction
from domain.errors import Unavailable
from services.backends import Backends
from services.operating import lags, processes, stuck
from services.operating.lags import Lags
from services.operating.operator import Operating
from services.operating.processes import Processes
from services.operating.stuck import Findings
from temporal.pollers import polled_at

KEPT_SECONDS = 4.0
"""Ours: however many pages are open, a process looks once in so long."""
ACTIONS_SHOWN = 20


@dataclass(frozen=True)
class Status:
    """Everything at one moment."""

    at: datetime
    processes: Processes
    lags: Lags
    findings: Findings
    actions: Sequence[OperatorAction]

    @property
    def is_well(self) -> bool:
        """Say whether nothing needs an operator."""
        return (
            self.findings.temporal_answers
            and self.findings.is_whole
            and not self.findings.total
            and not self.processes.troubles
            and not self.lags.paused_connectors
        )


@dataclass
class Looking:
    """Looks at most once in a few seconds, and one at a time."""

    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last: Status | None = None
    _until: float = 0.0

    async def look(self, operator: Operating, backends: Backends) -> Status:
        """Return the status. Raises the errors of the database, never those of Temporal."""
        async with self._turn:
            if self._last is None or time.monotonic() > self._until:
                self._last = await _look(operator, backends)
                self._until = time.monotonic() + KEPT_SECONDS
            return self._last

    def forget(self) -> None:
        """Look anew next time: something was done."""
        self._until = 0.0


async def _look(operator: Operating, backends: Backends) -> Status:
    # By the database's clock: this process's own may be the one that is wrong.
    now, findings, polled = await backends.sessions.clock.now(), None, None
    try:
        findings = await stuck.find(operator, backends)
        polled = await _polled(backends)
    except Unavailable:
        findings = findings or await stuck.find_without_temporal(operator, backends)
    async with backends.sessions() as session:
        done = await actions.latest(session, ACTIONS_SHOWN)
    return Status(
        now,
        await processes.look(backends.sessions, polled, now),
        await lags.look(backends.sessions, now),
        findings,
        done,
    )


async def _polled(backends: Backends) -> Mapping[str, datetime]:
    conversations = backends.conversations
    return await polled_at(conversations.client, conversations.task_queue)
