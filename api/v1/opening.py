"""Opening a conversation with a consumer."""

from fastapi import APIRouter

from api.app_state import BackendsDep, SessionDep
from api.caller import CallerDep
from api.idempotent import KeyDep, OnceDep
from api.problems import documented
from api.schemas.openings import NewConversation, OpenedAnswer
from domain.errors import (
    Conflict,
    ConsentMissing,
    ConsumerBlocked,
    ConsumerOptedOut,
    ConversationAlreadyOpen,
    MayStillBeDone,
    MessageEmpty,
    MessageTooLong,
    NotAllowed,
    NotFound,
    NumberInvalid,
    Unavailable,
)
from services import inviting, opening
from services.errors import NobodyActs

router = APIRouter(prefix="/conversations", tags=["conversations"])
REFUSALS = (
    *(NotFound, NotAllowed, NobodyActs, ConversationAlreadyOpen, ConsumerOptedOut),
    *(ConsumerBlocked, ConsentMissing, Conflict, NumberInvalid, MessageTooLong, MessageEmpty),
    *(Unavailable, MayStillBeDone),
)


@router.post("", status_code=201, responses=documented(*REFUSALS))
async def open_conversation(
    new: NewConversation,
    backends: BackendsDep,
    session: SessionDep,
    caller: CallerDep,
    key: KeyDep,
    once: OnceDep,
) -> OpenedAnswer:
    """Start a conversation with a number. The acting agent, or `assign_to`, is assigned to it.

    A program on its own that names no agent sends the text alone, and `conversation_id` is null:
    a reply within `look_back_seconds` opens the conversation, which waits for the skill's agents.
    """
    if caller.person or new.assign_to:
        done = await opening.open_conversation(caller, backends, key, new.opening)
        return OpenedAnswer.model_validate(done)
    inviting.check(caller)

    async def make() -> OpenedAnswer:
        message_id = await inviting.invite_by_text(caller, session, new.opening)
        return OpenedAnswer(conversation_id=None, message_id=message_id)

    return await once.create(session, OpenedAnswer, make)
