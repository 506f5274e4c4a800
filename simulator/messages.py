"""The messages of the simulated account, from all providers."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from domain.text.segments import segments


class Direction(StrEnum):
    inbound = "inbound"
    outbound_api = "outbound-api"


class MessageStatus(StrEnum):
    """The states of a message, from acceptance to the final one."""

    accepted = "accepted"
    queued = "queued"
    sent = "sent"
    delivered = "delivered"
    undelivered = "undelivered"
    failed = "failed"
    received = "received"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Message:
    """One text. `sender` is empty until a messaging service has chosen one."""

    sid: str
    sender: str | None
    recipient: str
    body: str
    direction: Direction
    status: MessageStatus
    provider: str
    media: tuple[str, ...] = ()
    media_error: int = 0
    """The provider's code for a picture that it cannot fetch from the brand."""
    service_sid: str | None = None
    account: str = ""
    """The account's SID; empty: the first one."""
    status_callback: str | None = None
    error_code: int | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    sent_at: datetime | None = None

    @property
    def segments(self) -> int:
        """The number of segments; an empty text has one."""
        return max(segments(self.body).count, 1)


class Messages:
    """All messages of the account, kept in memory."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Message] = {}

    def keep(self, message: Message) -> Message:
        """Store a new message, or a new state of one."""
        self._by_sid[message.sid] = message
        return message

    def move(
        self, sid: str, status: MessageStatus, sender: str | None = None, error: int | None = None
    ) -> Message:
        """Give a message its next status and return it."""
        message = self._by_sid[sid]
        at = now()
        return self.keep(
            replace(
                message,
                status=status,
                sender=sender or message.sender,
                error_code=error,
                updated_at=at,
                sent_at=message.sent_at or (at if status is MessageStatus.sent else None),
            )
        )

    def get(self, sid: str) -> Message | None:
        return self._by_sid.get(sid)

    def newest_first(self, is_wanted: Callable[[Message], bool]) -> list[Message]:
        return [message for message in reversed(self._by_sid.values()) if is_wanted(message)]
