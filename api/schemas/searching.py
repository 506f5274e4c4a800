"""What a search finds."""

from datetime import datetime
from typing import Self
from uuid import UUID

from api.schemas.conversations import ConversationOut
from api.schemas.shared import Answer
from services.looking.searching import Found, FoundBy, FoundConversation


class ExcerptPart(Answer):
    """A piece of a text. `is_found`: the search asked for it."""

    text: str
    is_found: bool


class FoundConversationOut(Answer):
    """A conversation, and what of it was found. A text with the words is shown in parts."""

    conversation: ConversationOut
    found_by: FoundBy
    message_id: UUID | None
    """The newest text with the words."""
    found_at: datetime | None
    """When it was written."""
    excerpt: list[ExcerptPart]

    @classmethod
    def of(cls, found: FoundConversation) -> Self:
        return cls(
            conversation=ConversationOut.of(found.shown),
            found_by=found.by,
            message_id=found.text.message_id if found.text else None,
            found_at=found.text.written_at if found.text else None,
            excerpt=[ExcerptPart.model_validate(part) for part in found.excerpt],
        )


class FoundPerson(Answer):
    id: str
    name: str


class FoundLine(Answer):
    id: str
    name: str
    address: str


class FoundSkill(Answer):
    id: str
    name: str


class SearchOut(Answer):
    """What a search found, the likeliest of each kind first.

    `is_complete`: there was time to look everywhere. If not, another word helps.
    """

    conversations: list[FoundConversationOut]
    people: list[FoundPerson]
    lines: list[FoundLine]
    skills: list[FoundSkill]
    is_complete: bool

    @classmethod
    def of(cls, found: Found) -> Self:
        return cls(
            conversations=[FoundConversationOut.of(one) for one in found.conversations],
            people=[FoundPerson.model_validate(one) for one in found.people],
            lines=[FoundLine.model_validate(one) for one in found.lines],
            skills=[FoundSkill.model_validate(one) for one in found.skills],
            is_complete=found.is_complete,
        )
