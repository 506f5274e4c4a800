"""What agents set for one conversation: its response time, auto-close and language."""

from database.queries.conversations import CommandResult
from domain.languages import check_language
from services.commanding.context import CommandContext
from workflows.conversation.messages import HoldAutoClose, SetLanguage, SetResponseTime


async def set_response_time(context: CommandContext, seconds: int | None) -> CommandResult:
    """Promise an answer within some working time, until the consumer is answered.

    None: as the settings say.
    """
    return await context.give(
        SetResponseTime(key=context.command_key, actor=context.actor, seconds=seconds)
    )


async def hold_auto_close(context: CommandContext, *, held: bool) -> CommandResult:
    """Hold auto-close, so that the conversation is neither warned of nor closed, or resume it."""
    return await context.give(
        HoldAutoClose(key=context.command_key, actor=context.actor, held=held)
    )


async def set_language(context: CommandContext, language: str) -> CommandResult:
    """Go on in another language, with the skill's settings and texts as they are now in it.

    Kept with the consumer too: their texts do not change it any more. Raises `Invalid`.
    """
    actor = context.actor
    check_language(language)
    return await context.give(
        SetLanguage(
            key=context.command_key,
            actor=actor,
            language=language,
            source=context.caller.language_source,
        )
    )
