"""What agents set for one conversation: its response time, auto-close and language."""

from fastapi import APIRouter

from api.command_context import UNANSWERED
from api.command_routes import add_commands
from api.problems import documented
from api.scopes import needs
from domain.errors import ConversationNotAssigned, NotFound
from domain.people.token_scopes import Area
from services.commanding import conversation_settings
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, ConversationNotAssigned, *UNANSWERED),
    dependencies=[needs(Area.conversations)],
)
add_commands(router, conversation_settings.COMMANDS)
