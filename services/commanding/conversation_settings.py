"""What agents set for one conversation: its response time, auto-close, language, a snooze."""

from pydantic import AwareDatetime, Field

from database.queries.conversations import CommandResult
from domain.errors import Invalid, TransferRefused
from domain.languages import check_language
from services.commanding.context import CommandContext
from services.commanding.named import plain, with_input
from services.inputs import Input, Language, ResponseTime, example
from workflows.conversation.commands import (
    DismissWish,
    EndSnooze,
    HoldAutoClose,
    SetLanguage,
    SetResponseTime,
    Snooze,
)


class NewResponseTime(Input):
    """A response time set by hand; null: the settings' own."""

    model_config = example(seconds=3600)

    seconds: ResponseTime | None


class AutoCloseHold(Input):
    model_config = example(held=True)

    held: bool = Field(description="True: hold auto-close. False: resume it.")


class NewSnooze(Input):
    model_config = example(until="2026-11-27T09:00:00+00:00")

    until: AwareDatetime | None = Field(
        description="One minute to 90 days from now; null: until the consumer's next text."
    )


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


async def snooze(context: CommandContext, wanted: NewSnooze) -> CommandResult:
    """Put it away until a time or the consumer's next text, whichever comes first.

    It stays assigned to its agent, leaves their list, and does not count in their load. Meanwhile
    nobody is reminded of it, and silence neither closes it nor takes it from its agent.
    """
    return await context.give(
        Snooze(key=context.command_key, actor=context.actor, until=wanted.until)
    )


async def end_snooze(context: CommandContext) -> CommandResult:
    """Bring a snoozed conversation back into its agent's list."""
    return await context.give(EndSnooze(key=context.command_key, actor=context.actor))


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
    plain("end-snooze", end_snooze),
    with_input("snooze", NewSnooze, snooze, Invalid),
    with_input("response-time", NewResponseTime, set_response_time, is_setting=True),
    with_input("auto-close", AutoCloseHold, hold_auto_close, is_setting=True),
    with_input("language", ConversationLanguage, set_language, TransferRefused, is_setting=True),
)
