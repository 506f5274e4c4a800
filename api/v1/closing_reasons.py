"""Closing reasons of the account, and of closed conversations."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.closing_reasons import ClosingReasonChange, ClosingReasonOut, NewClosingReason
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from domain.errors import Conflict, NameTaken, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import closing_reasons

router = APIRouter(
    prefix="/closing-reasons", tags=["closing reasons"], dependencies=[needs(Area.settings)]
)


@router.get("")
async def list_closing_reasons(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[ClosingReasonOut]:
    """List the account's closing reasons."""
    found = await closing_reasons.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, ClosingReasonOut.of, lambda one: [one.reason.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict, NameTaken))
async def create_closing_reason(
    new: NewClosingReason, caller: AdminDep, session: SessionDep, once: OnceDep
) -> ClosingReasonOut:
    """Create a closing reason, for all skills or for those you name."""

    async def make() -> ClosingReasonOut:
        made = await closing_reasons.create(caller, session, new.name, new.skills, reason_id=new.id)
        return ClosingReasonOut.of(made)

    return await once.create(session, ClosingReasonOut, make)


@router.get("/{closing_reason_id}", responses=documented(NotFound))
async def show_closing_reason(
    closing_reason_id: SlugPath, caller: CallerDep, session: SessionDep
) -> ClosingReasonOut:
    """Show a closing reason, retired or not."""
    return ClosingReasonOut.of(await closing_reasons.find(caller, session, closing_reason_id))


@router.patch(
    "/{closing_reason_id}", responses=documented(NotAllowed, NotFound, Conflict, NameTaken)
)
async def change_closing_reason(
    closing_reason_id: SlugPath,
    change: ClosingReasonChange,
    caller: AdminDep,
    session: SessionDep,
) -> ClosingReasonOut:
    """Change a closing reason. Conversations that have it show its new name."""
    return ClosingReasonOut.of(
        await closing_reasons.change(caller, session, closing_reason_id, change.wanted)
    )


@router.delete(
    "/{closing_reason_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict)
)
async def retire_closing_reason(
    closing_reason_id: SlugPath, caller: AdminDep, session: SessionDep
) -> None:
    """Retire a closing reason: nobody can give it any more. Conversations keep it."""
    await closing_reasons.retire(caller, session, closing_reason_id)
