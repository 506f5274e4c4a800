"""A running batch: its next recipients are written as texts, a slice at a time.

All statements of a turn run in one transaction, which holds the batch's row. So nobody pauses or
cancels the batch in the middle, and two workers never write the same slice.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.standings import CONSENTED, KNOWN, OPTED_OUT
from domain.batches.kinds import BatchStatus, LeftOut
from domain.consent.gates import Standing

LOCK = sql("""
    SELECT batch.account_id, batch.line_id, batch.skill_id, batch.title, batch.context,
        batch.look_back_seconds, batch.send_from, batch.window_from, batch.window_until,
        batch.consent_evidence, batch.created_at, batch.started_at, batch.maybe_sent_since,
        batch.status, batch.agent_id, batch.token_id,
        line.retired_at IS NOT NULL OR connector.retired_at IS NOT NULL AS line_is_retired,
        skill.retired_at IS NOT NULL AS skill_is_retired,
        line.address, line.countries, line.kind, line.segments_per_second, line.smart_encoding,
        coalesce(line.language, account.language) AS language, account.brand,
        account.first_text_check, account.needs_consent, account.holds_quiet_hours,
        account.time_zone, account.texts_from, account.texts_until, connector.give_up_seconds,
        EXISTS (
            SELECT FROM connector_pause AS pause
            WHERE pause.connector_id = connector.id AND pause.resumed_at IS NULL
        ) AS connector_is_paused
    FROM batch JOIN line ON line.id = batch.line_id
        JOIN connector ON connector.id = line.connector_id
        JOIN skill ON skill.id = batch.skill_id
        JOIN account ON account.id = batch.account_id
    WHERE batch.id = :batch_id
    FOR UPDATE OF batch
""")
# A text that has left, or failed on its way, makes room for the next.
SETTLE = sql("""
    UPDATE batch_recipient AS recipient SET status = 'under_way'
    FROM message
    WHERE recipient.batch_id = :batch_id AND recipient.status = 'queued'
      AND message.id = recipient.message_id AND message.status <> 'queued'
""")
# One that quiet hours hold takes no room.
QUEUED = sql("""
    SELECT count(*), count(*) FILTER (WHERE message.look_up_at > :soon),
        min(message.look_up_at) FILTER (WHERE message.look_up_at > :soon)
    FROM batch_recipient AS recipient JOIN message ON message.id = recipient.message_id
    WHERE recipient.batch_id = :batch_id AND recipient.status = 'queued'
""")
SETTLED = sql("""
    SELECT count(*) FROM batch_recipient
    WHERE batch_id = :batch_id AND status IN ('under_way', 'left_out')
""")
NEXT = sql("""
    SELECT place, phone, number, text, evidence, zone FROM batch_recipient
    WHERE batch_id = :batch_id AND status = 'waiting' AND not_before <= :now
    ORDER BY not_before, place LIMIT :limit FOR UPDATE
""")
NEXT_AT = sql("""
    SELECT not_before FROM batch_recipient
    WHERE batch_id = :batch_id AND status = 'waiting' ORDER BY not_before LIMIT 1
""")
HOLD = sql("""
    UPDATE batch_recipient AS recipient SET not_before = row.until
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row (place bigint, until timestamptz)
    WHERE recipient.batch_id = :batch_id AND recipient.place = row.place
""")
CONSUMERS = sql("""
    INSERT INTO consumer (account_id, phone, number)
    SELECT :account_id, recipient.phone, recipient.number
    FROM batch_recipient AS recipient
    WHERE recipient.batch_id = :batch_id AND recipient.place = ANY(:places)
    ORDER BY recipient.phone
    ON CONFLICT (account_id, phone) DO NOTHING
""")
FACED = sql(f"""
    SELECT recipient.place, consumer.id AS consumer_id, {OPTED_OUT} AS is_opted_out,
        consumer.blocked_at IS NOT NULL AS is_blocked, {CONSENTED} AS has_consented,
        NOT {KNOWN} AS is_new
    FROM batch_recipient AS recipient
        JOIN consumer ON consumer.account_id = :account_id AND consumer.phone = recipient.phone
        JOIN line ON line.id = :line_id
    WHERE recipient.batch_id = :batch_id AND recipient.place = ANY(:places)
""")  # noqa: S608 - our own words
LEAVE_OUT = sql("""
    UPDATE batch_recipient AS recipient
    SET status = 'left_out', left_out = row.reason, consumer_id = row.consumer_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS row (place bigint, reason text, consumer_id uuid)
    WHERE recipient.batch_id = :batch_id AND recipient.place = row.place
""")
ENQUEUE = sql("""
    UPDATE batch_recipient AS recipient
    SET status = 'queued', message_id = row.message_id, consumer_id = row.consumer_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS row (place bigint, message_id uuid, consumer_id uuid)
    WHERE recipient.batch_id = :batch_id AND recipient.place = row.place
""")
DUE = sql("UPDATE batch SET due_at = :due_at WHERE id = :batch_id")
STOP = sql("""
    UPDATE batch SET status = :status, stopped_because = :because,
        ended_at = CASE WHEN :is_over THEN :now END
    WHERE id = :batch_id
""")


@dataclass(frozen=True)
class RunningBatch:
    """A locked batch, with what its line and its account say now."""

    account_id: str
    line_id: str
    skill_id: str
    title: str
    context: Mapping[str, Any]
    look_back_seconds: int
    send_from: datetime | None
    window_from: time | None
    window_until: time | None
    consent_evidence: str | None
    created_at: datetime
    started_at: datetime | None
    maybe_sent_since: datetime | None
    status: str
    agent_id: str | None
    token_id: str | None
    line_is_retired: bool
    skill_is_retired: bool
    address: str
    countries: Sequence[str] | None
    kind: str
    segments_per_second: float | None
    smart_encoding: bool
    language: str
    brand: str
    first_text_check: str
    needs_consent: bool
    holds_quiet_hours: bool
    time_zone: str
    texts_from: time | None
    texts_until: time | None
    give_up_seconds: int
    connector_is_paused: bool


@dataclass(frozen=True)
class Queued:
    """A batch's texts that wait to leave. `held`: those that wait for long, until `next_at`."""

    count: int
    held: int
    next_at: datetime | None


@dataclass(frozen=True)
class NextRecipient:
    """A recipient whose turn it is."""

    place: int
    phone: str
    number: str
    text: str
    evidence: str | None
    zone: str


async def lock(session: AsyncSession, batch_id: UUID) -> RunningBatch | None:
    """Return a batch and lock it; None: a restored database does not know it."""
    row = (await session.execute(LOCK, {"batch_id": batch_id})).one_or_none()
    return RunningBatch(*row) if row else None


async def settle(session: AsyncSession, batch_id: UUID, soon: datetime) -> Queued:
    """Note which texts have left, and return those that wait. `soon`: others wait for long."""
    await session.execute(SETTLE, {"batch_id": batch_id})
    values = {"batch_id": batch_id, "soon": soon}
    return Queued(*(await session.execute(QUEUED, values)).one())


async def settled(session: AsyncSession, batch_id: UUID) -> int:
    """Count the recipients who are under way or left out."""
    return await session.scalar(SETTLED, {"batch_id": batch_id}) or 0


async def next_recipients(
    session: AsyncSession, batch_id: UUID, now: datetime, limit: int
) -> Sequence[NextRecipient]:
    """Return recipients whose turn it is, in order, and lock them: nobody erases them meanwhile."""
    values = {"batch_id": batch_id, "now": now, "limit": limit}
    return [NextRecipient(*row) for row in await session.execute(NEXT, values)]


async def next_at(session: AsyncSession, batch_id: UUID) -> datetime | None:
    """Return when the next waiting recipient's turn is; None: nobody waits."""
    at: datetime | None = await session.scalar(NEXT_AT, {"batch_id": batch_id})
    return at


async def hold(session: AsyncSession, batch_id: UUID, until: Mapping[int, datetime]) -> None:
    """Set recipients aside until a time, each by their place."""
    rows = [{"place": place, "until": at.isoformat()} for place, at in until.items()]
    await session.execute(HOLD, {"batch_id": batch_id, "rows": json.dumps(rows)})


async def face(
    session: AsyncSession, batch_id: UUID, batch: RunningBatch, places: Sequence[int]
) -> dict[int, Standing]:
    """Return the standing of recipients' consumers, by place. New consumers are made."""
    of_slice = {"batch_id": batch_id, "account_id": batch.account_id, "places": list(places)}
    await session.execute(CONSUMERS, of_slice)
    rows = await session.execute(FACED, of_slice | {"line_id": batch.line_id})
    return {place: Standing(*known) for place, *known in rows}


async def leave_out(
    session: AsyncSession, batch_id: UUID, why: Mapping[int, tuple[LeftOut, UUID]]
) -> None:
    """Leave recipients out, each by their place."""
    rows = [
        {"place": place, "reason": reason.value, "consumer_id": str(consumer_id)}
        for place, (reason, consumer_id) in why.items()
    ]
    await session.execute(LEAVE_OUT, {"batch_id": batch_id, "rows": json.dumps(rows)})


async def enqueue(
    session: AsyncSession, batch_id: UUID, texts: Mapping[int, tuple[UUID, UUID]]
) -> None:
    """Note the texts and consumers of recipients, each by their place."""
    rows = [
        {"place": place, "message_id": str(message_id), "consumer_id": str(consumer_id)}
        for place, (message_id, consumer_id) in texts.items()
    ]
    await session.execute(ENQUEUE, {"batch_id": batch_id, "rows": json.dumps(rows)})


async def due(session: AsyncSession, batch_id: UUID, due_at: datetime) -> None:
    """Note when a worker looks at a batch at the latest."""
    await session.execute(DUE, {"batch_id": batch_id, "due_at": due_at})


async def stop(
    session: AsyncSession,
    batch_id: UUID,
    status: BatchStatus,
    now: datetime,
    because: str | None = None,
) -> None:
    """End a locked batch, or pause it because of what happened."""
    values = {"batch_id": batch_id, "status": status.value, "because": because, "now": now}
    await session.execute(STOP, values | {"is_over": status is BatchStatus.done})
