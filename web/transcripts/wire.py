"""Parts of transcripts, as islands read them as JSON and templates show them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from api.schemas.conversations import MessageOut
from api.schemas.shared import Answer
from domain.conversation.kinds import Author
from web import scores


class Rating(Answer):
    """A rating in words, such as `Rated 4 of 5`. `stars`: out of five, null on other scales."""

    words: str
    stars: int | None
    is_satisfied: bool
    is_late: bool


class Writer(Answer):
    """Who wrote a message. `name`: of the agent or bot, null for others."""

    kind: Author
    id: str | None
    name: str | None


class Entry(Answer):
    """One entry of a transcript: a message, or an event as a sentence.

    `id`: of the event that brought it, by which entries are in order. A message keeps its id
    whatever becomes of it. `command`: the key of the request that caused it.
    """

    id: int
    kind: Literal["message", "event"]
    at: datetime
    message: MessageOut | None = None
    by: Writer | None = None
    """Who wrote the message."""
    label: str | None = None
    """What kind of automatic text it is, or what a text is called that the consumer answered."""
    delivery: str | None = None
    """What became of a text of ours, in words."""
    sentence: str | None = None
    rating: Rating | None = None
    leads_to: str | None = None
    """The conversation its texts moved to, or came from."""
    leaves_at: datetime | None = None
    """When a scheduled text will be sent."""
    planned_at: datetime | None = None
    """When a text that was sent by schedule was written."""
    is_survey: bool = False
    sends_again: str | None = None
    """The text that did not leave, whose words these are."""
    is_sent_again: bool = False
    """Its words were sent again."""
    command: str | None = None


class Entries(Answer):
    """A part of a transcript. `earlier`, `later`: whether there is more before or after it."""

    conversation_id: UUID
    as_of: int
    entries: list[Entry]
    earlier: bool = False
    later: bool = False


def rating_of(score: scores.Score | None) -> Rating | None:
    """Return a rating as pages read it."""
    return Rating.model_validate(score) if score else None
