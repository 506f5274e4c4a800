"""What a step of a conversation asks for: entries of the transcript, and things that happened."""

from datetime import datetime
from typing import Literal, assert_never

from pydantic import BaseModel, ConfigDict

from domain.automatic.kinds import Automatic
from domain.conversation.kinds import Author, EventKind
from domain.delivery.message_status import MessageStatus


class FrozenModel(BaseModel):
    model_config = ConfigDict(frozen=True)


class MediaRef(FrozenModel):
    """A picture of a consumer, where the provider keeps it."""

    url: str
    content_type: str


class QueuedText(FrozenModel):
    """A text of ours that is to leave, and who wrote it, for operators."""

    message_id: str
    automatic: Automatic | None = None
    agent_name: str | None = None


class MessageWritten(FrozenModel):
    """A new entry of the transcript. Status `queued`: it is also to be sent, in order."""

    effect: Literal["message"] = "message"
    message_id: str
    position: int
    author: Author
    text: str
    written_at: datetime
    status: MessageStatus
    agent_id: str | None = None
    agent_name: str | None = None
    automatic: Automatic | None = None
    is_consent_reply: bool = False
    is_truncated: bool = False
    segments: int = 0
    encoding: str | None = None
    media: tuple[MediaRef, ...] = ()
    command_key: str | None = None
    carried_from: str | None = None
    """The conversation in which it stood before, where a survey had no use for it."""

    @property
    def is_to_send(self) -> bool:
        return self.status is MessageStatus.queued

    @property
    def queued(self) -> QueuedText:
        """What the outbox holds of it."""
        return QueuedText(
            message_id=self.message_id, automatic=self.automatic, agent_name=self.agent_name
        )


class Happened(FrozenModel):
    """Something for the live stream, the audit trail and reports. `data` holds ids and words,
    never a text or a number of a consumer.
    """

    effect: Literal["happened"] = "happened"
    kind: EventKind
    at: datetime
    agent_id: str | None = None
    data: dict[str, str | int | bool | None] = {}
    command_key: str | None = None


Effect = MessageWritten | Happened
"""All that a step may ask for: a new kind is added here, and `assert_never` finds who must know."""


def happened_at(effect: Effect) -> datetime:
    """Return the moment of an effect."""
    match effect:
        case MessageWritten():
            return effect.written_at
        case Happened():
            return effect.at
        case _:
            assert_never(effect)
