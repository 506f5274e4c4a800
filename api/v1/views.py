"""Named views: filters of the list of conversations that people keep."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.shared import UuidPath
from api.schemas.views import NewViewIn, OrderOfViews, ViewChangeIn, ViewOut, ViewsOut
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.errors import NobodyActs
from services.looking import views

router = APIRouter(
    prefix="/views", tags=["conversations"], dependencies=[needs(Area.conversations)]
)


@router.get("")
async def list_views(
    caller: CallerDep,
    session: SessionDep,
    counts: Annotated[bool, Query(description="Count the conversations of each.")] = False,
) -> ViewsOut:
    """List the views you see in your order: your own, and those everybody sees."""
    shown = await views.listed(caller, session, counted=counts)
    return ViewsOut(items=[ViewOut.of(one) for one in shown])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict, NobodyActs))
async def create_view(
    new: NewViewIn, caller: CallerDep, session: SessionDep, once: OnceDep
) -> ViewOut:
    """Keep filters and an order under a name, for yourself or, as a manager, for everybody."""

    async def make() -> ViewOut:
        return ViewOut.of(await views.create(caller, session, new.wanted))

    return await once.create(session, ViewOut, make)


@router.put("/order", responses=documented(NobodyActs))
async def order_views(order: OrderOfViews, caller: CallerDep, session: SessionDep) -> ViewsOut:
    """Put the views you see into an order of your own."""
    shown = await views.put_in_order(caller, session, order.ids)
    return ViewsOut(items=[ViewOut.of(one) for one in shown])


@router.get("/{view_id}", responses=documented(NotFound))
async def show_view(view_id: UuidPath, caller: CallerDep, session: SessionDep) -> ViewOut:
    """Show a view, with the count of its conversations."""
    return ViewOut.of(await views.find(caller, session, view_id))


@router.patch("/{view_id}", responses=documented(NotAllowed, NotFound))
async def change_view(
    view_id: UuidPath, change: ViewChangeIn, caller: CallerDep, session: SessionDep
) -> ViewOut:
    """Change the name or the filters of a view."""
    return ViewOut.of(await views.change(caller, session, view_id, change.wanted))


@router.delete("/{view_id}", status_code=204, responses=documented(NotAllowed, NotFound))
async def delete_view(view_id: UuidPath, caller: CallerDep, session: SessionDep) -> None:
    """Delete a view. Its conversations stay."""
    await views.delete(caller, session, view_id)
