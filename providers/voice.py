"""The part of a provider's contract for those that tell us of phone calls (`takes_calls`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from domain.calls.course import Ending
from domain.calls.dialogue import Heard, Turn
from domain.calls.menu import KeepWaiting
from providers.contract import Provider, Webhook, WebhookAnswer, WebhookRequest
from providers.credentials import Credentials

LONGEST_ADDRESS = 200
"""Characters of a caller's address that are kept. Ours: a SIP address may have as many."""
LONGEST_SPEECH = 1000
"""Characters of what a caller said that are kept as evidence. Ours."""


class Stage(StrEnum):
    """What a provider's voice webhook is about. The value is its path below the line's address."""

    begin = "voice"
    choice = "voice/choice"
    """The caller pressed a key, said something, or nothing."""
    wait = "voice/wait"
    """The caller is in a queue."""
    dialled = "voice/dial-result"
    """Somebody was called, and took the call or did not."""
    left_queue = "voice/queue-result"
    ended = "voice/status"
    """The provider reports on the call itself; it plays nothing."""


VOICE_WEBHOOKS = tuple(Webhook(stage.value) for stage in Stage)


class WasTaken(StrEnum):
    """What became of a caller who waited."""

    taken = "taken"
    """Somebody spoke to them."""
    nobody = "nobody"
    """Nobody took the call."""
    texted = "texted"
    """They left the queue because they were texted."""
    gone = "gone"
    """They hung up."""


@dataclass(frozen=True)
class CallNews:
    """One webhook about a call. `caller`, `called`: as written.

    `position`: what we put into the address that the provider called. `ending`: how the call ended,
    None if it goes on.
    """

    provider_call_id: str
    stage: Stage
    caller: str
    called: str
    heard: Heard = field(default_factory=Heard)
    position: Mapping[str, str] = field(default_factory=dict)
    ending: Ending | None = None
    was_taken: WasTaken | None = None
    is_outgoing: bool = False
    """A call of the brand: none of ours."""


@dataclass(frozen=True)
class Script:
    """What the provider does next. `base`: the address of the line's webhooks, without a path.

    `position`: goes into every address that the provider calls next.
    """

    turn: Turn
    keep_waiting: KeepWaiting
    base: str
    position: Mapping[str, str]


@dataclass(frozen=True)
class PhoneSetUp:
    """Where a provider posts the calls of a number. Empty: nowhere.

    `phone_id`: its own id of the number.
    """

    phone_id: str
    voice_url: str
    status_url: str
    others: Mapping[str, str] = field(default_factory=dict)
    """Settings of the number that would go before these, by the provider's names."""


@runtime_checkable
class TakesCalls(Protocol):
    """What an adapter with the capability `takes_calls` implements as well."""

    def read_call(self, request: WebhookRequest, stage: Stage) -> CallNews:
        """Read a verified voice webhook. Raises `WebhookRefused`."""
        ...

    def play(self, script: Script, /) -> WebhookAnswer:
        """Return the answer that makes the provider say and do what a script says."""
        ...

    def play_nothing(self) -> WebhookAnswer:
        """Return the answer to a report, and to calls that nothing is done with: hang up."""
        ...

    async def phone_set_up(self, number: str, credentials: Credentials) -> PhoneSetUp | None:
        """Return where a number's calls go, within 10 seconds; None: not a number of the account.

        Raises `SendError`.
        """
        ...

    async def set_phone_up(self, wanted: PhoneSetUp, credentials: Credentials) -> PhoneSetUp:
        """Make a number's calls go elsewhere, within 10 seconds. Raises `SendError`."""
        ...


def taker(provider: Provider | None) -> TakesCalls | None:
    """Return the provider as one that takes calls; None if it does not."""
    if provider is None or not provider.description.capabilities.takes_calls:
        return None
    return provider if isinstance(provider, TakesCalls) else None
