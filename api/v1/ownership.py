"""How agents and managers come by a conversation, and what they promise its consumer."""

from fastapi import APIRouter

from api.command_context import ContextDep
from api.problems import documented
from api.schemas.conversations import CommandAnswer, NewResponseTime
from api.v1.commands import UNANSWERED
from domain.errors import (
    AlreadyTaken,
    Conflict,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    JoiningRefused,
    NotAllowed,
    NotFound,
    OfferOver,
)
from services.commanding import conversation_settings, ownership
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, NotAllowed, ConversationNotAssigned, *UNANSWERED),
)
ENDED = (ConversationClosed, ConversationInSurvey, Conflict)


@router.post("/accept", responses=documented(OfferOver, *ENDED))
async def accept(context: ContextDep) -> CommandAnswer:
    """Take the conversation that rings at one."""
    return CommandAnswer.of(await ownership.accept(context))


@router.post("/decline", responses=documented(OfferOver, *ENDED))
async def decline(context: ContextDep) -> CommandAnswer:
    """Pass the conversation that rings at one: the next agent gets it at once."""
    return CommandAnswer.of(await ownership.decline(context))


@router.post("/pick", responses=documented(AlreadyTaken, *ENDED))
async def pick(context: ContextDep) -> CommandAnswer:
    """Take a waiting conversation by hand: agents of its skill who may, and managers."""
    return CommandAnswer.of(await ownership.pick(context))


@router.post("/join", responses=documented(JoiningRefused, *ENDED))
async def join(context: ContextDep) -> CommandAnswer:
    """Come in as a manager and write alongside the agent; the consumer is told."""
    return CommandAnswer.of(await ownership.join(context))


@router.post("/leave", responses=documented(JoiningRefused, *ENDED))
async def leave(context: ContextDep) -> CommandAnswer:
    """Leave a conversation one has joined; the consumer is told."""
    return CommandAnswer.of(await ownership.leave(context))


@router.post("/take-over", responses=documented(JoiningRefused, *ENDED))
async def take_over(context: ContextDep) -> CommandAnswer:
    """Become the agent as a manager, whoever holds the conversation or waits for it."""
    return CommandAnswer.of(await ownership.take_over(context))


@router.put("/response-time", responses=documented(*ENDED))
async def set_response_time(promised: NewResponseTime, context: ContextDep) -> CommandAnswer:
    """Promise an answer within some working time; it holds until the consumer is answered."""
    done = await conversation_settings.set_response_time(context, promised.seconds)
    return CommandAnswer.of(done)
