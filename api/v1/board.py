"""The board: who works, and who waits."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import ManagerDep
from api.schemas.board import BoardOut
from api.scopes import needs
from domain.people.token_scopes import Area, TokenScope
from services.looking.supervisor_board import read_board

BOARD = needs(Area.board, also=[TokenScope.agents_read])
"""It shows people as `GET /v1/agents` does."""
router = APIRouter(prefix="/board", tags=["board"], dependencies=[BOARD])


@router.get("")
async def show_board(caller: ManagerDep, session: SessionDep) -> BoardOut:
    """Show the agents with their load, the queues of skills, and connectors that are out of order.

    Follow the events to know when to read it again.
    """
    return BoardOut.of(await read_board(caller, session))
