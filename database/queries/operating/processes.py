"""Processes that write every few seconds that they are there."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import all_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import Process

BEAT_SECONDS = 10.0
"""Ours: one statement of a millisecond for each process."""
SILENT_AFTER = timedelta(seconds=35)
"""Three beats, and what one takes: a process that was not heard for so long hangs or is gone."""
FORGOTTEN_AFTER = timedelta(days=1)

BEAT = b"""
    INSERT INTO process AS known (
        id, kind, name, identity, version, build_id, schema_revision, started_at, key_marks,
        clock_seconds
    )
    VALUES (
        %(id)s, %(kind)s, %(name)s, %(identity)s, %(version)s, %(build_id)s,
        %(schema_revision)s, clock_timestamp() - %(age)s, %(key_marks)s,
        extract(epoch FROM %(now)s - clock_timestamp())
    )
    ON CONFLICT (id) DO UPDATE
    SET seen_at = now(), clock_seconds = excluded.clock_seconds
"""
END = b"DELETE FROM process WHERE id = %(id)s"
FORGET = b"DELETE FROM process WHERE seen_at < now() - %(age)s"


class ProcessKind(StrEnum):
    api = "api"
    worker = "worker"


@dataclass(frozen=True)
class Self:
    """A process as it describes itself. `started`: in seconds of `time.monotonic`."""

    id: UUID
    kind: ProcessKind
    name: str
    identity: str
    version: str
    build_id: str | None
    schema_revision: str
    started: float
    key_marks: list[str]


async def beat(direct: Direct, own: Self, now: datetime) -> None:
    """Write that a process is there. `now`: by its own clock."""
    age = timedelta(seconds=time.monotonic() - own.started)
    await direct.fetch_one(BEAT, {**vars(own), "kind": str(own.kind), "now": now, "age": age})


async def end(direct: Direct, process_id: UUID) -> None:
    """Remove a process that ends by itself."""
    await direct.fetch_one(END, {"id": process_id})


async def forget(direct: Direct) -> None:
    """Remove processes that were not heard for a day."""
    await direct.fetch_one(FORGET, {"age": FORGOTTEN_AFTER})


async def listed(session: AsyncSession) -> Sequence[Process]:
    """Return all processes, the newest of each kind first."""
    order = (Process.kind, Process.started_at.desc(), Process.id)
    return (await session.scalars(select(Process).order_by(*order))).all()


async def lacking(session: AsyncSession, key_mark: str) -> Sequence[Process]:
    """Return the running processes that do not have a key; those that do not say are left out."""
    query = select(Process).where(
        Process.seen_at > func.now() - SILENT_AFTER,
        Process.key_marks.is_not(None),
        literal(key_mark) != all_(Process.key_marks),
    )
    return (await session.scalars(query.order_by(Process.kind, Process.name))).all()
