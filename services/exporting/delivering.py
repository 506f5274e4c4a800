"""Copies files of exports into buckets, in parts. It may stop at any line, and run twice.

How far an upload is stands in the export's row: whoever comes next goes on with the next part. An
object is not there before it is whole.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries.exports import states
from database.tables import Export, ExportBucket, ExportPart, ExportSchedule
from domain.exporting.kinds import ExportFormat, ExportStatus
from media.store import FileMissing, MediaStore
from outgoing.bucket_problems import BucketProblem
from outgoing.buckets import Buckets, Object, Place
from security.secrets import SecretBox, SecretUnreadable
from services.exporting.buckets import place_of
from services.exporting.parts import read

PART_SIZE = 8 * 1024 * 1024
"""Bytes of a part in memory. Ours: the least is 5 MiB, but for the last one."""
MOST_PARTS = 10_000
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Upload:
    """An upload in parts, as an export's row keeps it. `to`: the object's address.

    `tags`: of the parts that are there, in their order. `is_over`: of a file that was taken back,
    and is made anew.
    """

    to: str
    id: str
    size: int
    tags: Sequence[str] = ()
    is_over: bool = False

    @classmethod
    def of(cls, kept: dict[str, Any] | None) -> Self | None:
        """Return what a row keeps."""
        return cls(**kept) if kept else None


@dataclass(frozen=True)
class Job:
    """A file on its way. `is_good`: it was not deleted meanwhile.

    `begun_at`: when it was begun, which is another moment once it is made anew.
    """

    export_id: UUID
    begun_at: datetime
    place: Place = field(repr=False)
    what: Object
    size: int
    parts: Sequence[ExportPart]
    upload: Upload | None
    is_good: bool

    @property
    def to(self) -> str:
        """Return where it goes."""
        return f"{self.place.url}/{self.what.name}"


@dataclass(frozen=True)
class Delivered:
    """What became of copying. `begun_at`: of the file that was looked at, None if there was none.

    `is_copied`: it is in its bucket.
    """

    begun_at: datetime | None = None
    is_copied: bool = False


@dataclass(frozen=True)
class Uploads:
    """Copies files into buckets. `part_size`: in bytes."""

    sessions: Sessions
    store: MediaStore
    buckets: Buckets
    box: SecretBox
    part_size: int = PART_SIZE

    async def deliver(self, export_id: UUID) -> Delivered:
        """Copy a file into its schedule's bucket, and say whether it is there now.

        It is not if there is no bucket or no file any more. By then another may be made. Raises
        `BucketProblem`, `Unavailable` and `NOT_DONE`.
        """
        job = await self._job(export_id)
        if job is not None and job.upload is not None and job.upload.is_over:
            await self.give_up(export_id)
            job = await self._job(export_id)
        if job is None:
            return Delivered()
        try:
            if not job.is_good:  # what is left of an upload must not become an object
                raise FileMissing
            if job.size <= self.part_size:
                data = b"".join([piece async for piece in read(self.store, job.parts)])
                await self.buckets.put(job.place, job.what, data)
            else:
                await self._in_parts(job)
        except FileMissing:  # it expired, or something in it was erased meanwhile
            await self.give_up(export_id)
            return Delivered(job.begun_at)
        except BucketProblem as problem:
            if not problem.is_upload_lost:
                raise
            # Lost because it was finished already, or else it begins anew.
            if not await self.buckets.has(job.place, job.what, job.size):
                await self._keep(export_id, None)
                raise
        return Delivered(job.begun_at, is_copied=True)

    async def give_up(self, export_id: UUID) -> None:
        """Have the bucket forget the parts of a file that does not come."""
        try:
            job = await self._job(export_id)
            if job is not None and job.upload is not None:
                await self.buckets.give_up(job.place, job.what.name, job.upload.id)
        except BucketProblem as problem:
            log.info("export_upload_left", export_id=str(export_id), problem=problem.code)
        await self._keep(export_id, None)

    async def _job(self, export_id: UUID) -> Job | None:
        async with self.sessions() as session:
            export = await session.get(Export, export_id)
            is_made = export is not None and (export.status == ExportStatus.done or export.upload)
            if export is None or not is_made:
                return None
            bucket = await _bucket_of(session, export)
            if bucket is None:
                return None
            parts = await states.parts(session, export.id)
        try:
            place = place_of(bucket, self.box)
        except SecretUnreadable as error:
            raise BucketProblem("SecretUnreadable", "Enter the secret of the key again.") from error
        content_type = ExportFormat(export.format).content_type
        what = Object(bucket.prefix + object_name(export), content_type, str(export.id))
        of = (
            export.id,
            export.created_at,
            place,
            what,
            export.size,
            parts,
            Upload.of(export.upload),
        )
        return Job(*of, is_good=export.status == ExportStatus.done)

    async def _in_parts(self, job: Job) -> None:
        upload = job.upload
        if upload is None or upload.to != job.to:
            size = max(self.part_size, -(-job.size // MOST_PARTS))
            upload_id = await self.buckets.begin(job.place, job.what)
            upload = Upload(job.to, upload_id, size)
            await self._keep(job.export_id, upload, job.begun_at)
        tags = list(upload.tags)
        rest = read(self.store, job.parts, len(tags) * upload.size)
        of = (job.place, job.what.name, upload.id)
        async for data in _cut(rest, upload.size):
            tags.append(await self.buckets.put_part(*of, len(tags) + 1, data))
            now_is = Upload(upload.to, upload.id, upload.size, tags)
            if not await self._keep(job.export_id, now_is, job.begun_at):
                raise FileMissing
        await self.buckets.finish(*of, tags)

    async def _keep(
        self, export_id: UUID, upload: Upload | None, begun_at: datetime | None = None
    ) -> bool:
        """Keep how far it is; say whether the file is still good, and the one begun at a moment."""
        async with self.sessions.begin() as session:
            export = await states.lock(session, export_id)
            if export is None:
                return False
            if begun_at is not None and export.created_at != begun_at:
                # What was copied meanwhile is of a file that was taken back.
                gone = asdict(upload) | {"is_over": True} if upload else None
                export.upload = export.upload or gone
                return False
            export.upload = asdict(upload) if upload else None
            return export.status == ExportStatus.done


async def _bucket_of(session: AsyncSession, export: Export) -> ExportBucket | None:
    schedule = await session.get(ExportSchedule, export.schedule_id)
    if schedule is None or schedule.retired_at is not None or schedule.bucket_id is None:
        return None
    return await session.get(ExportBucket, schedule.bucket_id)


def object_name(export: Export) -> str:
    """Return what a run's file is called in its bucket: the same whenever it is copied again."""
    schedule = str(export.schedule_id)[:8]
    return f"{export.kind}-{export.due_at:%Y-%m-%d-%H%M}-{schedule}.{export.format}"


async def _cut(pieces: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """Yield the same bytes in parts of a size; the last one has the rest."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
