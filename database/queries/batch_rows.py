"""Rows of recipients, written slice by slice, and listed for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Batch, BatchUpload
from domain.batches.places import place_of
from domain.batches.rows import GoodRow, RefusedRow

ADD = sql("""
    WITH row AS (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row (
            place bigint, phone text, number text, text text, segments int, first_segments int,
            forced_by text, zone text, is_landline boolean, evidence text
        )
    ), first AS (
        SELECT DISTINCT ON (phone) * FROM row
        WHERE NOT EXISTS (
            SELECT FROM batch_recipient AS other
            WHERE other.batch_id = :batch_id AND other.phone = row.phone
        )
        ORDER BY phone, place
    ), added AS (
        INSERT INTO batch_recipient (batch_id, place, phone, number, text, segments, first_segments,
            forced_by, zone, evidence, status, left_out)
        SELECT :batch_id, place, phone, number, text, segments, first_segments, forced_by, zone,
            evidence, CASE WHEN is_landline THEN 'left_out' ELSE 'waiting' END,
            CASE WHEN is_landline THEN 'landline' END
        FROM first ORDER BY place LIMIT :room
        ON CONFLICT (batch_id, phone) DO NOTHING
        RETURNING place
    ), known AS (
        SELECT row.place, row.place NOT IN (SELECT place FROM first) AS is_duplicate
        FROM row WHERE row.place NOT IN (SELECT place FROM added)
    ), told AS (
        INSERT INTO batch_bad_row (batch_id, place, reason, detail)
        SELECT :batch_id, place, CASE WHEN is_duplicate THEN 'duplicate' ELSE 'too_many' END, ''
        FROM known WHERE :tells
        ON CONFLICT DO NOTHING
    )
    SELECT (SELECT count(*) FROM added), count(*) FILTER (WHERE is_duplicate), count(*) FROM known
""")
REFUSE = sql("""
    INSERT INTO batch_bad_row (batch_id, place, reason, detail)
    SELECT :batch_id, place, reason, detail
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row (place bigint, reason text, detail text)
    ON CONFLICT DO NOTHING
""")
BAD_ROWS = sql("""
    SELECT place, reason, detail FROM batch_bad_row
    WHERE batch_id = :batch_id AND place > :after ORDER BY place LIMIT :limit
""")


def packed_good(upload: int, rows: Sequence[GoodRow]) -> str:
    """Return rows in the form in which `add` gives them to the database."""
    return json.dumps(
        [
            {
                "place": place_of(upload, row.line),
                "phone": row.phone.key,
                "number": row.phone.written,
                "text": row.text,
                "segments": row.segments,
                "first_segments": row.first_segments,
                "forced_by": row.forced_by,
                "zone": row.zone,
                "is_landline": row.is_landline,
                "evidence": row.evidence,
            }
            for row in rows
        ]
    )


def packed_bad(upload: int, rows: Sequence[RefusedRow]) -> str:
    """Return rows in the form in which `refuse` gives them to the database."""
    return json.dumps(
        [
            {
                "place": place_of(upload, row.line),
                "reason": row.reason.value,
                "detail": row.detail,
            }
            for row in rows
        ]
    )


async def add(
    session: AsyncSession, batch_id: UUID, rows: str, *, room: int, tells: bool
) -> tuple[int, int, int]:
    """Add `packed_good` rows; returns how many were added, were duplicates, and were too many.

    `room`: how many more the batch may have. `tells`: those that are left out are kept as well.
    """
    values = {"batch_id": batch_id, "rows": rows, "room": room, "tells": tells}
    added, duplicates, others = (await session.execute(ADD, values)).one()
    return added, duplicates, others - duplicates


async def refuse(session: AsyncSession, batch_id: UUID, rows: str) -> None:
    """Keep `packed_bad` rows."""
    await session.execute(REFUSE, {"batch_id": batch_id, "rows": rows})


async def upload_of(
    session: AsyncSession, batch_id: UUID, digest: bytes, name: str, encoding: str
) -> tuple[BatchUpload, BatchUpload | None]:
    """Return the upload to write to, and an earlier one of the same file that was read whole.

    A file that was not read to its end goes on with its own upload. The batch is locked.
    """
    same = select(BatchUpload).where(BatchUpload.batch_id == batch_id, BatchUpload.digest == digest)
    known = (await session.scalars(same.order_by(BatchUpload.number.desc()))).first()
    if known is not None and not known.is_whole:
        return known, None
    highest = select(func.max(BatchUpload.number)).where(BatchUpload.batch_id == batch_id)
    number = (await session.scalar(highest) or 0) + 1
    made = BatchUpload(
        batch_id=batch_id,
        number=number,
        digest=digest,
        name=name,
        encoding=encoding,
        good=0,
        bad={},
        read_until=0,
        is_whole=False,
    )
    session.add(made)
    await session.flush()
    return made, known


async def count_slice(
    session: AsyncSession, upload: BatchUpload, *, added: int, bad: Mapping[str, int], line: int
) -> None:
    """Count what a slice gave to its batch and its upload. `line`: the last one that was read."""
    batch = update(Batch).where(Batch.id == upload.batch_id)
    await session.execute(batch.values(recipients=Batch.recipients + added))
    upload.good += added
    totals = dict(upload.bad)
    for reason, count in bad.items():
        totals[reason] = totals.get(reason, 0) + count
    upload.bad = {reason: count for reason, count in totals.items() if count}
    upload.read_until = max(upload.read_until, line)
    await session.flush()


async def bad_rows(
    session: AsyncSession, batch_id: UUID, after: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Return rows that make no recipient, in their order."""
    values = {"batch_id": batch_id, "after": after, "limit": limit}
    return [dict(row) for row in (await session.execute(BAD_ROWS, values)).mappings()]


async def bad_rows_of(
    session: AsyncSession, batch_id: UUID, upload: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Return the first rows of an upload that make no recipient."""
    rows = await bad_rows(session, batch_id, place_of(upload, 0), limit)
    return [row for row in rows if row["place"] < place_of(upload + 1, 0)]
