"""Erasures: asked for, taken on step by step, and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.erasing.suppression import BLOCKED
from database.tables import Consumer, Conversation, Erasure
from domain.erasure.kinds import ErasureStatus
from domain.erasure.sought import Sought, hidden, sought
from domain.errors import NotFound

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
"""Ours: a workflow that fails each time is looked at by people before, and started in vain."""
MOST_DOUBLINGS = 10
"""Ours: far beyond the longest pause."""
DUE_AGAIN = sql(":now + least(:first * power(2, least(erasure.starts, :doublings)), :longest)")
LATE_AFTER = timedelta(hours=1)
"""Ours: an erasure takes a minute, and Temporal's own deleting another."""
LOOK_BACK = timedelta(days=1)
"""Texts handed over since then have to be in a transcript before their number is taken away. Ours:
what is given back after a loss is so within minutes.
"""

# A text on its way belongs to whoever the number belonged to when it arrived. What its provider has
# taken needs no number any more, and may never be reported as final.
ON_THE_WAY = sql("""
    SELECT EXISTS (
        SELECT FROM conversation
        WHERE consumer_id = ANY(:consumers) AND (status <> 'closed' OR texts_to_carry > 0
            AND NOT EXISTS (
                SELECT FROM conversation AS later WHERE later.line_id = conversation.line_id
                  AND later.consumer_id = conversation.consumer_id
                  AND later.number > conversation.number
            ))
    ) OR EXISTS (
        SELECT FROM inbound WHERE consumer_id = ANY(:consumers) AND (
            handed_over_at IS NULL OR handed_over_at > now() - :look_back
                AND NOT EXISTS (SELECT FROM message WHERE message.id = inbound.id)
        )
    ) OR EXISTS (
        SELECT FROM message WHERE consumer_id = ANY(:consumers) AND conversation_id IS NULL
          AND status = 'sending' AND provider_message_id IS NULL
    )
""")
FORGET_SUPPRESSED = sql("""
    DELETE FROM suppression USING consumer
    WHERE consumer.id = ANY(:consumers) AND suppression.account_id = consumer.account_id
      AND suppression.number_hash = ANY(suppression_hashes(consumer.account_id, consumer.phone))
""")
SUPPRESS = sql("""
    INSERT INTO suppression (account_id, number_hash, scope, since, key_mark)
    SELECT consumer.account_id, (suppression_hashes(consumer.account_id, consumer.phone))[1],
        kept.scope, kept.since, (suppression_hashes('', ''))[1]
    FROM consumer, LATERAL (
        SELECT scope, changed_at AS since FROM consent
        WHERE consent.consumer_id = consumer.id AND is_opted_out
        UNION ALL SELECT :blocked, consumer.blocked_at WHERE consumer.blocked_at IS NOT NULL
    ) AS kept
    WHERE consumer.id = ANY(:consumers)
""")
# Those who stay have one of them in the place of the one that goes: details are the same for all.
PART = sql("""
    WITH heir AS (
        SELECT merged_into_id AS gone, (array_agg(id ORDER BY created_at, id))[1] AS id
        FROM consumer
        WHERE merged_into_id = ANY(:consumers) AND NOT id = ANY(:consumers)
        GROUP BY merged_into_id
    )
    UPDATE consumer SET merged_into_id = nullif(heir.id, consumer.id) FROM heir
    WHERE consumer.merged_into_id = heir.gone AND NOT consumer.id = ANY(:consumers)
""")
# As `batch_slices.NEXT`, these rows before any consumer's: a slice that is being written is waited
# for, and one that begins later does not find them.
LEAVE_OUT = sql("""
    UPDATE batch_recipient AS recipient SET status = 'left_out', left_out = 'erased'
    FROM batch, consumer
    WHERE consumer.id = ANY(:consumers) AND batch.account_id = consumer.account_id
      AND recipient.batch_id = batch.id AND recipient.phone = consumer.phone
      AND recipient.status = 'waiting'
""")
TAKE_BACK = sql("""
    UPDATE message SET status = 'failed', failure_code = 'erased', status_at = now(),
        look_up_at = NULL
    WHERE consumer_id = ANY(:consumers) AND conversation_id IS NULL AND status = 'queued'
""")
NUMBER_GONE = sql("""
    UPDATE consumer SET number = 'erased', phone = 'erased/' || gen_random_uuid(),
        merged_into_id = NULL, erased_at = :now, blocked_at = NULL
    WHERE id = ANY(:consumers) AND erased_at IS NULL
""")


@dataclass(frozen=True)
class OpenThread:
    """A conversation of a consumer that is to end, and its workflow."""

    conversation_id: UUID
    workflow_id: str


async def find(session: AsyncSession, account_id: str, erasure_id: UUID) -> Erasure:
    """Return an erasure of an account. Raises `NotFound`."""
    query = select(Erasure).where(Erasure.id == erasure_id, Erasure.account_id == account_id)
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def lock(session: AsyncSession, erasure_id: UUID) -> Erasure | None:
    """Lock and return an erasure."""
    query = select(Erasure).where(Erasure.id == erasure_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def under_way(session: AsyncSession, consumer_id: UUID) -> Erasure | None:
    """Return the erasure of a number that is not over yet."""
    query = select(Erasure).where(Erasure.consumer_id == consumer_id, Erasure.ended_at.is_(None))
    return (await session.scalars(query)).one_or_none()


async def listed(
    session: AsyncSession, account_id: str, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Erasure]:
    """Return an account's erasures, the latest first."""
    query = select(Erasure).where(Erasure.account_id == account_id)
    if before is not None:
        at, id_ = before
        is_earlier = (Erasure.asked_at < at) | ((Erasure.asked_at == at) & (Erasure.id < id_))
        query = query.where(is_earlier)
    ordered = query.order_by(Erasure.asked_at.desc(), Erasure.id.desc()).limit(limit)
    return (await session.scalars(ordered)).all()


async def neglected(session: AsyncSession, now: datetime, limit: int) -> Sequence[Erasure]:
    """Return erasures that nobody goes on with, and leave them to the caller for a moment."""
    due = (
        select(Erasure.id)
        .where(Erasure.ended_at.is_(None), Erasure.due_at <= now)
        .order_by(Erasure.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    change = update(Erasure).where(Erasure.id.in_(due)).values(due_at=now + FIRST_PAUSE)
    return (await session.scalars(change.returning(Erasure))).all()


async def count_start(session: AsyncSession, left: Erasure, now: datetime) -> None:
    """Count that Temporal took an erasure's workflow; the next start is after a growing pause.

    `left`: as `neglected` returned it. A workflow that has gone on since has said itself when it is
    due, and is not counted.
    """
    due_at = DUE_AGAIN.bindparams(
        now=now, first=FIRST_PAUSE, doublings=MOST_DOUBLINGS, longest=LONGEST_PAUSE
    )
    change = update(Erasure).where(Erasure.id == left.id, Erasure.due_at == left.due_at)
    await session.execute(change.values(due_at=due_at, starts=Erasure.starts + 1))


async def late(session: AsyncSession, now: datetime, limit: int) -> Sequence[Erasure]:
    """Return erasures that were asked for long ago and have not ended, the oldest first."""
    query = (
        select(Erasure)
        .where(Erasure.ended_at.is_(None), Erasure.asked_at < now - LATE_AFTER)
        .order_by(Erasure.asked_at)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def make_due(session: AsyncSession, erasure_id: UUID, now: datetime) -> None:
    """Have an erasure's workflow started again at the next look."""
    change = update(Erasure).where(Erasure.id == erasure_id, Erasure.ended_at.is_(None))
    await session.execute(change.values(due_at=now, starts=0))


async def numbers(session: AsyncSession, consumer_ids: Sequence[UUID]) -> list[dict[str, str]]:
    """Return keys and spellings of numbers."""
    query = select(Consumer.phone, Consumer.number).where(Consumer.id.in_(consumer_ids))
    return [{"key": row.phone, "written": row.number} for row in await session.execute(query)]


def sought_of(erasure: Erasure) -> Sought:
    """Return what an erasure's numbers are found by; nothing once it is over."""
    return sought([(one["key"], one["written"]) for one in erasure.numbers or ()])


async def conversations(session: AsyncSession, consumer_ids: Sequence[UUID]) -> list[UUID]:
    """Return the ids of all conversations of some numbers."""
    query = select(Conversation.id).where(Conversation.consumer_id.in_(consumer_ids))
    return list(await session.scalars(query.order_by(Conversation.id)))


async def workflows(session: AsyncSession, consumer_ids: Sequence[UUID]) -> list[str]:
    """Return the ids of the workflows that all conversations of some numbers had."""
    query = select(Conversation.workflow_id).where(Conversation.consumer_id.in_(consumer_ids))
    return sorted(set(await session.scalars(query)))


async def open_threads(session: AsyncSession, consumer_ids: Sequence[UUID]) -> list[OpenThread]:
    """Return the conversations of some numbers that have not ended."""
    query = select(Conversation.id, Conversation.workflow_id).where(
        Conversation.consumer_id.in_(consumer_ids), Conversation.status != "closed"
    )
    return [OpenThread(*row) for row in await session.execute(query)]


async def detach(
    session: AsyncSession, erasure: Erasure, consumers: Sequence[UUID], now: datetime
) -> bool:
    """Take the number away, and keep its opt-outs as hashes; False while something is on its way.

    From the commit on the number is nobody's. No text arrives meanwhile: each locks these rows.
    Batches leave the number out in any case.
    """
    wanted = {"consumers": list(consumers)}
    await session.execute(LEAVE_OUT, wanted)
    query = select(Consumer.id).where(Consumer.id.in_(consumers)).order_by(Consumer.id)
    await session.execute(query.with_for_update())
    if await session.scalar(ON_THE_WAY, wanted | {"look_back": LOOK_BACK}):
        return False
    await session.execute(FORGET_SUPPRESSED, wanted)
    await session.execute(SUPPRESS, wanted | {"blocked": BLOCKED})
    await session.execute(PART, wanted)
    await session.execute(TAKE_BACK, wanted)
    # The spelling may have changed since it was asked for.
    erasure.numbers = [*(erasure.numbers or ()), *await numbers(session, consumers)]
    await session.execute(NUMBER_GONE, wanted | {"now": now})
    erasure.status, erasure.detached_at = str(ErasureStatus.erasing), now
    return True


def add_counts(erasure: Erasure, counts: dict[str, int]) -> None:
    """Add to what was erased."""
    sums: dict[str, Any] = dict(erasure.counts)
    for kind, number in counts.items():
        sums[kind] = sums.get(kind, 0) + number
    erasure.counts = sums


async def end(session: AsyncSession, erasure_id: UUID, now: datetime) -> None:
    """End an erasure, after which no reason of its account's erasures has its number any more.

    All are locked in one order: another that ends at the same moment may name this number, too.
    """
    of = (await session.scalars(select(Erasure).where(Erasure.id == erasure_id))).one_or_none()
    if of is None or of.ended_at is not None:
        return
    numbers = sought_of(of)
    names_it = Erasure.reason.regexp_match(numbers.pattern) & (Erasure.account_id == of.account_id)
    query = select(Erasure).where((Erasure.id == of.id) | names_it).order_by(Erasure.id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    for one in await session.scalars(locked):
        one.reason = hidden(one.reason, numbers)
    if of.ended_at is None:
        of.numbers, of.ended_at, of.due_at = None, now, None
        of.status = str(ErasureStatus.done)
