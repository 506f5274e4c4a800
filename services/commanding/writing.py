"""Writing in a conversation: texts to the consumer, now or later, and notes for colleagues."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from database.queries import late_notes
from database.queries import mentions as mention_queries
from database.queries.conversations import CommandResult
from domain.conversation.effects import MediaRef
from domain.errors import ConversationClosed
from domain.notices.mentions import mentioned
from domain.writing.drafts import Surface, Written
from domain.writing.placeholders import check_filled
from domain.writing.signatures import checked_signature, signed
from services import drafts
from services.commanding.context import CommandContext, check_text
from services.uploading import references
from workflows.conversation.commands import AddNote, CancelScheduledText, Reply, ScheduleText


async def reply(
    context: CommandContext,
    text: str,
    pictures: Sequence[UUID] = (),
    saved_reply: UUID | None = None,
    signature: str | None = None,
) -> CommandResult:
    """Text the consumer: at most 1600 characters. A longer text is refused, never cut.

    `pictures`: uploaded before for this conversation; the text may then be empty. Raises `NotFound`
    for others, and `PlaceholderLeft` for a placeholder of a saved reply that was not filled.
    `saved_reply`: the one that was sent, to count it. `signature`: stands under the text, unless
    it ends with it already.
    """
    actor = context.actor
    whole = signed(text, checked_signature(signature))
    check_text(whole, has_files=bool(pictures))
    check_filled(whole)
    command = Reply(key=context.command_key, actor=actor, text=whole)
    done = await _replied(context, command, pictures)
    sent = Written(text, tuple(pictures), saved_reply)
    await drafts.after_sending(context, Surface.reply, sent)
    return done


async def _replied(
    context: CommandContext, command: Reply, pictures: Sequence[UUID]
) -> CommandResult:
    if not pictures:
        return await context.give(command)

    async def checked() -> Reply:
        async with context.backends.sessions.begin() as session:
            media = await references(
                session, context.caller.account_id, context.conversation_id, pictures
            )
        return command.model_copy(update={"media": media})

    # The request is told from others by what it names, before that is looked up.
    named = tuple(MediaRef(url="", content_type="", file_id=str(one)) for one in pictures)
    return await context.give_checked(command.model_copy(update={"media": named}), checked)


async def add_note(
    context: CommandContext, text: str, mentions: Sequence[str] = ()
) -> CommandResult:
    """Write a private note for colleagues. It changes nothing else, and a closed conversation
    stays closed.

    Whom it names as `@Name` is told, may read the conversation from now on, and may write notes in
    it. `mentions`: ids that decide between people of one name.
    """
    actor = context.actor
    check_text(text)
    command = AddNote(key=context.command_key, actor=actor, text=text)

    async def act() -> CommandResult:
        async with context.backends.sessions.begin() as session:
            people = await mention_queries.people(session, context.caller.account_id)
        found = tuple(mentioned(text, people, mentions))
        try:
            return await context.send(command.model_copy(update={"mentions": found}))
        except ConversationClosed:
            return await _noted_late(context, text, found)

    # The request is told from others by what it names, before names are looked up.
    named = command.model_copy(update={"mentions": tuple(mentions)})
    done = await context.once(named, act)
    await drafts.after_sending(context, Surface.note, Written(text))
    return done


async def schedule_text(
    context: CommandContext,
    text: str,
    at: datetime,
    *,
    unless_answered: bool,
    saved_reply: UUID | None = None,
    signature: str | None = None,
) -> CommandResult:
    """Schedule a text for one minute to 90 days from now, at most ten per conversation.

    `unless_answered`: a text from the consumer before then cancels it. `signature`: as in `reply`.
    """
    actor = context.actor
    whole = signed(text, checked_signature(signature))
    check_text(whole)
    check_filled(whole)
    command = ScheduleText(
        key=context.command_key, actor=actor, text=whole, at=at, unless_answered=unless_answered
    )
    done = await context.give(command)
    await drafts.after_sending(context, Surface.reply, Written(text, saved_reply=saved_reply))
    return done


async def cancel_scheduled_text(context: CommandContext, text_id: UUID) -> CommandResult:
    """Cancel a scheduled text. Its author, the assigned agent and managers can."""
    return await context.give(
        CancelScheduledText(key=context.command_key, actor=context.actor, text_id=str(text_id))
    )


async def _noted_late(context: CommandContext, text: str, mentions: Sequence[str]) -> CommandResult:
    message_id = await late_notes.write(
        context.backends.sessions,
        context.conversation_id,
        late_notes.LateNote(context.actor.person, text, context.command_key, mentions),
    )
    return CommandResult(context.conversation_id, message_id)
