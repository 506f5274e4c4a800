"""What agents set for one conversation: its response time, auto-close and language."""

from database.queries.conversations import CommandResult
from domain.languages import check_language
from services.commanding.context import CommandContext
from workflows.conversation.commands import HoldAutoClose, SetLanguage, SetResponseTime


async def set_response_time(context: CommandContext, seconds: int | None) -> CommandResult:
    """Promise a reply within some working time, until the consumer gets one.

    None: the settings' own response time.
    """
    return await context.give(
        SetResponseTime(key=context.command_key, actor=context.actor, seconds=seconds)
    )


async def hold_auto_close(context: CommandContext, *, held: bool) -> CommandResult:
    """Hold auto-close, so that there is no warning and no closing, or resume it."""
    return await context.give(
        HoldAutoClose(key=context.command_key, actor=context.actor, held=held)
    )


async def set_language(context: CommandContext, language: str) -> CommandResult:
    """Continue in another language, with the skill's present settings and texts in it.

    The consumer keeps it: their own texts no longer change it. Raises `Invalid`.
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
