"""How agents and managers get a conversation: accept, take, join, take over."""

from fastapi import APIRouter

from api.command_context import UNANSWERED
from api.command_routes import add_commands
from api.problems import documented
from domain.errors import ConversationNotAssigned, NotAllowed, NotFound
from services.commanding import ownership
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, NotAllowed, ConversationNotAssigned, *UNANSWERED),
)
add_commands(router, ownership.COMMANDS)
