"""Phone calls between phones and the brand's numbers, as far as they have come."""

from dataclasses import dataclass, field
from enum import StrEnum

MOST_KEPT = 500
"""Calls that are remembered. Ours."""


class CallState(StrEnum):
    """What a call waits for."""

    under_way = "under_way"
    listening = "listening"
    """For a key, a word, or silence."""
    dialling = "dialling"
    """Somebody's phone rings."""
    holding = "holding"
    """The caller waits, and hears nothing new until time passes."""
    over = "over"


@dataclass
class Dialled:
    """A call to somebody else: `action` is called with what became of it."""

    to: str
    action: str


@dataclass
class Queued:
    """A queue: `wait_url` says what the caller hears there, `action` is called at its end."""

    name: str
    wait_url: str
    action: str


@dataclass
class Call:
    """A call of a phone to one of the brand's numbers. `heard`: all that the caller heard.

    `goes_on_at`: the address that is called next, when a key is pressed or time passes.
    """

    sid: str
    provider: str
    caller: str
    number: str
    token: str = field(repr=False)
    account: str = ""
    """The account's SID; empty: the first one."""
    state: CallState = CallState.under_way
    status: str = "ringing"
    heard: list[str] = field(default_factory=list)
    goes_on_at: str = ""
    dialled: Dialled | None = None
    queued: Queued | None = None
    steps: int = 0
    """Instructions followed since the caller last did something, to end a circle."""

    @property
    def with_whom(self) -> str:
        """Return whose phone rings, or the queue's name."""
        if self.state is CallState.dialling and self.dialled:
            return self.dialled.to
        return self.queued.name if self.queued else ""


class Calls:
    """The latest calls, by their ids."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Call] = {}

    def keep(self, call: Call) -> Call:
        self._by_sid[call.sid] = call
        if len(self._by_sid) > MOST_KEPT:
            del self._by_sid[next(iter(self._by_sid))]
        return call

    def get(self, sid: str) -> Call | None:
        return self._by_sid.get(sid)


@dataclass
class PhoneSettings:
    """Where a number's calls and the news of them are posted."""

    voice_url: str = ""
    status_callback: str = ""
