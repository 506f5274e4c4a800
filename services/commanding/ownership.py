"""How agents and managers come to hold a conversation, and how managers join one."""

from database.queries import agents, offers
from database.queries.conversations import CommandResult
from domain.errors import NotAllowed, NotFound, OfferOver
from domain.people.roles import Role
from services.commanding.context import CommandContext
from workflows.conversation.messages import (
    AcceptOffer,
    Command,
    DeclineOffer,
    JoinConversation,
    LeaveConversation,
    PickUp,
    TakeOver,
)

MAY_NOT_PICK = (
    "Only agents of its skill who may pick, and managers, take conversations from the queue."
)
MAY_NOT_SUPERVISE = "Only managers join conversations and take them over."


async def accept(context: CommandContext) -> CommandResult:
    """Accept the conversation that is offered. Raises `OfferOver`."""
    return await _answer(context, AcceptOffer(key=context.command_key, actor=context.actor))


async def decline(context: CommandContext) -> CommandResult:
    """Decline the conversation that is offered: the next agent gets it at once."""
    return await _answer(context, DeclineOffer(key=context.command_key, actor=context.actor))


async def pick(context: CommandContext) -> CommandResult:
    """Take a waiting conversation by hand: agents of its skill who may pick, and managers."""
    command = PickUp(key=context.command_key, actor=context.actor)

    async def checked() -> Command:
        await _check_may_pick(context)
        return command

    return await context.give_checked(command, checked)


async def join(context: CommandContext) -> CommandResult:
    """Join as a manager and write alongside the agent; the consumer is told."""
    context.caller.require(Role.manager, MAY_NOT_SUPERVISE)
    return await context.give(JoinConversation(key=context.command_key, actor=context.actor))


async def leave(context: CommandContext) -> CommandResult:
    """Leave a conversation the caller has joined; the consumer is told."""
    context.caller.require(Role.manager, MAY_NOT_SUPERVISE)
    return await context.give(LeaveConversation(key=context.command_key, actor=context.actor))


async def take_over(context: CommandContext) -> CommandResult:
    """Become the agent as a manager, whoever holds the conversation or waits for it."""
    context.caller.require(Role.manager, MAY_NOT_SUPERVISE)
    return await context.give(TakeOver(key=context.command_key, actor=context.actor))


async def _answer(context: CommandContext, command: AcceptOffer | DeclineOffer) -> CommandResult:
    async def checked() -> Command:
        await _check_offered(context)
        return command

    return await context.give_checked(command, checked)


async def _check_offered(context: CommandContext) -> None:
    """Tell an agent that an offer is over where they no longer see its conversation."""
    try:
        await context.check_visible()
    except NotFound:
        agent_id = context.actor.agent_id
        async with context.backends.sessions.begin() as session:
            if await offers.rang_at(session, context.conversation_id, agent_id):
                raise OfferOver from None
        raise


async def _check_may_pick(context: CommandContext) -> None:
    # What may not be seen is not there, rather than not allowed.
    await context.check_visible()
    if context.caller.has(Role.manager):
        return
    async with context.backends.sessions.begin() as session:
        agent_id = context.actor.agent_id
        if not await agents.may_pick(session, agent_id, context.conversation_id):
            raise NotAllowed(MAY_NOT_PICK)
