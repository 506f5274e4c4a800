"""What agents set for one conversation: its response time, auto-close and language."""

from fastapi import APIRouter

from api.command_context import UNANSWERED
from api.command_routes import add_commands
from api.problems import documented
from domain.errors import ConversationNotAssigned, NotFound
from services.commanding import conversation_settings
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, ConversationNotAssigned, *UNANSWERED),
)
add_commands(router, conversation_settings.COMMANDS)
