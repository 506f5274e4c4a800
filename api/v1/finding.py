"""What became of a command."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.idempotent import KeyPath
from api.problems import documented
from api.schemas.conversations import CommandFound
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from services.commanding import finding

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound),
    dependencies=[needs(Area.conversations)],
)


@router.get("/commands/{key}")
async def find_command(
    conversation_id: UuidPath, key: KeyPath, caller: CallerDep, session: SessionDep
) -> CommandFound:
    """Find out what became of your own command, by its key. Asking changes nothing."""
    return CommandFound.of(await finding.find_command(caller, session, conversation_id, key))
