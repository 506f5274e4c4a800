"""Handing a conversation on: to a skill, to an agent, back to the queue, or closing it."""

from fastapi import APIRouter

from api.command_context import ENDED, UNANSWERED, ContextDep
from api.command_routes import add_commands
from api.problems import documented
from api.schemas.conversations import CommandAnswer, Return, Transfer
from api.scopes import needs
from domain.errors import ConversationNotAssigned, NotFound, TransferRefused
from domain.people.token_scopes import Area
from services.commanding import closing, transferring
from services.errors import NobodyActs

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, ConversationNotAssigned, *ENDED, *UNANSWERED),
    dependencies=[needs(Area.conversations)],
)


@router.post("/transfers", responses=documented(TransferRefused, *ENDED))
async def transfer_conversation(wanted: Transfer, context: ContextDep) -> CommandAnswer:
    """Transfer to another skill or to a named agent, with a private note if you like.

    A transfer to a skill that no agent has is refused, unless it is forced.
    """
    if wanted.agent:
        done = await transferring.transfer_to_agent(context, wanted.agent, wanted.note)
    else:
        done = await transferring.transfer_to_skill(
            context, wanted.skill or "", wanted.note, even_unheld=wanted.force
        )
    return CommandAnswer.of(done)


@router.post("/return-to-queue")
async def return_to_queue(wanted: Return, context: ContextDep) -> CommandAnswer:
    """Return to the skill's queue. Another agent is tried first."""
    return CommandAnswer.of(await transferring.return_to_queue(context, wanted.note))


add_commands(router, closing.COMMANDS)
