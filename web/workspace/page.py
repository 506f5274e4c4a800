"""The workspace's page: an empty frame that its scripts fill."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.schemas.shared import UuidPath
from web.page_context import PageUser, PageUserDep
from web.rendering import Pages, PagesDep
from web.route import PageRoute

router = APIRouter(prefix="/workspace", route_class=PageRoute)


@router.get("")
async def show_workspace(user: PageUserDep, pages: PagesDep) -> HTMLResponse:
    """Show a list without a conversation."""
    return _page(user, pages)


@router.get("/{conversation_id}")
async def show_conversation(
    conversation_id: UuidPath, user: PageUserDep, pages: PagesDep
) -> HTMLResponse:
    """Show a list and a conversation, if the reader may see it: the page itself finds out."""
    del conversation_id
    return _page(user, pages)


def _page(user: PageUser, pages: Pages) -> HTMLResponse:
    del user  # who is not logged in is led to the log-in
    return pages.answer("workspace/page.html")
