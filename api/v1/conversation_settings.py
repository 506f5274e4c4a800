"""What agents set for one conversation: its response time, auto-close and language."""

from fastapi import APIRouter

from api.command_context import ENDED, UNANSWERED, ContextDep
from api.problems import documented
from api.schemas.conversation_settings import AutoCloseHold, ConversationLanguage, NewResponseTime
from api.schemas.conversations import CommandAnswer
from domain.errors import ConversationNotAssigned, NotFound, TransferRefused
from services.commanding import conversation_settings
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, ConversationNotAssigned, *UNANSWERED),
)


@router.put("/response-time", responses=documented(*ENDED))
async def set_response_time(promised: NewResponseTime, context: ContextDep) -> CommandAnswer:
    """Promise a reply within some working time. It holds until the consumer gets a reply."""
    done = await conversation_settings.set_response_time(context, promised.seconds)
    return CommandAnswer.of(done)


@router.put("/auto-close", responses=documented(*ENDED))
async def hold_auto_close(wanted: AutoCloseHold, context: ContextDep) -> CommandAnswer:
    """Hold auto-close, or resume it. While it is held there is no warning and no closing.

    Resumed, it closes at its old time, or after the whole time again if that has passed.
    """
    done = await conversation_settings.hold_auto_close(context, held=wanted.held)
    return CommandAnswer.of(done)


@router.put("/language", responses=documented(TransferRefused, *ENDED))
async def set_language(wanted: ConversationLanguage, context: ContextDep) -> CommandAnswer:
    """Continue in another language, with the skill's present settings and texts in it.

    The consumer keeps this language: their own texts no longer change it.
    """
    return CommandAnswer.of(await conversation_settings.set_language(context, wanted.language))
