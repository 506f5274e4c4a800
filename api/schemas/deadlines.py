"""A conversation's deadlines and scheduled texts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from api.schemas.shared import Answer
from database.tables import Conversation
from domain.conversation.deadlines import in_words
from domain.conversation.kinds import DeadlineKind
from domain.conversation.state import ScheduledText


class DeadlineOut(Answer):
    """Something that happens by itself at `at`, because `why`, such as "nobody has answered it"."""

    kind: DeadlineKind
    at: datetime
    why: str
    since: datetime | None
    """The moment it counts from, if there is one."""

    @classmethod
    def listed(cls, row: Conversation) -> list[Self]:
        deadlines, since = _moments(row.deadlines), _moments(row.counted_from)
        return [cls.model_validate(due) for due in in_words(deadlines, since)]


class ScheduledTextOut(Answer):
    """A scheduled text. `unless_answered`: a text from the consumer cancels it.

    `due_at`: when it leaves; later than `at` while quiet hours hold it, which `held_because` tells.
    """

    id: str
    agent_id: str
    text: str
    at: datetime
    due_at: datetime
    held_because: str | None
    unless_answered: bool

    @classmethod
    def listed(cls, row: Conversation) -> list[Self]:
        texts = [ScheduledText.model_validate(text) for text in row.scheduled]
        return [cls.model_validate(text) for text in texts]


def _moments(kept: Mapping[str, str]) -> dict[DeadlineKind, datetime]:
    return {DeadlineKind(kind): datetime.fromisoformat(at) for kind, at in kept.items()}
