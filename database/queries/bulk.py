"""Actions for many conversations: jobs, their items, and who works on which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Uuid,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.queries.conversation_filters import ConversationFilters, conditions
from database.queries.visibility import Viewer, visible
from database.tables import BulkItem, BulkJob, Consumer, Conversation, QueueEntry
from domain.board.kinds import BulkStatus, ItemState
from domain.errors import NotFound

CLAIM = sql("""
    UPDATE bulk_job SET due_at = :until WHERE id = (
        SELECT id FROM bulk_job WHERE ended_at IS NULL AND due_at <= :now
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id
""")
KEEP = sql("""
    UPDATE bulk_job SET due_at = :until WHERE id = :job_id AND ended_at IS NULL RETURNING status
""")


@dataclass(frozen=True)
class Progress:
    """How many conversations of a job are in which state."""

    waiting: int = 0
    done: int = 0
    refused: int = 0


async def add(session: AsyncSession, values: Mapping[str, Any]) -> BulkJob:
    """Add a job, whose items follow in the same transaction."""
    return (await session.scalars(insert(BulkJob).values(**values).returning(BulkJob))).one()


async def add_named(
    session: AsyncSession, viewer: Viewer, job_id: UUID, conversation_ids: Sequence[UUID]
) -> int:
    """Add those of these conversations that a viewer may see, in their order; returns how many."""
    named = (
        func.unnest(bindparam("ids", conversation_ids, ARRAY(Uuid)))
        .table_valued("id", with_ordinality="place")
        .render_derived()
    )
    chosen = (
        select(
            literal(job_id), func.row_number().over(order_by=func.min(named.c.place)), named.c.id
        )
        .join(Conversation, Conversation.id == named.c.id)
        .where(visible(viewer))
        .group_by(named.c.id)
    )
    return await _insert(session, chosen)


async def add_matching(
    session: AsyncSession,
    viewer: Viewer,
    job_id: UUID,
    filters: ConversationFilters,
    *,
    limit: int,
) -> int:
    """Add a viewer's conversations that pass filters, the oldest first; returns how many."""
    place = func.row_number().over(order_by=(Conversation.opened_at, Conversation.id))
    chosen = (
        select(literal(job_id), place, Conversation.id)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(visible(viewer), *conditions(filters))
        .order_by(Conversation.opened_at, Conversation.id)
        .limit(limit)
    )
    return await _insert(session, chosen)


async def count_matching(
    session: AsyncSession, viewer: Viewer, filters: ConversationFilters, *, limit: int
) -> int:
    """Count a viewer's conversations that pass filters, to `limit`."""
    found = (
        select(Conversation.id)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(visible(viewer), *conditions(filters))
        .limit(limit)
        .subquery()
    )
    return int(await session.scalar(select(func.count()).select_from(found)) or 0)


async def add_undone(session: AsyncSession, job_id: UUID, undone_id: UUID) -> int:
    """Add what a job has done, the last first, with how it was before; returns how many."""
    item = BulkItem
    place = func.row_number().over(order_by=item.position.desc())
    chosen = select(literal(job_id), place.cast(Integer), item.conversation_id, item.before).where(
        item.job_id == undone_id, item.state == str(ItemState.done)
    )
    return await _insert(session, chosen, "before")


async def _insert(session: AsyncSession, chosen: Any, *more: str) -> int:
    names = ["job_id", "position", "conversation_id", *more]
    rows = insert(BulkItem).from_select(names, chosen).returning(BulkItem.position)
    return len((await session.scalars(rows)).all())


async def find(
    session: AsyncSession, account_id: str, job_id: UUID, *, is_locked: bool = False
) -> BulkJob:
    """Return an account's job. Raises `NotFound`."""
    query = select(BulkJob).where(BulkJob.id == job_id, BulkJob.account_id == account_id)
    if is_locked:
        query = query.with_for_update()
    job = (await session.scalars(query)).one_or_none()
    if job is None:
        raise NotFound
    return job


async def undoings(session: AsyncSession, job_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Return the jobs that take jobs back, by what they take back."""
    query = select(BulkJob.undoes, BulkJob.id).where(BulkJob.undoes.in_(job_ids))
    rows = await session.execute(query)
    return {undone: undoing for undone, undoing in rows if undone is not None}


async def requested_agent(session: AsyncSession, conversation_id: UUID) -> str | None:
    """Return the one agent a conversation waits for, if it does."""
    entry = QueueEntry
    query = select(entry.requested_agent_id).where(entry.conversation_id == conversation_id)
    return await session.scalar(query)


async def listed(
    session: AsyncSession,
    account_id: str,
    agent_id: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[BulkJob]:
    """Return jobs of an account, or those that one person gave, the newest first."""
    query = select(BulkJob).where(BulkJob.account_id == account_id)
    if agent_id is not None:
        query = query.where(BulkJob.agent_id == agent_id)
    if before is not None:
        at, job_id = before
        query = query.where(
            (BulkJob.created_at < at) | ((BulkJob.created_at == at) & (BulkJob.id < job_id))
        )
    order = (BulkJob.created_at.desc(), BulkJob.id.desc())
    return (await session.scalars(query.order_by(*order).limit(limit))).all()


async def progress(session: AsyncSession, job_ids: Sequence[UUID]) -> Mapping[UUID, Progress]:
    """Return how far jobs have got."""
    query = (
        select(BulkItem.job_id, BulkItem.state, func.count())
        .where(BulkItem.job_id.in_(job_ids))
        .group_by(BulkItem.job_id, BulkItem.state)
    )
    counts: dict[UUID, dict[str, int]] = {job_id: {} for job_id in job_ids}
    for job_id, state, count in await session.execute(query):
        counts[job_id][state] = count
    return {job_id: Progress(**states) for job_id, states in counts.items()}


async def items(
    session: AsyncSession, job_id: UUID, state: ItemState | None, *, after: int, limit: int
) -> Sequence[BulkItem]:
    """Return a job's conversations in order, all or those in a state."""
    query = select(BulkItem).where(BulkItem.job_id == job_id, BulkItem.position > after)
    if state is not None:
        query = query.where(BulkItem.state == str(state))
    return (await session.scalars(query.order_by(BulkItem.position).limit(limit))).all()


async def claim(session: AsyncSession, now: datetime, until: datetime) -> UUID | None:
    """Take the job that has waited longest, until a time; None: nothing is to be done."""
    found: UUID | None = await session.scalar(CLAIM, {"now": now, "until": until})
    return found


async def keep(session: AsyncSession, job_id: UUID, until: datetime) -> BulkStatus | None:
    """Go on with a job until a time. Returns its status, None if it is over."""
    status = await session.scalar(KEEP, {"job_id": job_id, "until": until})
    return BulkStatus(status) if status is not None else None


async def next_items(
    session: AsyncSession, job: UUID, now: datetime, limit: int, *, begun_only: bool
) -> Sequence[BulkItem]:
    """Return the next conversations of a job that are due, all or those that were begun."""
    query = select(BulkItem).where(*_open(job, begun_only=begun_only), BulkItem.due_at <= now)
    return (await session.scalars(query.order_by(BulkItem.position).limit(limit))).all()


async def next_due(session: AsyncSession, job_id: UUID, *, begun_only: bool) -> datetime | None:
    """Return when the next conversation of a job is due, None if all are done with."""
    query = select(func.min(BulkItem.due_at)).where(*_open(job_id, begun_only=begun_only))
    return await session.scalar(query)


def _open(job_id: UUID, *, begun_only: bool) -> Sequence[ColumnElement[bool]]:
    """Return the conditions on `BulkItem` for what a job has still to settle."""
    left = (BulkItem.job_id == job_id, BulkItem.state == str(ItemState.waiting))
    return (*left, BulkItem.begun_at.is_not(None)) if begun_only else left


async def begin(
    session: AsyncSession, item: BulkItem, now: datetime, before: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Begin with a conversation, and keep how it was; returns what is kept.

    Returns None where nothing is to be done any more: it is settled, or its job was ended before it
    was begun. Whoever ends the job waits for the commit, and then sees that it was begun.
    """
    status = select(BulkJob.status).where(BulkJob.id == item.job_id).with_for_update(read=True)
    is_running = await session.scalar(status) == str(BulkStatus.running)
    change = (
        update(BulkItem)
        .where(*_is(item), BulkItem.state == str(ItemState.waiting))
        .where(or_(BulkItem.begun_at.is_not(None), literal(is_running)))
        .values(
            begun_at=func.coalesce(BulkItem.begun_at, now),
            before=func.coalesce(BulkItem.before, literal(dict(before), JSONB)),
        )
        .returning(BulkItem.before)
    )
    return (await session.scalars(change)).one_or_none()


def _is(item: BulkItem) -> Sequence[ColumnElement[bool]]:
    return (BulkItem.job_id == item.job_id, BulkItem.position == item.position)


async def settle(
    session: AsyncSession,
    item: BulkItem,
    state: ItemState,
    now: datetime,
    *,
    code: str | None = None,
    sentence: str | None = None,
) -> None:
    """Say what became of a conversation, unless that is known already."""
    change = update(BulkItem).where(*_is(item), BulkItem.state == str(ItemState.waiting))
    await session.execute(
        change.values(state=str(state), code=code, sentence=sentence, done_at=now)
    )


async def put_off(
    session: AsyncSession, item: BulkItem, by: timedelta, now: datetime, *, is_undone: bool
) -> None:
    """Try a conversation again after a while. `is_undone`: it was surely not done so far."""
    change = update(BulkItem).where(*_is(item), BulkItem.state == str(ItemState.waiting))
    values = {"attempts": item.attempts + 1, "due_at": now + by}
    await session.execute(change.values(**values, **({"begun_at": None} if is_undone else {})))


async def stop(session: AsyncSession, job_id: UUID, status: BulkStatus) -> None:
    """Begin with no more conversations of a job that runs."""
    change = update(BulkJob).where(
        BulkJob.id == job_id, BulkJob.status == str(BulkStatus.running), BulkJob.ended_at.is_(None)
    )
    await session.execute(change.values(status=str(status)))


async def end(session: AsyncSession, job_id: UUID, now: datetime) -> BulkStatus | None:
    """End a job that has nothing more to settle. Returns its status if this ended it."""
    running, done = str(BulkStatus.running), str(BulkStatus.done)
    left = select(BulkItem.position).where(*_open(job_id, begun_only=True)).exists()
    change = (
        update(BulkJob)
        .where(BulkJob.id == job_id, BulkJob.ended_at.is_(None), ~left)
        .values(status=case((BulkJob.status == running, done), else_=BulkJob.status), ended_at=now)
        .returning(BulkJob.status)
    )
    status = await session.scalar(change)
    return BulkStatus(status) if status is not None else None
