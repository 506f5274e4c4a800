"""What time is going to do to a conversation, and the texts an agent wrote for later."""

from datetime import datetime
from typing import Self

from api.schemas.shared import Answer
from database.tables import Conversation
from domain.state import ScheduledText
from domain.words import DeadlineKind


class DeadlineOut(Answer):
    """Something that happens by itself at `at`, counted from `since` where that can be said."""

    kind: DeadlineKind
    at: datetime
    since: datetime | None

    @classmethod
    def listed(cls, row: Conversation) -> list[Self]:
        found = [
            cls(
                kind=DeadlineKind(kind),
                at=datetime.fromisoformat(at),
                since=_moment(row.counted_from.get(kind)),
            )
            for kind, at in row.deadlines.items()
        ]
        return sorted(found, key=lambda deadline: deadline.at)


class ScheduledTextOut(Answer):
    """An agent's text for later. `unless_answered`: a text of the consumer cancels it."""

    id: str
    agent_id: str
    text: str
    at: datetime
    unless_answered: bool

    @classmethod
    def listed(cls, row: Conversation) -> list[Self]:
        texts = [ScheduledText.model_validate(text) for text in row.scheduled]
        return [cls.model_validate(text) for text in texts]


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
