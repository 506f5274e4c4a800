"""Continuing a closed conversation in a new one."""

from fastapi import APIRouter

from api.command_context import ContextDep
from api.problems import documented
from api.schemas.conversations import CommandAnswer
from api.schemas.openings import Resumption
from api.v1.opening import REFUSALS
from services import opening

router = APIRouter(prefix="/conversations/{conversation_id}", tags=["conversations"])


@router.post("/resume", status_code=201, responses=documented(*REFUSALS))
async def resume_conversation(new: Resumption, context: ContextDep) -> CommandAnswer:
    """Continue a closed conversation in a new one, which begins with your text.

    It goes to the acting agent, to `assign_to`, or for a program on its own to its last agent.
    """
    done = await opening.resume(
        context, new.text, assign_to=new.assign_to, about=new.context.read()
    )
    return CommandAnswer.of(done)
