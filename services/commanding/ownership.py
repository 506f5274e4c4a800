"""How agents and managers get a conversation, and how managers join one."""

from database.queries import agents, offers
from database.queries.conversations import CommandResult
from domain.errors import (
    AlreadyTaken,
    JoiningRefused,
    MessageTooLong,
    NotAllowed,
    NotFound,
    OfferOver,
)
from domain.people.roles import Role
from services.commanding.context import CommandContext, checked_note
from services.commanding.named import plain, with_input
from services.inputs import Input, Text, example
from workflows.conversation.commands import (
    AcceptOffer,
    Command,
    DeclineOffer,
    JoinConversation,
    LeaveConversation,
    PickUp,
    TakeOver,
)

MAY_NOT_PICK = "Only managers, and agents with its skill who may pick, can take it from the queue."
MAY_NOT_SUPERVISE = "Only managers can join conversations and take them over."


async def accept(context: CommandContext) -> CommandResult:
    """Accept the conversation that is offered to you."""
    return await _answer(context, AcceptOffer(key=context.command_key, actor=context.actor))


async def decline(context: CommandContext) -> CommandResult:
    """Decline the conversation that is offered to you. The next agent gets it at once."""
    return await _answer(context, DeclineOffer(key=context.command_key, actor=context.actor))


async def pick(context: CommandContext) -> CommandResult:
    """Take a waiting conversation: agents with its skill who may, and managers."""
    command = PickUp(key=context.command_key, actor=context.actor)

    async def checked() -> Command:
        await _check_may_pick(context)
        return command

    return await context.give_checked(command, checked)


async def join(context: CommandContext) -> CommandResult:
    """Join as a manager and write alongside the agent. The consumer is told."""
    context.caller.require(Role.manager, MAY_NOT_SUPERVISE)
    return await context.give(JoinConversation(key=context.command_key, actor=context.actor))


async def leave(context: CommandContext) -> CommandResult:
    """Leave a conversation you have joined. The consumer is told."""
    context.caller.require(Role.manager, MAY_NOT_SUPERVISE)
    return await context.give(LeaveConversation(key=context.command_key, actor=context.actor))


class TakeOverReason(Input):
    """Why a manager takes over; the agent so far is told, and it becomes a note."""

    model_config = example(reason="He asked for a manager.")

    reason: Text | None = None


async def take_over(context: CommandContext, why: TakeOverReason) -> CommandResult:
    """Become the assigned agent as a manager, whoever has the conversation or waits for it.

    Its agent so far is told who took it and, if you give a reason, why.
    """
    context.caller.require(Role.manager, MAY_NOT_SUPERVISE)
    reason = checked_note(why.reason)
    return await context.give(TakeOver(key=context.command_key, actor=context.actor, reason=reason))


COMMANDS = (
    plain("accept", accept, OfferOver),
    plain("decline", decline, OfferOver),
    plain("pick", pick, AlreadyTaken),
    plain("join", join, JoiningRefused),
    plain("leave", leave, JoiningRefused),
    with_input("take-over", TakeOverReason, take_over, JoiningRefused, MessageTooLong),
)


async def _answer(context: CommandContext, command: AcceptOffer | DeclineOffer) -> CommandResult:
    async def checked() -> Command:
        await _check_offered(context)
        return command

    return await context.give_checked(command, checked)


async def _check_offered(context: CommandContext) -> None:
    """Raise `OfferOver` when an agent no longer sees a conversation offered to them before."""
    try:
        await context.check_visible()
    except NotFound:
        agent_id = context.actor.agent_id
        async with context.backends.sessions.begin() as session:
            if await offers.rang_at(session, context.conversation_id, agent_id):
                raise OfferOver from None
        raise


async def _check_may_pick(context: CommandContext) -> None:
    # A conversation the caller may not see is not found, rather than not allowed.
    await context.check_visible()
    if context.caller.has(Role.manager):
        return
    async with context.backends.sessions.begin() as session:
        agent_id = context.actor.agent_id
        if not await agents.may_pick(session, agent_id, context.conversation_id):
            raise NotAllowed(MAY_NOT_PICK)
