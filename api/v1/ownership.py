"""How agents and managers get a conversation: accept, take, join, take over."""

from fastapi import APIRouter

from api.command_context import ENDED, UNANSWERED, ContextDep
from api.problems import documented
from api.schemas.conversations import CommandAnswer
from domain.errors import (
    AlreadyTaken,
    ConversationNotAssigned,
    JoiningRefused,
    NotAllowed,
    NotFound,
    OfferOver,
)
from services.commanding import ownership
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, NotAllowed, ConversationNotAssigned, *UNANSWERED),
)


@router.post("/accept", responses=documented(OfferOver, *ENDED))
async def accept(context: ContextDep) -> CommandAnswer:
    """Accept the conversation that is offered to you."""
    return CommandAnswer.of(await ownership.accept(context))


@router.post("/decline", responses=documented(OfferOver, *ENDED))
async def decline(context: ContextDep) -> CommandAnswer:
    """Decline the conversation that is offered to you. The next agent gets it at once."""
    return CommandAnswer.of(await ownership.decline(context))


@router.post("/pick", responses=documented(AlreadyTaken, *ENDED))
async def pick(context: ContextDep) -> CommandAnswer:
    """Take a waiting conversation: agents with its skill who may, and managers."""
    return CommandAnswer.of(await ownership.pick(context))


@router.post("/join", responses=documented(JoiningRefused, *ENDED))
async def join(context: ContextDep) -> CommandAnswer:
    """Join as a manager and write alongside the agent. The consumer is told."""
    return CommandAnswer.of(await ownership.join(context))


@router.post("/leave", responses=documented(JoiningRefused, *ENDED))
async def leave(context: ContextDep) -> CommandAnswer:
    """Leave a conversation you have joined. The consumer is told."""
    return CommandAnswer.of(await ownership.leave(context))


@router.post("/take-over", responses=documented(JoiningRefused, *ENDED))
async def take_over(context: ContextDep) -> CommandAnswer:
    """Become the assigned agent as a manager, whoever has the conversation or waits for it."""
    return CommandAnswer.of(await ownership.take_over(context))
