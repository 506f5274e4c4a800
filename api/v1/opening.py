"""Opening a conversation with a consumer."""

from fastapi import APIRouter

from api.app_state import BackendsDep
from api.caller import CallerDep
from api.idempotent import KeyDep
from api.problems import documented
from api.schemas.conversations import CommandAnswer, NewConversation
from api.scopes import needs
from domain.errors import (
    Conflict,
    ConsentMissing,
    ConsumerBlocked,
    ConsumerOptedOut,
    ConversationAlreadyOpen,
    MayStillBeDone,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    NumberInvalid,
    Unavailable,
)
from domain.people.token_scopes import Area
from services import opening
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations", tags=["conversations"], dependencies=[needs(Area.conversations)]
)


@router.post(
    "",
    status_code=201,
    responses=documented(
        NotFound,
        NobodyActs,
        ConversationAlreadyOpen,
        ConsumerOptedOut,
        ConsumerBlocked,
        ConsentMissing,
        Conflict,
        NumberInvalid,
        MessageTooLong,
        MessageEmpty,
        Unavailable,
        MayStillBeDone,
    ),
)
async def open_conversation(
    new: NewConversation, backends: BackendsDep, caller: CallerDep, key: KeyDep
) -> CommandAnswer:
    """Start a conversation with a number. The acting agent is assigned to it."""
    wanted = opening.Opening(new.line, new.number, new.text, new.skill)
    return CommandAnswer.of(await opening.open_conversation(caller, backends, key, wanted))
