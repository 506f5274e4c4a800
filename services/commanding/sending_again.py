"""Sending a text again that surely did not leave."""

from uuid import UUID

from database.queries import failed_texts
from database.queries.conversations import CommandResult
from database.tables import Message
from domain.conversation.effects import MediaRef
from domain.conversation.kinds import Author
from domain.conversation.sending_again import Attempted, refuses_again
from domain.delivery.message_status import MessageStatus
from domain.errors import NotFound, SendingAgainRefused
from services.commanding.context import CommandContext
from workflows.conversation.commands import SendAgain


def refusal(message: Message) -> str | None:
    """Return the sentence that refuses to send a text again; None: it surely did not leave."""
    attempted = Attempted(
        author=Author(message.author),
        status=MessageStatus(message.status),
        is_known_there=message.provider_message_id is not None,
        maybe_left_before=message.resent or message.maybe_sent_since is not None,
    )
    return refuses_again(attempted)


async def send_again(context: CommandContext, message_id: UUID) -> CommandResult:
    """Send a text again, as a reply of the acting agent, if it surely did not leave.

    Raises `NotFound`, and `SendingAgainRefused` for a text that left or may have left, for an
    automatic one, and for one that was sent again already.
    """
    named = SendAgain(key=context.command_key, actor=context.actor, message_id=str(message_id))

    async def checked() -> SendAgain:
        await context.check_visible()
        async with context.backends.sessions.begin() as session:
            message = await failed_texts.find(session, context.conversation_id, message_id)
        if message is None:
            raise NotFound
        if sentence := refusal(message):
            raise SendingAgainRefused(sentence)
        media = tuple(MediaRef(**ref) for ref in message.media)
        return named.model_copy(update={"text": message.text, "media": media})

    # The request is told from others by what it names, before that is looked up.
    return await context.give_checked(named, checked)
