"""The workspace's page: an empty frame that its scripts fill."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.schemas.shared import UuidPath
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute

router = APIRouter(prefix="/workspace/next", route_class=PageRoute)


@router.get("")
async def show_workspace(user: PageUserDep, pages: PagesDep) -> HTMLResponse:
    """Show a list without a conversation."""
    return pages.answer("workspace/island.html", user=user)


@router.get("/{conversation_id}")
async def show_conversation(
    conversation_id: UuidPath, user: PageUserDep, pages: PagesDep
) -> HTMLResponse:
    """Show a list and a conversation."""
    return pages.answer("workspace/island.html", user=user, conversation_id=conversation_id)
