"""What goes wrong on request."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    slow_answer = "slow_answer"
    """Takes the text, delivers it, answers after `seconds`."""
    answer_lost = "answer_lost"
    """Takes the text, delivers it, and drops the connection or answers 500."""
    too_many_requests = "too_many_requests"
    """Answers 429 and takes nothing."""
    server_error = "server_error"
    """Answers 500 and takes nothing."""
    unavailable = "unavailable"
    """Answers 503 as Twilio does and takes nothing."""
    undelivered = "undelivered"
    """The text never reaches the phone; the callback says `error_code`."""
    duplicate_callbacks = "duplicate_callbacks"
    """Sends every delivery callback of a text twice at once."""
    reordered_callbacks = "reordered_callbacks"
    """Sends the delivery callbacks of a text in the wrong order."""
    webhook_three_times = "webhook_three_times"
    """Sends a consumer's text to the brand three times at once."""


class Fault(BaseModel):
    """A fault that befalls the next `count` requests or texts it fits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    count: int = Field(default=1, ge=1, le=100_000)
    seconds: float = Field(default=15, ge=0, le=600, description="slow_answer: how slow.")
    retry_after: int = Field(default=1, ge=0, description="too_many_requests: the header.")
    answer: Literal["drop", "error"] = Field(
        default="drop", description="answer_lost: drop the connection, or answer 500."
    )
    error_code: int = Field(default=30003, description="undelivered: Twilio's reason.")


class Faults:
    """The faults still to come, first in, first out for each kind."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def take(self, kind: FaultKind) -> Fault | None:
        """Use one fault of this kind up; None when there is none."""
        for index, fault in enumerate(self._waiting):
            if fault.kind is kind:
                left = fault.model_copy(update={"count": fault.count - 1})
                self._waiting[index : index + 1] = [left] if left.count else []
                return fault
        return None

    def waiting(self) -> list[Fault]:
        return list(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()
