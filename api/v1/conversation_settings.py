"""What agents arrange in a conversation: texts for later, holding auto-close, its language."""

from fastapi import APIRouter

from api.command_context import ContextDep
from api.problems import documented
from api.schemas.conversation_settings import AutoClose, ConversationLanguage, NewScheduledText
from api.schemas.conversations import CommandAnswer
from api.schemas.shared import UuidPath
from api.v1.commands import UNANSWERED
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
    TooManyScheduledTexts,
    TransferRefused,
)
from services.commanding import conversation_settings, writing
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, ConversationNotAssigned, *UNANSWERED),
)
ENDED = (ConversationClosed, ConversationInSurvey, Conflict)


@router.put("/auto-close", responses=documented(*ENDED))
async def hold_auto_close(wanted: AutoClose, context: ContextDep) -> CommandAnswer:
    """Hold auto-close: neither warned of nor closed until it is resumed.

    Resumed, it closes when it would have; where that is over, the whole time counts anew.
    """
    done = await conversation_settings.hold_auto_close(context, held=wanted.held)
    return CommandAnswer.of(done)


@router.post(
    "/scheduled-texts",
    status_code=201,
    responses=documented(ConsumerOptedOut, TooManyScheduledTexts, *ENDED)
    | documented(MessageTooLong, MessageEmpty, Invalid),
)
async def schedule_text(new: NewScheduledText, context: ContextDep) -> CommandAnswer:
    """Let a text leave later, one minute to 90 days from now; ten may wait.

    It leaves as a reply of whoever acts, with the answer's `message_id`, wherever the conversation
    is by then. A close and an opt-out cancel it.
    """
    done = await writing.schedule_text(
        context, new.text, new.at, unless_answered=new.unless_answered
    )
    return CommandAnswer.of(done)


@router.delete("/scheduled-texts/{text_id}", responses=documented(*ENDED))
async def cancel_scheduled_text(text_id: UuidPath, context: ContextDep) -> CommandAnswer:
    """Let a text not leave: who wrote it, who holds the conversation, and managers may."""
    return CommandAnswer.of(await writing.cancel_scheduled_text(context, text_id))


@router.put("/language", responses=documented(TransferRefused, *ENDED))
async def set_language(wanted: ConversationLanguage, context: ContextDep) -> CommandAnswer:
    """Go on in another language, with the skill's settings and texts as they are now in it.

    Kept with the consumer too: texts of theirs do not change it any more.
    """
    return CommandAnswer.of(await conversation_settings.set_language(context, wanted.language))
