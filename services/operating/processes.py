"""The installation's processes: which there are, whether they work, and whether they fit."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from database.engine import Sessions
from database.queries.operating import processes
from database.queries.operating.processes import SILENT_AFTER, ProcessKind
from database.schema import revision_of
from database.server import takes_writes
from database.tables import Process

POLLED_WITHIN = timedelta(minutes=3)
"""Ours: a worker that waits for work asks Temporal every minute. Only Temporal's own times are
compared, because its clock and PostgreSQL's may differ: a worker is behind the last that asked, or
gone from its list, from which it drops who has not asked for five minutes.
"""
CLOCK_SECONDS = 10.0
"""How far a clock may be off. Ours: timers and time limits of seconds depend on it."""
GONE_AFTER = timedelta(minutes=10)
"""A process that was not heard for so long is taken for gone, and no trouble any more. Ours."""


class Complaint(StrEnum):
    """What is wrong with a process, or with all of them."""

    silent = "silent"
    not_polling = "not_polling"
    clock = "clock"
    schema = "schema"
    keys = "keys"
    versions = "versions"
    no_worker = "no_worker"
    read_only = "read_only"


@dataclass(frozen=True)
class Seen:
    """A process. `is_gone`: it was not heard for so long that it will not come back."""

    process: Process
    complaints: Sequence[Complaint]
    is_gone: bool

    @property
    def is_heard(self) -> bool:
        return not self.is_gone and Complaint.silent not in self.complaints

    @property
    def is_worker(self) -> bool:
        return self.process.kind == ProcessKind.worker


@dataclass(frozen=True)
class Processes:
    """All processes, and what is wrong with them together. `revision`: of the database."""

    seen: Sequence[Seen]
    complaints: Sequence[Complaint]
    revision: str

    @property
    def can_be_written(self) -> bool:
        """Whether the database takes writes."""
        return Complaint.read_only not in self.complaints

    @property
    def troubles(self) -> int:
        own = sum(len(one.complaints) for one in self.seen)
        return own + len(self.complaints)


async def look(
    sessions: Sessions, polled: Mapping[str, datetime] | None, now: datetime
) -> Processes:
    """Return the processes. `polled`: when each asked Temporal for work; None: nobody knows."""
    async with sessions() as session:
        rows = await processes.listed(session)
    revision = await revision_of(sessions.direct)
    idle = set() if polled is None else _idle(rows, polled)
    seen = _without_keys([_seen(row, idle, revision, now) for row in rows])
    if not await takes_writes(sessions.direct.fetch_one):
        # Nor can processes write that they are there.
        return Processes(seen, [Complaint.read_only], revision)
    return Processes(seen, _together(seen), revision)


def _idle(rows: Sequence[Process], polled: Mapping[str, datetime]) -> Collection[str]:
    """Return the identities of workers that do not ask Temporal for work."""
    workers = [row.identity for row in rows if row.kind == ProcessKind.worker]
    latest = max(polled.values(), default=None)
    return {
        one
        for one in workers
        if latest is None or one not in polled or latest - polled[one] > POLLED_WITHIN
    }


def _seen(row: Process, idle: Collection[str], revision: str, now: datetime) -> Seen:
    silent = now - row.seen_at
    if silent > SILENT_AFTER:
        is_gone = silent > GONE_AFTER
        return Seen(row, () if is_gone else (Complaint.silent,), is_gone)
    found = []
    is_new = now - row.started_at < POLLED_WITHIN
    if row.kind == ProcessKind.worker and row.identity in idle and not is_new:
        found.append(Complaint.not_polling)
    if abs(row.clock_seconds) > CLOCK_SECONDS:
        found.append(Complaint.clock)
    if row.schema_revision != revision:
        found.append(Complaint.schema)
    return Seen(row, found, is_gone=False)


def _without_keys(seen: Sequence[Seen]) -> Sequence[Seen]:
    """Complain of those that lack a key with which another process encrypts."""
    first = {keys[0] for one in seen if one.is_heard and (keys := one.process.key_marks)}
    return [
        replace(one, complaints=[*one.complaints, Complaint.keys])
        if one.is_heard and (keys := one.process.key_marks) and first - {*keys}
        else one
        for one in seen
    ]


def _together(seen: Sequence[Seen]) -> Sequence[Complaint]:
    alive = [one for one in seen if one.is_heard]
    found = []
    if not any(one.is_worker for one in alive):
        found.append(Complaint.no_worker)
    codes = Counter((one.process.version, one.process.schema_revision) for one in alive)
    builds = {one.process.build_id for one in alive if one.is_worker}
    if len(codes) > 1 or len(builds) > 1:
        found.append(Complaint.versions)
    return found
