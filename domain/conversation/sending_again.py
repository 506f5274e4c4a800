"""Sending a text again: only one that surely did not leave, never one in doubt, and only once."""

from dataclasses import dataclass
from datetime import datetime

from domain.conversation.effects import MediaRef
from domain.conversation.inputs import Person
from domain.conversation.kinds import Author
from domain.conversation.permissions import check_replies
from domain.conversation.replies import Replies
from domain.conversation.step_context import StepContext
from domain.delivery.message_status import MessageStatus
from domain.errors import SendingAgainRefused
from domain.text.limits import check_outgoing

BY_PEOPLE = (Author.agent, Author.bot)

AUTOMATIC = "Automatic texts are not sent again. Write what is still true yourself."
NOT_OURS = "Only texts to the consumer are sent again."
UNDER_WAY = "This text has not failed: it is still being sent."
IN_DOUBT = (
    "Nobody knows whether this text was sent, so it is not sent again: it could arrive twice."
)
LEFT = "This text has left. It is not sent again: it could arrive twice."
ALREADY = "This text was sent again already."


@dataclass(frozen=True)
class Attempted:
    """What is known of a text's way.

    `is_known_there`: the provider gave it an id. `maybe_left_before`: an earlier attempt, or one
    that a restored database has forgotten, may have passed.
    """

    author: Author
    status: MessageStatus
    is_known_there: bool = False
    maybe_left_before: bool = False


def refuses_again(text: Attempted) -> str | None:
    """Return the sentence that refuses to send a text again; None: it surely did not leave."""
    if text.author is Author.system:
        return AUTOMATIC
    if text.author not in BY_PEOPLE:
        return NOT_OURS
    match text.status:
        case MessageStatus.queued | MessageStatus.sending:
            return UNDER_WAY
        case MessageStatus.unknown:
            return IN_DOUBT
        case MessageStatus.failed if text.maybe_left_before:
            return IN_DOUBT
        case MessageStatus.failed if not text.is_known_there:
            return None
        case _:
            return LEFT


class SendingAgain:
    """Writes the text anew, as a reply of whoever asks for it, and once only."""

    def __init__(self, conversation: StepContext, replies: Replies) -> None:
        self._conversation = conversation
        self._replies = replies

    def check(
        self, person: Person, message_id: str, text: str, media: tuple[MediaRef, ...]
    ) -> None:
        """Raise the error that would refuse it, and change nothing."""
        state = self._conversation.state
        check_replies(state, person)
        check_outgoing(text, has_files=bool(media))
        if message_id in state.sent_again:
            raise SendingAgainRefused(ALREADY)

    def sent(
        self,
        person: Person,
        message_id: str,
        text: str,
        key: str,
        now: datetime,
        media: tuple[MediaRef, ...],
    ) -> str:
        """Send a text again. Returns the new message's id."""
        self.check(person, message_id, text, media)
        self._conversation.state.sent_again.append(message_id)
        written = self._replies.write(person, text, key, now, media=media)
        self._conversation.repeats(message_id)
        return written
