"""What agents arrange in a conversation: texts for later, holding auto-close, its language."""

from fastapi import APIRouter

from api.problems import documented
from api.schemas.conversation_settings import AutoClose, ConversationLanguage, NewScheduledText
from api.schemas.conversations import CommandAnswer
from api.schemas.shared import UuidPath
from api.v1.commands import UNANSWERED, CommandContextDep
from domain.errors import (
    Conflict,
    ConsumerOptedOut,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    Invalid,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    TooManyLater,
    TransferRefused,
)
from domain.text.limits import check_outgoing
from services.errors import NobodyActs
from workflows.conversation.messages import (
    CancelScheduledText,
    HoldAutoClose,
    ScheduleText,
    SetLanguage,
)

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, ConversationNotAssigned, *UNANSWERED),
)
ENDED = (ConversationClosed, ConversationInSurvey, Conflict)


@router.put("/auto-close", responses=documented(*ENDED))
async def hold_auto_close(wanted: AutoClose, desk: CommandContextDep) -> CommandAnswer:
    """Hold auto-close: neither warned of nor closed until it is resumed.

    Resumed, it closes when it would have; where that is over, the whole time counts anew.
    """
    return await desk.give(lambda key, actor: HoldAutoClose(key=key, actor=actor, held=wanted.held))


@router.post(
    "/scheduled-texts",
    status_code=201,
    responses=documented(ConsumerOptedOut, TooManyLater, *ENDED)
    | documented(MessageTooLong, MessageEmpty, Invalid),
)
async def schedule_text(new: NewScheduledText, desk: CommandContextDep) -> CommandAnswer:
    """Let a text leave later, one minute to 90 days from now; ten may wait.

    It leaves as a reply of whoever acts, with the answer's `message_id`, wherever the conversation
    is by then. A close and an opt-out cancel it.
    """
    check_outgoing(new.text)
    return await desk.give(
        lambda key, actor: ScheduleText(
            key=key,
            actor=actor,
            text=new.text,
            at=new.at,
            unless_answered=new.unless_answered,
        )
    )


@router.delete("/scheduled-texts/{text_id}", responses=documented(*ENDED))
async def cancel_scheduled_text(text_id: UuidPath, desk: CommandContextDep) -> CommandAnswer:
    """Let a text not leave: who wrote it, who holds the conversation, and managers may."""
    return await desk.give(
        lambda key, actor: CancelScheduledText(key=key, actor=actor, text_id=str(text_id))
    )


@router.put("/language", responses=documented(TransferRefused, *ENDED))
async def set_language(wanted: ConversationLanguage, desk: CommandContextDep) -> CommandAnswer:
    """Go on in another language, with the skill's settings and texts as they are now in it.

    Kept with the consumer too: texts of theirs do not change it any more.
    """
    return await desk.give(
        lambda key, actor: SetLanguage(
            key=key,
            actor=actor,
            language=wanted.language,
            source=desk.caller.language_source,
        )
    )
