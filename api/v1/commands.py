"""What agents do to a conversation that is open: write, note, transfer, return, close.

Each answers when the conversation's journal holds it, so that whoever acts reads their own
write. Two answers say that there was none: `unavailable`, it was not done, and
`may_still_be_done`, which names the key to ask with.
"""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.command_context import ContextDep
from api.idempotent import KeyPath
from api.problems import documented
from api.schemas.conversations import (
    CommandAnswer,
    CommandFound,
    NewNote,
    NewReply,
    Return,
    Transfer,
)
from api.schemas.shared import UuidPath
from domain.errors import (
    Conflict,
    ConsumerOptedOut,
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    MayStillBeDone,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    TransferRefused,
    Unavailable,
)
from services.commanding import finding, transferring, writing
from services.errors import NobodyActs

UNANSWERED = (Unavailable, MayStillBeDone)
"""The two ways to get no answer: surely not done, and nobody knows yet."""

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(
        NotFound,
        NobodyActs,
        ConversationNotAssigned,
        ConversationClosed,
        ConversationInSurvey,
        Conflict,
        *UNANSWERED,
    ),
)


@router.post(
    "/replies",
    status_code=201,
    responses=documented(ConsumerOptedOut, ConversationClosed, ConversationInSurvey, Conflict)
    | documented(MessageTooLong, MessageEmpty),
)
async def reply(new: NewReply, context: ContextDep) -> CommandAnswer:
    """Text the consumer: at most 1600 characters, refused beyond that and never cut."""
    return CommandAnswer.of(await writing.reply(context, new.text))


@router.post("/notes", status_code=201, responses=documented(MessageTooLong, MessageEmpty))
async def add_note(new: NewNote, context: ContextDep) -> CommandAnswer:
    """Write a private note for colleagues; it changes nothing else."""
    return CommandAnswer.of(await writing.add_note(context, new.text))


@router.post(
    "/transfers",
    responses=documented(TransferRefused, ConversationClosed, ConversationInSurvey, Conflict),
)
async def transfer(wanted: Transfer, context: ContextDep) -> CommandAnswer:
    """Pass on to another skill or to a named agent; a private note may go along.

    Refused to a skill that nobody holds, unless it is forced.
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
    """Give back to the skill's queue; a different agent is tried first."""
    return CommandAnswer.of(await transferring.return_to_queue(context, wanted.note))


@router.post("/close")
async def close(context: ContextDep) -> CommandAnswer:
    """Close; the consumer is asked to rate where there is something to rate."""
    return CommandAnswer.of(await transferring.close(context))


@router.get("/commands/{key}")
async def find_command(
    conversation_id: UuidPath, key: KeyPath, caller: CallerDep, session: SessionDep
) -> CommandFound:
    """Ask, without doing anything, what became of a command of one's own, by its key."""
    return CommandFound.of(await finding.find_command(caller, session, conversation_id, key))
