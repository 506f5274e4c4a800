"""How agents and managers come by a conversation, and what they promise its consumer."""

from fastapi import APIRouter

from api.problems import documented
from api.schemas.conversations import CommandAnswer, NewResponseTime
from api.v1.commands import UNANSWERED, CommandContext, CommandContextDep, Written
from database.queries import agents, offers
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
from domain.people.roles import Role
from services.errors import NobodyActs
from workflows.conversation.messages import (
    AcceptOffer,
    DeclineOffer,
    JoinConversation,
    LeaveConversation,
    PickUp,
    SetResponseTime,
    TakeOver,
)

MAY_NOT_PICK = (
    "Only agents of its skill who may pick, and managers, take conversations from the queue."
)
MAY_NOT_SUPERVISE = "Only managers join conversations and take them over."

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, NotAllowed, ConversationNotAssigned, *UNANSWERED),
)
ENDED = (ConversationClosed, ConversationInSurvey, Conflict)


@router.post("/accept", responses=documented(OfferOver, *ENDED))
async def accept(desk: CommandContextDep) -> CommandAnswer:
    """Take the conversation that rings at one."""

    async def checked() -> Written:
        await _check_rings(desk)
        return lambda key, actor: AcceptOffer(key=key, actor=actor)

    return await desk.give_checked(checked)


@router.post("/decline", responses=documented(OfferOver, *ENDED))
async def decline(desk: CommandContextDep) -> CommandAnswer:
    """Pass the conversation that rings at one: the next agent gets it at once."""

    async def checked() -> Written:
        await _check_rings(desk)
        return lambda key, actor: DeclineOffer(key=key, actor=actor)

    return await desk.give_checked(checked)


@router.post("/pick", responses=documented(AlreadyTaken, *ENDED))
async def pick(desk: CommandContextDep) -> CommandAnswer:
    """Take a waiting conversation by hand: agents of its skill who may, and managers."""

    async def checked() -> Written:
        await _check_may_pick(desk)
        return lambda key, actor: PickUp(key=key, actor=actor)

    return await desk.give_checked(checked)


@router.post("/join", responses=documented(JoiningRefused, *ENDED))
async def join(desk: CommandContextDep) -> CommandAnswer:
    """Come in as a manager and write alongside the agent; the consumer is told."""
    _check_supervises(desk)
    return await desk.give(lambda key, actor: JoinConversation(key=key, actor=actor))


@router.post("/leave", responses=documented(JoiningRefused, *ENDED))
async def leave(desk: CommandContextDep) -> CommandAnswer:
    """Leave a conversation one has joined; the consumer is told."""
    _check_supervises(desk)
    return await desk.give(lambda key, actor: LeaveConversation(key=key, actor=actor))


@router.post("/take-over", responses=documented(JoiningRefused, *ENDED))
async def take_over(desk: CommandContextDep) -> CommandAnswer:
    """Become the agent as a manager, whoever holds the conversation or waits for it."""
    _check_supervises(desk)
    return await desk.give(lambda key, actor: TakeOver(key=key, actor=actor))


@router.put("/response-time", responses=documented(*ENDED))
async def set_response_time(promised: NewResponseTime, desk: CommandContextDep) -> CommandAnswer:
    """Promise an answer within some working time; it holds until the consumer is answered."""
    return await desk.give(
        lambda key, actor: SetResponseTime(key=key, actor=actor, seconds=promised.seconds)
    )


async def _check_rings(desk: CommandContext) -> None:
    """Tell who was offered a conversation that the offer is over, where they see it no more."""
    try:
        await desk.check_visible()
    except NotFound:
        agent_id = desk.caller.actor.agent_id
        async with desk.parts.sessions.begin() as session:
            if await offers.rang_at(session, desk.conversation_id, agent_id):
                raise OfferOver from None
        raise


async def _check_may_pick(desk: CommandContext) -> None:
    # What may not be seen is not there, rather than not allowed.
    await desk.check_visible()
    actor = desk.caller.actor
    if desk.caller.has(Role.manager):
        return
    async with desk.parts.sessions.begin() as session:
        if not await agents.may_pick(session, actor.agent_id, desk.conversation_id):
            raise NotAllowed(MAY_NOT_PICK)


def _check_supervises(desk: CommandContext) -> None:
    if not desk.caller.has(Role.manager):
        raise NotAllowed(MAY_NOT_SUPERVISE)
