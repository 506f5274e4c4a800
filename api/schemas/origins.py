"""How a conversation began, as programs and pages see it."""

from typing import Self
from uuid import UUID

from api.schemas.shared import Answer
from database.tables import Conversation
from domain.origins.kinds import OriginKind
from domain.origins.origin import Origin


class ContextOut(Answer):
    """What the agent is to know. Parts that nobody gave are empty."""

    reason: str = ""
    reference: str = ""
    note: str = ""
    link: str = ""


class OriginOut(Answer):
    """How a conversation began. `id`: of the source, notification, batch or call, or of the
    conversation that it follows. `message_id`: of the text that its consumer answered, which begins
    the transcript.
    """

    kind: OriginKind
    id: str | None
    title: str
    message_id: UUID | None
    context: ContextOut

    @classmethod
    def of(cls, row: Conversation) -> Self:
        kind = {"kind": row.origin}
        return cls.model_validate(Origin.model_validate(row.origin_data | kind).model_dump())
