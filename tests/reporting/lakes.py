"""Helpers for tests of scheduled exports that go into a bucket of a real S3 server."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import update

from database.engine import Sessions
from database.tables import (
    Export,
    ExportBucket,
    ExportPart,
    ExportSchedule,
)
from domain.exporting.kinds import ExportStatus
from media.store import MediaStore
from outgoing.buckets import Buckets
from outgoing.posts import Posts
from services.caller import Caller
from services.exporting.buckets import BucketAccess
from services.exporting.delivering import Uploads
from services.exporting.scheduled import ScheduledExports
from tests.fixtures.exporting import access_of, box

SECRET = "a/Secret+that-nobody-shows"
MIB = 1024 * 1024
PART = 5 * MIB
"""The smallest part that S3 takes."""


class Killed(Exception):
    """The worker dies here."""


@dataclass
class Dying(Buckets):
    """A way into buckets on which a worker dies after some parts, or once it was finished."""

    posts: Posts
    parts_left: int = 99
    dies_finished: bool = False

    def __post_init__(self) -> None:
        super().__init__(self.posts)

    async def put_part(self, *of: Any) -> str:
        if not self.parts_left:
            raise Killed
        self.parts_left -= 1
        return await super().put_part(*of)

    async def finish(self, *of: Any) -> None:
        await super().finish(*of)
        if self.dies_finished:
            raise Killed


@dataclass
class Lake:
    """A brand with a bucket, and a schedule that goes into it."""

    sessions: Sessions
    ada: Caller
    url: str
    store: MediaStore
    posts: Posts
    http: httpx2.AsyncClient
    bucket: ExportBucket
    schedule: ExportSchedule

    @property
    def access(self) -> BucketAccess:
        return access_of(self.sessions)

    def runs(self, into: Buckets | None = None) -> ScheduledExports:
        into = into or Buckets(self.posts)
        uploads = Uploads(self.sessions, self.store, into, box(), part_size=PART)
        return ScheduledExports(self.sessions, uploads)

    async def make(self, *sizes: int) -> UUID:
        """Let a run's file be made, of parts of some sizes."""
        due_at = datetime(2026, 11, 27, 4, tzinfo=UTC) + timedelta(days=len(sizes))
        export_id = await self.runs().begin(self.schedule.id, due_at)
        assert export_id
        async with self.sessions.begin() as session:
            for number, size in enumerate(sizes, start=1):
                key = f"exports/{export_id}/{number}"
                await self.store.put(key, bytes([64 + number]) * size)
                part = {"export_id": export_id, "number": number, "size": size}
                session.add(ExportPart(key=key, **part))
            done = {"status": str(ExportStatus.done), "ended_at": datetime.now(UTC)}
            its = Export.id == export_id
            await session.execute(update(Export).where(its).values(size=sum(sizes), **done))
        return export_id

    async def change(self, export_id: UUID, **row: Any) -> None:
        async with self.sessions.begin() as session:
            await session.execute(update(Export).where(Export.id == export_id).values(**row))

    async def spans(self, *ids: UUID) -> list[tuple[int, int]]:
        """Return on which days of the month the time of files begins and ends."""
        async with self.sessions() as session:
            found = [await session.get_one(Export, one) for one in ids]
        assert all(one.since and one.until for one in found)
        return [(one.since.day, one.until.day) for one in found if one.since and one.until]

    async def objects(self) -> dict[str, bytes]:
        listed = (await self.http.get(f"{self.url}/lake?list-type=2")).text
        names = [one.split("</Key>")[0] for one in listed.split("<Key>")[1:]]
        return {name: (await self.http.get(f"{self.url}/lake/{name}")).content for name in names}

    async def now(self) -> ExportSchedule:
        async with self.sessions() as session:
            return await session.get_one(ExportSchedule, self.schedule.id)
