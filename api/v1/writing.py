"""Writing in a conversation: texts to the consumer, now or later, and notes for colleagues.

Every command answers once the conversation's journal holds it, so that the caller can read what
they have just done. Two errors say that there was no answer: `unavailable` (it was not done) and
`may_still_be_done`, which names the key to ask with.
"""

from fastapi import APIRouter

from api.command_context import ENDED, UNANSWERED, ContextDep
from api.problems import documented
from api.schemas.conversation_settings import NewScheduledText
from api.schemas.conversations import CommandAnswer, NewNote, NewReply
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import (
    ConsumerOptedOut,
    ConversationNotAssigned,
    Invalid,
    MessageEmpty,
    MessageTooLong,
    NotFound,
    PlaceholderLeft,
    SendingAgainRefused,
    TooManyScheduledTexts,
)
from domain.people.token_scopes import Area
from services.commanding import sending_again, writing
from services.errors import NobodyActs, PictureUnfit

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["conversations"],
    responses=documented(NotFound, NobodyActs, ConversationNotAssigned, *ENDED, *UNANSWERED),
    dependencies=[needs(Area.conversations)],
)
UNFIT = (MessageTooLong, MessageEmpty)
UNFILLED = (*UNFIT, PlaceholderLeft)


@router.post(
    "/replies",
    status_code=201,
    responses=documented(ConsumerOptedOut, *ENDED) | documented(*UNFILLED, PictureUnfit),
)
async def send_reply(new: NewReply, context: ContextDep) -> CommandAnswer:
    """Text the consumer: at most 1600 characters. A longer text is refused, never cut.

    `media`: ids of pictures that were uploaded for this conversation.
    """
    done = await writing.reply(
        context, new.text, new.media, new.saved_reply, signature=new.signature
    )
    return CommandAnswer.of(done)


@router.post(
    "/messages/{message_id}/send-again",
    status_code=201,
    responses=documented(ConsumerOptedOut, SendingAgainRefused, *ENDED),
)
async def send_again(message_id: UuidPath, context: ContextDep) -> CommandAnswer:
    """Send a text again that surely did not leave, as a reply of the acting agent.

    A text that left or may have left is refused, as it could arrive twice; so are automatic texts,
    and a text that was sent again already. `message_id` of the answer is the new text.
    """
    return CommandAnswer.of(await sending_again.send_again(context, message_id))


@router.post("/notes", status_code=201, responses=documented(*UNFIT))
async def add_note(new: NewNote, context: ContextDep) -> CommandAnswer:
    """Write a private note for colleagues. It changes nothing else.

    Whom it names as `@Name` is told, may read the conversation from now on, and may write notes in
    it.
    """
    return CommandAnswer.of(await writing.add_note(context, new.text, new.mentions))


@router.post(
    "/scheduled-texts",
    status_code=201,
    responses=documented(ConsumerOptedOut, TooManyScheduledTexts, *ENDED)
    | documented(*UNFILLED, Invalid),
)
async def schedule_text(new: NewScheduledText, context: ContextDep) -> CommandAnswer:
    """Schedule a text for one minute to 90 days from now, at most ten per conversation.

    It is sent as a reply of the acting agent, with the answer's `message_id`, whoever the
    conversation is assigned to by then. Closing or opting out cancels it.
    """
    done = await writing.schedule_text(
        context,
        new.text,
        new.at,
        unless_answered=new.unless_answered,
        saved_reply=new.saved_reply,
        signature=new.signature,
    )
    return CommandAnswer.of(done)


@router.delete("/scheduled-texts/{text_id}", responses=documented(*ENDED))
async def cancel_scheduled_text(text_id: UuidPath, context: ContextDep) -> CommandAnswer:
    """Cancel a scheduled text. Its author, the assigned agent and managers can."""
    return CommandAnswer.of(await writing.cancel_scheduled_text(context, text_id))
