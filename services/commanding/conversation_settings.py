"""What agents set for one conversation: its response time, auto-close and language."""

from pydantic import Field

from database.queries.conversations import CommandResult
from domain.errors import TransferRefused
from domain.languages import check_language
from services.commanding.context import CommandContext
from services.commanding.named import plain, with_input
from services.inputs import Input, Language, ResponseTime, example
from workflows.conversation.commands import DismissWish, HoldAutoClose, SetLanguage, SetResponseTime


class NewResponseTime(Input):
    """A response time set by hand; null: the settings' own."""

    model_config = example(seconds=3600)

    seconds: ResponseTime | None


class AutoCloseHold(Input):
    model_config = example(held=True)

    held: bool = Field(description="True: hold auto-close. False: resume it.")


class ConversationLanguage(Input):
    model_config = example(language="fr")

    language: Language


async def set_response_time(context: CommandContext, promised: NewResponseTime) -> CommandResult:
    """Promise a reply within some working time. It holds until the consumer gets a reply."""
    return await context.give(
        SetResponseTime(key=context.command_key, actor=context.actor, seconds=promised.seconds)
    )


async def hold_auto_close(context: CommandContext, wanted: AutoCloseHold) -> CommandResult:
    """Hold auto-close, or resume it. While it is held there is no warning and no closing.

    Resumed, it closes at its old time, or after the whole time again if that has passed.
    """
    return await context.give(
        HoldAutoClose(key=context.command_key, actor=context.actor, held=wanted.held)
    )


async def set_language(context: CommandContext, wanted: ConversationLanguage) -> CommandResult:
    """Continue in another language, with the skill's present settings and texts in it.

    The consumer keeps this language: their own texts no longer change it.
    """
    actor = context.actor
    check_language(wanted.language)
    return await context.give(
        SetLanguage(
            key=context.command_key,
            actor=actor,
            language=wanted.language,
            source=context.caller.language_source,
        )
    )


async def dismiss_wish(context: CommandContext) -> CommandResult:
    """Say that what the consumer wrote was no wish to opt out. The flag goes away."""
    return await context.give(DismissWish(key=context.command_key, actor=context.actor))


COMMANDS = (
    plain("dismiss-wish", dismiss_wish),
    with_input("response-time", NewResponseTime, set_response_time, is_setting=True),
    with_input("auto-close", AutoCloseHold, hold_auto_close, is_setting=True),
    with_input("language", ConversationLanguage, set_language, TransferRefused, is_setting=True),
)
