"""Actions for many conversations at once: given, looked at, cancelled and undone by managers.

What is given is kept first, with all its conversations. `services.supervising.working` does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, bulk, events, labels
from database.queries.bulk import Progress
from database.queries.conversation_filters import ConversationFilters
from database.queries.events import NewEvent
from database.tables import Agent, BulkItem, BulkJob, Skill
from domain.board.kinds import BulkKind, BulkStatus, ItemState
from domain.conversation.kinds import EventKind
from domain.errors import Conflict, Invalid, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now
from services.commanding.context import checked_note
from services.opting_out import recorded_by
from services.supervising.inputs import BulkAction, BulkFilters, BulkInput

MOST = 20_000
"""Conversations of one job. Ours: it works for half an hour, and a mistake is noticed before."""
TOO_MANY = f"More than {MOST} conversations match. Narrow the filters."


@dataclass(frozen=True)
class JobShown:
    """A job, how far it has got, and the job that takes it back."""

    job: BulkJob
    progress: Progress
    undone_by: UUID | None


async def give(caller: Caller, session: AsyncSession, given: BulkInput) -> JobShown:
    """Do something to many conversations. It goes on behind the answer, and survives restarts.

    Each conversation is done once, or refused with the reason. Raises `Invalid` for none and too
    many, `NotFound` and `Conflict` for a target that does not exist or is retired.
    """
    check_may(caller, given.action.kind)
    await _check_action(session, caller.account_id, given.action)
    job = await _add(caller, session, given.action)
    if given.conversations is not None:
        found = await bulk.add_named(session, caller.viewer, job.id, given.conversations)
    else:
        filters = filters_of(given.filters or BulkFilters())
        found = await bulk.add_matching(session, caller.viewer, job.id, filters, limit=MOST + 1)
    _check_count(found)
    job.total = found
    return JobShown(job, Progress(waiting=found), None)


async def count(caller: Caller, session: AsyncSession, wanted: BulkFilters) -> int:
    """Count the conversations that an action with these filters would be for."""
    caller.require(Role.manager)
    return await bulk.count_matching(session, caller.viewer, filters_of(wanted), limit=MOST + 1)


async def undo(caller: Caller, session: AsyncSession, job_id: UUID) -> JobShown:
    """Take back what a job has done, where a conversation is still as the job left it.

    Raises `NotFound`, `Conflict` for what cannot be undone, is not over or was undone before.
    """
    job = await _find(caller, session, job_id, is_locked=True)
    kind = BulkKind(job.kind)
    check_may(caller, kind)
    if not kind.can_be_undone or job.undoes is not None:
        raise Conflict("This cannot be undone.")
    if job.status == BulkStatus.running:
        raise Conflict("It is not over yet. Cancel it first.")
    if job.ended_at is None:
        raise Conflict("Its last conversations are still under way. Try again in a moment.")
    if job_id in await bulk.undoings(session, [job_id]):
        raise Conflict("It was undone before.")
    undoing = await _add(caller, session, BulkAction.model_validate(job.input), undoes=job_id)
    undoing.total = await bulk.add_undone(session, undoing.id, job_id)
    if not undoing.total:
        raise Conflict("There is nothing to undo.")
    return JobShown(undoing, Progress(waiting=undoing.total), None)


async def cancel(caller: Caller, session: AsyncSession, job_id: UUID) -> JobShown:
    """Do no more of a job. What was done stays done, and what is under way is done with first.

    Raises `NotFound`.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.conversations_write)
    await _find(caller, session, job_id)
    await bulk.stop(session, job_id, BulkStatus.cancelled)
    job = await _find(caller, session, job_id)
    await end(session, job)
    return await find(caller, session, job_id)


async def end(session: AsyncSession, job: BulkJob) -> None:
    """End a job that has nothing more to settle, and tell of it, unless that was done before."""
    now = utc_now()
    status = await bulk.end(session, job.id, now)
    if status is None:
        return
    counted = (await bulk.progress(session, [job.id]))[job.id]
    data = {
        "job_id": str(job.id),
        "kind": job.kind,
        "status": str(status),
        "done": counted.done,
        "refused": counted.refused,
    }
    event = NewEvent(EventKind.bulk_ended, now, agent_id=job.agent_id, data=data)
    await events.append(session, job.account_id, [event])


async def find(caller: Caller, session: AsyncSession, job_id: UUID) -> JobShown:
    """Return a job and how far it has got. Raises `NotFound`."""
    caller.require(Role.manager)
    job = await _find(caller, session, job_id)
    return (await _shown(session, [job]))[0]


async def listed(
    caller: Caller, session: AsyncSession, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[JobShown]:
    """Return jobs, the newest first: managers in teams see their own."""
    caller.require(Role.manager)
    by = caller.person.agent_id if caller.led and caller.person else None
    return await _shown(session, await bulk.listed(session, caller.account_id, by, before, limit))


async def list_items(
    caller: Caller,
    session: AsyncSession,
    job_id: UUID,
    state: ItemState | None,
    *,
    after: int,
    limit: int,
) -> Sequence[BulkItem]:
    """Return the conversations of a job and what became of each. Raises `NotFound`."""
    caller.require(Role.manager)
    await _find(caller, session, job_id)
    return await bulk.items(session, job_id, state, after=after, limit=limit)


async def _find(
    caller: Caller, session: AsyncSession, job_id: UUID, *, is_locked: bool = False
) -> BulkJob:
    """Return a job that the caller may see: others' may be about what is none of their teams'."""
    job = await bulk.find(session, caller.account_id, job_id, is_locked=is_locked)
    if caller.led and (caller.person is None or job.agent_id != caller.person.agent_id):
        raise NotFound
    return job


def filters_of(wanted: BulkFilters) -> ConversationFilters:
    """Return filters as lists of conversations take them."""
    now, minutes = utc_now(), wanted.waits_minutes
    return ConversationFilters(
        statuses=tuple(wanted.status),
        agent_id=wanted.agent,
        skill_id=wanted.skill,
        line_id=wanted.line,
        label_ids=tuple(wanted.label),
        priorities=tuple(wanted.priority),
        is_unanswered=wanted.unanswered,
        waits_since=None if minutes is None else now - timedelta(minutes=minutes),
        due_by=now if wanted.overdue else None,
    )


def check_may(caller: Caller, kind: BulkKind) -> None:
    """Raise `NotAllowed` or `ScopeMissing` for a caller who may not do this."""
    caller.require(Role.manager)
    is_opt_out = kind is BulkKind.opt_out
    caller.require_scope(
        TokenScope.consumers_write if is_opt_out else TokenScope.conversations_write
    )


def _check_count(found: int) -> None:
    if not found:
        raise Invalid("No conversation matches.")
    if found > MOST:
        raise Invalid(TOO_MANY)


async def _check_action(session: AsyncSession, account_id: str, action: BulkAction) -> None:
    """Refuse at once what each conversation would be refused for."""
    checked_note(action.note)
    if action.skill is not None:
        await account_rows.find_active(session, Skill, account_id, action.skill)
    if action.agent is not None:
        await account_rows.find_active(session, Agent, account_id, action.agent)
    known = await labels.named(session, account_id, {*action.add, *action.remove})
    if {*action.add, *action.remove} - known.keys():
        raise NotFound("There is no label with this id.")


async def _add(
    caller: Caller, session: AsyncSession, action: BulkAction, undoes: UUID | None = None
) -> BulkJob:
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": caller.account_id,
        "agent_id": caller.actor.agent_id,
        "token_id": recorded_by(caller).token_id,
        "kind": str(action.kind),
        "input": action.model_dump(mode="json"),
        "status": str(BulkStatus.running),
        "undoes": undoes,
        "total": 0,
    }
    return await bulk.add(session, values)


async def _shown(session: AsyncSession, jobs: Sequence[BulkJob]) -> list[JobShown]:
    ids = [job.id for job in jobs]
    progress = await bulk.progress(session, ids)
    undone_by = await bulk.undoings(session, ids)
    return [JobShown(job, progress[job.id], undone_by.get(job.id)) for job in jobs]
