"""A provider's side of the simulated carrier; `providers/<name>/simulator` brings each.

The carrier itself knows phones, deliveries and faults. What a provider's API looks like, what its
webhooks hold and how they are signed is the provider's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Protocol

from fastapi import FastAPI

from providers import names
from simulator.lines import Line, LineKind
from simulator.messages import Message
from simulator.settings import SimulatorSettings


class Consent(StrEnum):
    blocked = "blocked"
    allowed = "allowed"
    unchanged = "unchanged"


@dataclass(frozen=True)
class Handling:
    """The carrier's reply, and what becomes of the consent."""

    reply: str
    consent: Consent


class Network(Protocol):
    """What one provider does that another does otherwise."""

    def install(self, app: FastAPI) -> None:
        """Serve the provider's API, and its own errors."""
        ...

    def new_id(self, *, has_media: bool) -> str:
        """Return a fresh id of a message, as the provider writes them."""
        ...

    def text(self, message: Message, line: Line) -> bytes:
        """Return the body in which a consumer's text is posted to the brand."""
        ...

    def report(self, message: Message) -> bytes:
        """Return the body in which a state of a delivery is posted to the brand."""
        ...

    def headers(self, url: str, body: bytes, token: str) -> Mapping[str, str]:
        """Return the headers of a webhook, its signature among them."""
        ...

    def handling(self, kind: LineKind, text: str, *, is_blocked: bool) -> Handling | None:
        """Return what the provider itself does with a text; None for nothing."""
        ...


def networks(settings: SimulatorSettings) -> dict[str, Network]:
    """Return every provider's side, the one lines are of by default first."""
    return {name: _network(name, settings) for name in names.NAMES}


def _network(name: str, settings: SimulatorSettings) -> Network:
    create: Callable[[SimulatorSettings], Network]
    create = import_module(f"providers.{name}.simulator.network").create
    return create(settings)
