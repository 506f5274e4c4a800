"""Where a conversation may go."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.board import TargetsOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from services.looking.transfer_targets import list_targets

router = APIRouter(
    prefix="/conversations/{conversation_id}/transfer-targets",
    tags=["conversations"],
    responses=documented(NotFound),
    dependencies=[needs(Area.conversations)],
)


@router.get("")
async def list_transfer_targets(
    conversation_id: UuidPath, caller: CallerDep, session: SessionDep
) -> TargetsOut:
    """List the skills and agents that a conversation may be transferred to, and who is free."""
    return TargetsOut.model_validate(await list_targets(caller, session, conversation_id))
