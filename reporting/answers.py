"""How fast a conversation was answered, read from its transcript."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from database.queries.records.sources import Written
from domain.conversation.kinds import Author
from domain.hours.open_hours import OpenHours

_DURATION: TypeAdapter[timedelta | None] = TypeAdapter(timedelta | None)


@dataclass(frozen=True)
class Answer:
    """An agent's answer: when the consumer began to wait for it, and when it came."""

    asked_at: datetime
    at: datetime


@dataclass(frozen=True)
class ResponseTimes:
    """The working time for an answer, and that of a consumer's first conversation."""

    usual: timedelta | None
    first: timedelta | None
    hours: OpenHours

    @classmethod
    def read(cls, policy: Mapping[str, Any] | None) -> "ResponseTimes | None":
        """Return those of a conversation's policy; None where none are set, or they are unknown."""
        if policy is None:
            return None
        try:
            return cls(
                _DURATION.validate_python(policy["response_time"]),
                _DURATION.validate_python(policy["first_response_time"]),
                OpenHours.model_validate(policy["hours"] or {}),
            )
        except ValidationError:
            return None

    def allows(self, answer: Answer, *, is_first: bool) -> bool | None:
        """Say whether an answer came in time; None: there was no deadline, or none is known."""
        allowed = self.first if is_first and self.first is not None else self.usual
        due_at = None if allowed is None else self.hours.after(answer.asked_at, allowed)
        return None if due_at is None else answer.at <= due_at


def answers(messages: Iterable[Written], owed_nothing: Collection[datetime]) -> Iterator[Answer]:
    """Yield the answers of agents to consumers. `owed_nothing`: times of texts that ask for none.

    Several texts without an answer between them are one question, from the first of them on.
    """
    asked_at: datetime | None = None
    nothing = set(owed_nothing)
    for message in messages:
        if message.author == Author.consumer and message.written_at not in nothing:
            asked_at = asked_at or message.written_at
        elif message.author == Author.agent and not message.automatic and asked_at:
            yield Answer(asked_at, message.written_at)
            asked_at = None


def is_late(found: Iterable[Answer], times: ResponseTimes | None, *, is_first: bool) -> bool | None:
    """Say whether one answer came late at least; None: none had a deadline."""
    if times is None:
        return None
    in_time = {times.allows(one, is_first=is_first) for one in found} - {None}
    return False in in_time if in_time else None
