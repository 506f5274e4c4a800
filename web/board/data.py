"""The board's JSON: what only its page needs. What programs need too is in the API."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.clock import shared_now
from services.looking import workspace as looking
from services.looking.supervisor_board import read_board
from web.board.sheet import whole
from web.board.wire import BoardBoot
from web.marks import load_marks
from web.own import load_own
from web.page_context import PageUserDep, load_context

router = APIRouter(prefix="/board")


@router.get("/boot")
async def show_boot(user: PageUserDep, session: SessionDep) -> BoardBoot:
    """Show what the page needs before it shows anything. It is for managers."""
    board = await read_board(user.caller, session)
    page = await load_context(session, user.caller)
    names = (await looking.load_names(user.caller, session)).names
    return BoardBoot(
        account=page.account,
        time_zone=page.zone,
        now=await shared_now(session),
        own=await load_own(session, user),
        board=whole(board),
        people=names.agents,
        skills=names.skills,
        **await load_marks(user.caller, session),
        supervises=page.supervises,
        administers=page.administers,
    )
