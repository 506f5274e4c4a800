"""The board's page: an empty frame that its scripts fill."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from domain.people.roles import Role
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute

router = APIRouter(prefix="/board", route_class=PageRoute)


@router.get("")
async def show_board(user: PageUserDep, pages: PagesDep) -> HTMLResponse:
    """Show the board. It is for managers."""
    user.caller.require(Role.manager)
    return pages.answer("board/page.html")
