"""Answers of bots that follow the stream, given by programs with a token."""

from database.queries import bots, conversations
from database.queries.conversations import CommandResult
from domain.bots.answers import BotAnswer
from domain.bots.kinds import BotMode
from domain.bots.masking import without_cards
from domain.errors import BotTurnOver, Conflict, NotAllowed
from domain.people.roles import Role
from services.cards import masks_cards
from services.commanding.context import CommandContext
from workflows.conversation.commands import AnswerAsBot
from workflows.conversation.messages import Actor

FOR_PROGRAMS = "Only a program with a manager's or an admin's token answers as a bot."
NOBODY = Actor(agent_id="", name="", role=Role.agent)


async def answer_as_bot(context: CommandContext, answer: BotAnswer) -> CommandResult:
    """Answer a turn of the bot that has the conversation.

    Raises `BotTurnOver` for another turn than the running one, `BotAnswerUnfit`, `TransferRefused`
    for a skill that does not exist, and `Conflict` for a bot that is asked by webhook.
    """
    context.caller.require(Role.manager, FOR_PROGRAMS)
    async with context.backends.sessions.begin() as session:
        words = (*answer.texts, answer.notes or "")
        if await masks_cards(context.caller, session, *words):
            answer = without_cards(answer)
    command = AnswerAsBot(key=context.command_key, actor=NOBODY, answer=answer)

    async def checked() -> AnswerAsBot:
        return command.model_copy(update={"actor": await _bot(context)})

    return await context.give_checked(command, checked)


async def _bot(context: CommandContext) -> Actor:
    """Return the bot that has the conversation, as the one who acts."""
    async with context.backends.sessions.begin() as session:
        shown = await conversations.find(session, context.caller.viewer, context.conversation_id)
        bot_id = shown.conversation.bot_id
        found = await bots.find(session, bot_id) if bot_id else None
    if not context.caller.proof.is_program:
        raise NotAllowed(FOR_PROGRAMS)
    if found is None:
        raise BotTurnOver
    bot, _ = found
    if bot.mode != BotMode.stream:
        raise Conflict(f"{bot.name} is asked by webhook, and answers there.")
    return Actor(agent_id=bot.id, name=bot.name, role=Role.agent)
