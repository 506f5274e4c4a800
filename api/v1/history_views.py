"""Views of all conversations: filters, an order and columns that people keep."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.history import (
    HistoryViewChangeIn,
    HistoryViewOut,
    HistoryViewsOut,
    NewHistoryViewIn,
)
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.errors import NobodyActs
from services.history import views

router = APIRouter(
    prefix="/history/views", tags=["conversations"], dependencies=[needs(Area.conversations)]
)


@router.get("")
async def list_history_views(caller: CallerDep, session: SessionDep) -> HistoryViewsOut:
    """List the views of all conversations that you see: your own, and those everybody sees."""
    shown = await views.listed(caller, session)
    return HistoryViewsOut(items=[HistoryViewOut.of(one) for one in shown])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict, NobodyActs))
async def create_history_view(
    new: NewHistoryViewIn, caller: CallerDep, session: SessionDep, once: OnceDep
) -> HistoryViewOut:
    """Keep filters, an order and columns, for yourself or, as a manager, for everybody."""

    async def make() -> HistoryViewOut:
        return HistoryViewOut.of(await views.create(caller, session, new.wanted))

    return await once.create(session, HistoryViewOut, make)


@router.get("/{history_view_id}", responses=documented(NotFound))
async def show_history_view(
    history_view_id: UuidPath, caller: CallerDep, session: SessionDep
) -> HistoryViewOut:
    """Show a view of all conversations."""
    return HistoryViewOut.of(await views.find(caller, session, history_view_id))


@router.patch("/{history_view_id}", responses=documented(NotAllowed, NotFound))
async def change_history_view(
    history_view_id: UuidPath,
    change: HistoryViewChangeIn,
    caller: CallerDep,
    session: SessionDep,
) -> HistoryViewOut:
    """Change the name, the filters or the columns of a view."""
    return HistoryViewOut.of(await views.change(caller, session, history_view_id, change.wanted))


@router.delete("/{history_view_id}", status_code=204, responses=documented(NotAllowed, NotFound))
async def delete_history_view(
    history_view_id: UuidPath, caller: CallerDep, session: SessionDep
) -> None:
    """Delete a view. Its conversations stay."""
    await views.delete(caller, session, history_view_id)
