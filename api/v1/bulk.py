"""Actions for many conversations at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import ManagerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.bulk import BulkCount, BulkItemOut, BulkJobOut
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    UuidPath,
    after_number,
    page_of,
    read_cursor,
    unknown_cursor,
)
from api.scopes import needs
from domain.board.kinds import ItemState
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.errors import NobodyActs
from services.supervising import bulk
from services.supervising.bulk import JobShown
from services.supervising.inputs import BulkFilters, BulkInput

router = APIRouter(
    prefix="/bulk-jobs",
    tags=["board"],
    dependencies=[needs(Area.conversations)],
    responses=documented(NotAllowed),
)


@router.post("", status_code=201, responses=documented(NotFound, Conflict, Invalid, NobodyActs))
async def create_bulk_job(
    given: BulkInput, caller: ManagerDep, session: SessionDep, once: OnceDep
) -> BulkJobOut:
    """Transfer, label, close or opt out many conversations: those named, or all that pass filters.

    It goes on behind the answer, and survives restarts. Each conversation is done once, or refused
    with the reason. Read the job to know how far it has got; the event `bulk_ended` tells its end.
    Transfers and labels can be undone; a closed conversation and an opt-out cannot. To opt out
    consumers, a token needs the scope `consumers:write`.
    """

    async def make() -> BulkJobOut:
        return BulkJobOut.of(await bulk.give(caller, session, given))

    return await once.create(session, BulkJobOut, make)


@router.post("/count")
async def count_for_bulk_job(
    filters: BulkFilters, caller: ManagerDep, session: SessionDep
) -> BulkCount:
    """Count the conversations that pass filters. It changes nothing."""
    return BulkCount(count=await bulk.count(caller, session, filters), most=bulk.MOST)


@router.get("")
async def list_bulk_jobs(
    caller: ManagerDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[BulkJobOut]:
    """List the jobs, newest first."""
    before = _before(cursor) if cursor else None
    rows = await bulk.listed(caller, session, before, limit + 1)

    def position(shown: JobShown) -> list[str]:
        return [shown.job.created_at.isoformat(), str(shown.job.id)]

    return page_of(rows, limit, BulkJobOut.of, position)


@router.get("/{job_id}", responses=documented(NotFound))
async def show_bulk_job(job_id: UuidPath, caller: ManagerDep, session: SessionDep) -> BulkJobOut:
    """Show a job, and how far it has got."""
    return BulkJobOut.of(await bulk.find(caller, session, job_id))


@router.get("/{job_id}/conversations", responses=documented(NotFound))
async def list_bulk_job_conversations(
    job_id: UuidPath,
    caller: ManagerDep,
    session: SessionDep,
    state: Annotated[ItemState | None, Query(description="Only those in this state.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[BulkItemOut]:
    """List the conversations of a job, and what became of each."""
    after = after_number(cursor) or 0
    rows = await bulk.list_items(caller, session, job_id, state, after=after, limit=limit + 1)
    return page_of(rows, limit, BulkItemOut.of, lambda row: [str(row.position)])


@router.post("/{job_id}/cancel", responses=documented(NotFound))
async def cancel_bulk_job(job_id: UuidPath, caller: ManagerDep, session: SessionDep) -> BulkJobOut:
    """Do no more of a job. What was done stays done."""
    return BulkJobOut.of(await bulk.cancel(caller, session, job_id))


@router.post(
    "/{job_id}/undo", status_code=201, responses=documented(NotFound, Conflict, NobodyActs)
)
async def undo_bulk_job(
    job_id: UuidPath, caller: ManagerDep, session: SessionDep, once: OnceDep
) -> BulkJobOut:
    """Take back what a job has done, by a job of its own.

    A conversation that was moved since is left where it is, and its item says so.
    """

    async def make() -> BulkJobOut:
        return BulkJobOut.of(await bulk.undo(caller, session, job_id))

    return await once.create(session, BulkJobOut, make)


def _before(cursor: str) -> tuple[datetime, UUID]:
    at, job_id = read_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(at), UUID(job_id)
    except ValueError as error:
        raise unknown_cursor() from error
