"""How agents and managers get a conversation: accept, take, join, take over."""

from fastapi import APIRouter

from api.command_context import UNANSWERED
from api.command_routes import add_commands
from api.problems import documented
from api.scopes import needs
from domain.errors import ConversationNotAssigned, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.commanding import ownership
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, NotAllowed, ConversationNotAssigned, *UNANSWERED),
    dependencies=[needs(Area.conversations)],
)
add_commands(router, ownership.COMMANDS)
