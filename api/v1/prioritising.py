"""How urgent a conversation is: whoever may handle it says so."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.conversations import ConversationOut, PrioritySet
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import (
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    NotFound,
)
from domain.people.token_scopes import Area
from services import prioritising

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    dependencies=[needs(Area.conversations)],
)


@router.put(
    "/priority",
    responses=documented(
        NotFound, ConversationClosed, ConversationInSurvey, ConversationNotAssigned
    ),
)
async def set_priority(
    conversation_id: UuidPath, wanted: PrioritySet, caller: CallerDep, session: SessionDep
) -> ConversationOut:
    """Set how urgent an open conversation is.

    In the queue it is served as if it had come, or were due, so much earlier: `high` 30 minutes,
    `urgent` 120, `low` 30 minutes later. It counts at once and whenever it waits again.
    """
    return ConversationOut.of(
        await prioritising.set_priority(caller, session, conversation_id, wanted.priority)
    )
