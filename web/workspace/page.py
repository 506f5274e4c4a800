"""The workspace's page: an empty frame that its scripts fill."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.app_state import SessionDep
from api.caller import origin
from api.schemas.shared import UuidPath
from domain.consumers.panels import frame_sources
from services.looking import panels
from web.page_context import PageUser, PageUserDep
from web.rendering import Pages, PagesDep
from web.route import PageRoute, framing

router = APIRouter(prefix="/workspace", route_class=PageRoute)


@router.get("")
async def show_workspace(
    request: Request, user: PageUserDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Show a list without a conversation."""
    return await _page(request, user, session, pages)


@router.get("/{conversation_id}")
async def show_conversation(
    conversation_id: UuidPath,  # noqa: ARG001 - the page's scripts read it
    request: Request,
    user: PageUserDep,
    session: SessionDep,
    pages: PagesDep,
) -> HTMLResponse:
    """Show a list and a conversation."""
    return await _page(request, user, session, pages)


async def _page(
    request: Request, user: PageUser, session: SessionDep, pages: Pages
) -> HTMLResponse:
    """Answer with the page. It may frame the hosts of the account's panels, never ourselves."""
    origins = set(await panels.frame_origins(user.caller, session)) - {origin(str(request.url))}
    hosts = frame_sources(origins)
    page = pages.answer("workspace/page.html", user=user, panel_hosts=hosts)
    page.headers.update(framing(hosts))
    return page
