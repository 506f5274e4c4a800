"""How far people have read conversations."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.shared import UuidPath
from api.schemas.views import MarkUnread, ReadingOut, ReadTo
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from services.errors import NobodyActs
from services.looking import reading

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    dependencies=[needs(Area.conversations)],
)


@router.get("/reading", responses=documented(NotFound, NobodyActs))
async def show_reading(
    conversation_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ReadingOut:
    """Show how far you have read a conversation."""
    return ReadingOut.of(await reading.find(caller, session, conversation_id))


@router.put("/reading", responses=documented(NotFound, NobodyActs))
async def mark_read(
    conversation_id: UuidPath, read: ReadTo, caller: CallerDep, session: SessionDep
) -> ReadingOut:
    """Mark a conversation as read up to a message. Reading further back changes nothing."""
    state = await reading.read_to(caller, session, conversation_id, read.position)
    return ReadingOut.of(state)


@router.put("/unread", responses=documented(NotFound, NobodyActs))
async def mark_unread(
    conversation_id: UuidPath, mark: MarkUnread, caller: CallerDep, session: SessionDep
) -> ReadingOut:
    """Mark a conversation as unread until you look again."""
    state = await reading.mark_unread(caller, session, conversation_id, mark.position)
    return ReadingOut.of(state)
