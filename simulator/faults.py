"""Faults that the simulator produces on request."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LATE_SECONDS = {"slow_answer": 15.0, "late_callbacks": 60.0}
REASONS = {"refused": 21211, "failed_at_once": 30034, "undelivered": 30003}


class FaultKind(StrEnum):
    """The kinds of faults; `docs/configuration.md` describes them for scripts."""

    slow_answer = "slow_answer"
    """Accepts the text, delivers it, and answers after `seconds` (15)."""
    answer_lost = "answer_lost"
    """Accepts the text, delivers it, and drops the connection or answers 500."""
    too_many_requests = "too_many_requests"
    """Answers 429 and does not accept the text."""
    reset_before_taking = "reset_before_taking"
    """Resets the connection and does not accept the text."""
    reset_after_taking = "reset_after_taking"
    """Accepts the text, delivers it, and resets the connection instead of answering."""
    server_error = "server_error"
    """Answers 500, with the provider's `body` or a proxy's, and does not accept the text."""
    unavailable = "unavailable"
    """Answers 503, with the provider's `body` or a proxy's, and does not accept the text."""
    lost_callbacks = "lost_callbacks"
    """Sends no delivery callbacks for a text."""
    late_callbacks = "late_callbacks"
    """Sends each delivery callback of a text `seconds` (60) late."""
    refused = "refused"
    """Answers 400 with the provider's `error_code` and does not accept the text."""
    suspended = "suspended"
    """Answers that the account is suspended and does not accept the text."""
    failed_at_once = "failed_at_once"
    """Accepts the text, and reports its failure with `error_code` in the same answer."""
    undelivered = "undelivered"
    """Does not deliver the text to the phone; the callback reports `error_code`."""
    duplicate_callbacks = "duplicate_callbacks"
    """Sends every delivery callback of a text twice at the same time."""
    reordered_callbacks = "reordered_callbacks"
    """Sends the delivery callbacks of a text in the wrong order."""
    lost_webhooks = "lost_webhooks"
    """Takes a consumer's text, and does not send it to the brand."""
    webhook_three_times = "webhook_three_times"
    """Sends a consumer's text to the brand three times at the same time."""
    reordered_parts = "reordered_parts"
    """Sends the parts of a consumer's long text last part first."""
    lost_part = "lost_part"
    """Does not send the last part of a consumer's long text."""


class Fault(BaseModel):
    """A fault for the next `count` requests or texts that it applies to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    count: int = Field(default=1, ge=1, le=100_000)
    seconds: float | None = Field(
        default=None, ge=0, le=600, description="slow_answer (15), late_callbacks (60): the delay."
    )
    retry_after: int = Field(default=1, ge=0, description="too_many_requests: the header.")
    answer: Literal["drop", "error"] = Field(
        default="drop", description="answer_lost: drop the connection, or answer 500."
    )
    body: Literal["provider", "plain"] = Field(
        default="provider", description="server_error, unavailable: the provider's or a proxy's."
    )
    error_code: int | None = Field(
        default=None,
        ge=0,
        le=999_999,
        description="The provider's reason: refused (21211), failed_at_once (30034), undelivered "
        "(30003).",
    )

    @property
    def lateness(self) -> float:
        """The delay in seconds."""
        return LATE_SECONDS.get(self.kind, 0) if self.seconds is None else self.seconds

    @property
    def reason(self) -> int | None:
        """The provider's code for the failure."""
        return REASONS.get(self.kind) if self.error_code is None else self.error_code


class Faults:
    """The planned faults, first in, first out for each kind."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(fault)

    def take(self, kind: FaultKind) -> Fault | None:
        """Use up one fault of this kind; None when none is planned."""
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
