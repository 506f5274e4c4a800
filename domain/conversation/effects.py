"""Effects of a step: new entries of the transcript, and events that happened."""

from datetime import datetime
from typing import Literal, assert_never

from pydantic import BaseModel, ConfigDict

from domain.automatic.kinds import Automatic
from domain.conversation.kinds import Author, EventKind
from domain.delivery.message_status import MessageStatus


class FrozenModel(BaseModel):
    model_config = ConfigDict(frozen=True)


class MediaRef(FrozenModel):
    """A file of a message, such as a picture.

    `url`: where the provider keeps what a consumer sent; empty for what an agent sends.
    `content_type`: as the provider announced it, or as it was found on upload. `file_id`: of the
    row that says what became of it.
    """

    url: str
    content_type: str
    file_id: str = ""


class QueuedText(FrozenModel):
    """A text waiting to be sent, and who wrote it, for operators."""

    message_id: str
    automatic: Automatic | None = None
    agent_name: str | None = None
    cause: str | None = None
    """The consumer's text that it answers in the same step, for traces."""


class MessageWritten(FrozenModel):
    """A new entry of the transcript. With status `queued` it is also sent, in order."""

    effect: Literal["message"] = "message"
    message_id: str
    position: int
    author: Author
    text: str
    written_at: datetime
    sent_at: datetime | None = None
    """When the consumer sent it, if it arrived late."""
    status: MessageStatus
    agent_id: str | None = None
    agent_name: str | None = None
    bot_id: str | None = None
    bot_name: str | None = None
    automatic: Automatic | None = None
    is_consent_reply: bool = False
    is_truncated: bool = False
    segments: int = 0
    encoding: str | None = None
    media: tuple[MediaRef, ...] = ()
    command_key: str | None = None
    carried_from: str | None = None
    """The conversation it was moved from, because a survey there did not use it."""
    sends_again: str | None = None
    """The text that did not leave, whose words these are."""
    due_at: datetime | None = None
    """The response deadline that it answers."""
    prompted_at: datetime | None = None
    """When that came which this text of ours answers: the consumer's text, or the deadline. None: a
    person or a program told us to send it, or it is none of ours.
    """
    is_invitation: bool = False
    """It left before the conversation, which the consumer's answer opened, and moves into it."""

    @property
    def is_to_send(self) -> bool:
        return self.status is MessageStatus.queued

    @property
    def queued(self) -> QueuedText:
        """Return the outbox's entry for it."""
        return QueuedText(
            message_id=self.message_id,
            automatic=self.automatic,
            agent_name=self.agent_name or self.bot_name,
        )


class Happened(FrozenModel):
    """An event for the live stream, the audit trail and reports. `data` holds ids and words, never
    a consumer's text or number.
    """

    effect: Literal["happened"] = "happened"
    kind: EventKind
    at: datetime
    agent_id: str | None = None
    data: dict[str, str | int | bool | None] = {}
    command_key: str | None = None


Effect = MessageWritten | Happened
"""Every kind of effect. Add a new kind here; `assert_never` then finds the code that needs it."""


def happened_at(effect: Effect) -> datetime:
    """Return the moment of an effect."""
    match effect:
        case MessageWritten():
            return effect.written_at
        case Happened():
            return effect.at
        case _:
            assert_never(effect)
