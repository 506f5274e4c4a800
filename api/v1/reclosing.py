"""The closing reason of a conversation that is closed already."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.closing_reasons import GivenReason
from api.schemas.conversations import ConversationOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import Conflict, ConversationNotAssigned, NotFound
from domain.people.token_scopes import Area
from services.commanding import closing

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    dependencies=[needs(Area.conversations)],
)


@router.put("/closing-reason", responses=documented(NotFound, Conflict, ConversationNotAssigned))
async def set_closing_reason(
    conversation_id: UuidPath, wanted: GivenReason, caller: CallerDep, session: SessionDep
) -> ConversationOut:
    """Give a closed conversation a reason, or another one: its last agent and managers can.

    While it is open, the reason is given with its closing.
    """
    return ConversationOut.of(
        await closing.set_closing_reason(caller, session, conversation_id, wanted.reason)
    )
