"""The contract of a provider's simulator, which is in `providers/<name>/simulator`.

The carrier itself handles phones, deliveries and faults. The provider's simulator defines its API,
the content of its webhooks and their signatures.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from fastapi import FastAPI

from providers import names
from simulator.calls import Call
from simulator.faults import Fault, FaultKind
from simulator.lines import Line, LineKind
from simulator.messages import Message
from simulator.settings import SimulatorSettings

if TYPE_CHECKING:
    from simulator.carrier import Carrier


class Consent(StrEnum):
    blocked = "blocked"
    allowed = "allowed"
    unchanged = "unchanged"


@dataclass(frozen=True)
class Handling:
    """The carrier's reply to a keyword, and the change of consent."""

    reply: str
    consent: Consent


class Network(Protocol):
    """The behaviour that differs between providers."""

    def install(self, app: FastAPI) -> None:
        """Add the routes of the provider's API, and its error answers."""
        ...

    def new_id(self, *, has_media: bool) -> str:
        """Return a new message id in the provider's format."""
        ...

    def text(self, message: Message, line: Line) -> bytes:
        """Return the body of the webhook for a consumer's text."""
        ...

    def report(self, message: Message) -> bytes:
        """Return the body of the webhook for a delivery status."""
        ...

    def headers(self, url: str, body: bytes, token: str) -> Mapping[str, str]:
        """Return the headers of a webhook, including its signature."""
        ...

    def handling(self, kind: LineKind, text: str, *, is_blocked: bool) -> Handling | None:
        """Return the provider's own handling of a text, None if it has none."""
        ...


@runtime_checkable
class PartedNetwork(Network, Protocol):
    """A network that sends and reports each part of a long text apart, with codes of its own."""

    def text_parts(self, message: Message, line: Line) -> Sequence[bytes]:
        """Return the bodies of the webhooks for a consumer's text, a part each."""
        ...

    def report_parts(self, message: Message) -> Sequence[bytes]:
        """Return the bodies of the webhooks for a status, a part each; none if it is not told."""
        ...

    def reason(self, kind: FaultKind) -> int | None:
        """Return the provider's code for a planned failure that names none."""
        ...


@runtime_checkable
class CallNetwork(Network, Protocol):
    """A network that also carries phone calls, by the brand's instructions."""

    def new_call(self, caller: str, line: Line) -> Call:
        """Return a call that rings."""
        ...

    async def answer(self, carrier: "Carrier", call: Call, /) -> None:
        """Follow the instructions of the number until the caller must do something."""
        ...

    async def hear(
        self, carrier: "Carrier", call: Call, digits: str, speech: str, confidence: float, /
    ) -> None:
        """Tell the brand what the caller did, and follow its answer."""
        ...

    async def take(self, carrier: "Carrier", call: Call, /, *, is_taken: bool) -> None:
        """Tell the brand whether somebody took the call, and follow its answer."""
        ...

    async def hang_up(self, carrier: "Carrier", call: Call, /) -> None:
        """End a call by its caller."""
        ...


def text_bodies(network: Network, message: Message, line: Line) -> Sequence[bytes]:
    """Return the bodies of all webhooks for a consumer's text, in order."""
    if isinstance(network, PartedNetwork):
        return network.text_parts(message, line)
    return [network.text(message, line)]


def report_bodies(network: Network, message: Message) -> Sequence[bytes]:
    """Return the bodies of all webhooks for a delivery status, in order."""
    if isinstance(network, PartedNetwork):
        return network.report_parts(message)
    return [network.report(message)]


def reason_of(network: Network, fault: Fault) -> int | None:
    """Return the provider's code for a planned failure."""
    if fault.error_code is None and isinstance(network, PartedNetwork):
        return network.reason(fault.kind)
    return fault.reason


def networks(settings: SimulatorSettings) -> dict[str, Network]:
    """Return the networks of all providers, the default one for lines first."""
    return {name: _network(name, settings) for name in names.NAMES}


def _network(name: str, settings: SimulatorSettings) -> Network:
    create: Callable[[SimulatorSettings], Network]
    create = import_module(f"providers.{name}.simulator.network").create
    return create(settings)
