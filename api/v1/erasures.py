"""Everything about a number: what is held, exported, and erased on request."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from api.app_state import AppStateDep, BackendsDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import Documented, documented
from api.schemas.erasures import ErasureOut, HeldAboutOut, NewErasure, WouldGoOut
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    SlugText,
    UuidPath,
    page_of,
    read_cursor,
    unknown_cursor,
)
from api.scopes import needs
from api.zip_files import zipped
from database.tables import Erasure
from domain.errors import Conflict, Invalid, NotAllowed, NotFound, NumberInvalid
from domain.people.token_scopes import Area
from services.erasing import erasures, everything
from services.erasing.erasures import WhoseNumber

router = APIRouter(
    tags=["erasures"], dependencies=[needs(Area.erasures)], responses=documented(NotAllowed)
)
ZIP: Documented = {
    200: {
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        "description": "A ZIP with everything.json and the files.",
    }
}
WithMerged = Annotated[
    bool, Query(description="With all numbers that were found to be the same consumer's.")
]


@router.post(
    "/erasures", status_code=202, responses=documented(NotFound, NumberInvalid, Invalid, Conflict)
)
async def erase_consumer(
    new: NewErasure, caller: AdminDep, app: AppStateDep, backends: BackendsDep, once: OnceDep
) -> ErasureOut:
    """Erase everything about a number. What is open with it ends first, without a text.

    It goes on by itself and cannot be taken back. Asked again while it goes on, it answers with the
    same erasure. Opt-outs and blocks stay, as hashes by which the number is recognised if it texts
    or is imported again.
    """

    async def ask() -> ErasureOut:
        return ErasureOut.of(await erasures.ask(caller, backends, new.whose, new.reason))

    return await once.do(app.sessions, ErasureOut, ask)


@router.get("/erasures", responses=documented(Invalid))
async def list_erasures(
    caller: AdminDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[ErasureOut]:
    """List the account's erasures, the latest first."""
    found = await erasures.listed(caller, session, _before(cursor), limit + 1)
    return page_of(found, limit, ErasureOut.of, _position)


@router.get(
    "/erasures/retention",
    responses=documented(Invalid),
    dependencies=[needs(Area.settings)],
)
async def show_what_retention_would_erase(
    caller: AdminDep,
    session: SessionDep,
    days: Annotated[int | None, Query(description="Left out: what holds without a number.")] = None,
    skill: Annotated[
        SlugText | None, Query(description="Of one skill; left out: the account.")
    ] = None,
) -> WouldGoOut:
    """Say how much a number of days would erase the content of at once, by kind."""
    return WouldGoOut.of(await erasures.would_go(caller, session, days, skill))


@router.get("/erasures/{erasure_id}", responses=documented(NotFound))
async def show_erasure(erasure_id: UuidPath, caller: AdminDep, session: SessionDep) -> ErasureOut:
    """Show how far an erasure is, and what was erased."""
    return ErasureOut.of(await erasures.find(caller, session, erasure_id))


@router.get("/consumers/{consumer_id}/held", responses=documented(NotFound))
async def show_what_is_held(
    consumer_id: UuidPath, caller: AdminDep, session: SessionDep, with_merged: WithMerged = False
) -> HeldAboutOut:
    """Say what is held about a consumer, as counts."""
    whose = WhoseNumber(consumer_id, None, with_merged)
    return HeldAboutOut.of(await erasures.held(caller, session, whose))


@router.get(
    "/consumers/{consumer_id}/everything",
    response_class=Response,
    responses=ZIP | documented(NotFound),
)
async def export_everything(
    consumer_id: UuidPath, caller: AdminDep, app: AppStateDep, with_merged: WithMerged = False
) -> StreamingResponse:
    """Export everything about a consumer as a ZIP: all rows as JSON, and their files.

    That it was exported is in the audit log.
    """
    whose = WhoseNumber(consumer_id, None, with_merged)
    return zipped(await everything.export(caller, app.sessions, app.media, whose), str(consumer_id))


def _position(row: Erasure) -> list[str]:
    return [row.asked_at.isoformat(), str(row.id)]


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    asked_at, erasure_id = read_cursor(cursor, parts=2)
    try:
        return datetime.fromisoformat(asked_at), UUID(erasure_id)
    except ValueError as error:
        raise unknown_cursor() from error
