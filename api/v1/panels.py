"""Panels: pages of other systems beside conversations."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep, CallerDep, origin
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.consumer_fields import (
    ConversationPanel,
    ConversationPanels,
    NewPanel,
    PanelChange,
    PanelOut,
)
from api.schemas.shared import Cursor, Limit, Page, SlugPath, UuidPath, after_id, page_of
from api.scopes import needs
from domain.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import panels
from services.looking import panels as looking

router = APIRouter(tags=["consumers"])
SETTINGS = [needs(Area.settings)]


@router.get("/panels", dependencies=SETTINGS, responses=documented(NotAllowed))
async def list_panels(
    caller: AdminDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[PanelOut]:
    """List the account's panels, by id; `position` has the account's order."""
    found = await panels.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, PanelOut.of, lambda row: [row.id])


@router.post(
    "/panels",
    status_code=201,
    dependencies=SETTINGS,
    responses=documented(NotAllowed, Conflict, Invalid),
)
async def create_panel(
    new: NewPanel, caller: AdminDep, session: SessionDep, app: AppStateDep, once: OnceDep
) -> PanelOut:
    """Create a panel. Its host is fixed; what is known of a consumer is filled in behind it."""

    async def make() -> PanelOut:
        return PanelOut.of(await panels.create(caller, session, new.wanted, origin(app.public_url)))

    return await once.create(session, PanelOut, make)


@router.get("/panels/{panel_id}", dependencies=SETTINGS, responses=documented(NotFound, NotAllowed))
async def show_panel(panel_id: SlugPath, caller: AdminDep, session: SessionDep) -> PanelOut:
    """Show a panel, retired or not."""
    return PanelOut.of(await panels.find(caller, session, panel_id))


@router.patch(
    "/panels/{panel_id}",
    dependencies=SETTINGS,
    responses=documented(NotAllowed, NotFound, Conflict, Invalid),
)
async def change_panel(
    panel_id: SlugPath,
    change: PanelChange,
    caller: AdminDep,
    session: SessionDep,
    app: AppStateDep,
) -> PanelOut:
    """Change a panel. Pages that are open show another host's panel once they are loaded again."""
    return PanelOut.of(
        await panels.change(caller, session, panel_id, change.wanted, origin(app.public_url))
    )


@router.delete(
    "/panels/{panel_id}",
    status_code=204,
    dependencies=SETTINGS,
    responses=documented(NotAllowed, NotFound, Conflict),
)
async def retire_panel(panel_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a panel: it is shown nowhere any more."""
    await panels.retire(caller, session, panel_id)


@router.get(
    "/conversations/{conversation_id}/panels",
    dependencies=[needs(Area.consumers)],
    responses=documented(NotFound),
)
async def show_conversation_panels(
    conversation_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConversationPanels:
    """Show the panels for a conversation, each with its address filled in.

    A panel whose address needs a field that your role does not see is left out.
    """
    found = await looking.of_conversation(caller, session, conversation_id)
    return ConversationPanels(panels=[ConversationPanel.shown(one) for one in found])
