"""Labels on conversations: whoever sees one adds and removes them, also when it is over."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.conversations import ConversationOut
from api.schemas.labels import ConversationLabels
from api.schemas.shared import SlugPath, UuidPath
from api.scopes import needs
from domain.errors import Conflict, NotFound
from domain.people.token_scopes import Area
from services import labelling

router = APIRouter(
    prefix="/conversations/{conversation_id}/labels",
    tags=["conversations"],
    responses=documented(NotFound, Conflict),
    dependencies=[needs(Area.conversations)],
)


@router.put("")
async def set_conversation_labels(
    conversation_id: UuidPath, wanted: ConversationLabels, caller: CallerDep, session: SessionDep
) -> ConversationOut:
    """Give a conversation exactly these labels, at most 20. A retired one may stay but not come."""
    return ConversationOut.of(
        await labelling.set_labels(caller, session, conversation_id, wanted.labels)
    )


@router.put("/{label_id}")
async def add_conversation_label(
    conversation_id: UuidPath, label_id: SlugPath, caller: CallerDep, session: SessionDep
) -> ConversationOut:
    """Put a label on a conversation. The others stay."""
    return ConversationOut.of(
        await labelling.change_labels(caller, session, conversation_id, add=[label_id])
    )


@router.delete("/{label_id}")
async def remove_conversation_label(
    conversation_id: UuidPath, label_id: SlugPath, caller: CallerDep, session: SessionDep
) -> ConversationOut:
    """Take a label off a conversation. The others stay."""
    return ConversationOut.of(
        await labelling.change_labels(caller, session, conversation_id, remove=[label_id])
    )
