"""The part of a provider's contract for those whose numbers can be listed and set up by us.

An adapter has it in addition to `providers.contract.Provider`; pages offer what it lists.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from domain.numbers.kinds import LineKind
from providers.contract import Provider
from providers.credentials import Credentials
from providers.health import Finding


@dataclass(frozen=True)
class TextAddresses:
    """Where a provider posts the texts of a sender, and where if that fails. Empty: nowhere."""

    inbound: str = ""
    fallback: str = ""
    inbound_method: str = "POST"
    fallback_method: str = "POST"


@dataclass(frozen=True)
class CallsGo:
    """Where a provider posts the calls of a number; empty: nowhere.

    `past`: what takes them before any address, such as a TwiML app; empty: nothing.
    """

    to: str = ""
    past: str = ""


@dataclass(frozen=True)
class Sender:
    """A number, a short code or a pool of senders of a provider's account.

    `sender_id`: the provider's own id. `address`: as lines have it. `name`: as people named it at
    the provider. `in_the_way`: a sentence about what goes before its addresses, so that they cannot
    be set; empty: nothing. `calls`: where its calls go, None: it takes none.
    """

    sender_id: str
    address: str
    name: str
    kind: LineKind
    addresses: TextAddresses
    takes_texts: bool = True
    in_the_way: str = ""
    calls: CallsGo | None = None


@runtime_checkable
class HoldsNumbers(Protocol):
    """What an adapter implements whose account can be asked for its numbers."""

    async def senders(self, credentials: Credentials) -> list[Sender]:
        """Return the account's senders, within 30 seconds. Raises `SendError`."""
        ...

    async def sender(self, address: str, credentials: Credentials) -> Sender | None:
        """Return one sender, within 30 seconds; None: the account does not have it.

        Raises `SendError`.
        """
        ...

    async def set_addresses(
        self, sender: Sender, wanted: TextAddresses, credentials: Credentials
    ) -> Sender:
        """Make the provider post a sender's texts elsewhere. Returns what it has then.

        Raises `SendError`.
        """
        ...

    async def registration(self, sender: Sender, credentials: Credentials) -> tuple[Finding, ...]:
        """Return what the provider says of a sender's registration and of opting out.

        Within 30 seconds. Raises `SendError`.
        """
        ...


def holder(provider: Provider | None) -> HoldsNumbers | None:
    """Return the provider as one whose numbers can be listed; None if they cannot."""
    return provider if isinstance(provider, HoldsNumbers) else None
