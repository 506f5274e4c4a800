"""The contract of a provider's simulator, which is in `providers/<name>/simulator`.

The carrier itself handles phones, deliveries and faults. The provider's simulator defines its API,
the content of its webhooks and their signatures.
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


def networks(settings: SimulatorSettings) -> dict[str, Network]:
    """Return the networks of all providers, the default one for lines first."""
    return {name: _network(name, settings) for name in names.NAMES}


def _network(name: str, settings: SimulatorSettings) -> Network:
    create: Callable[[SimulatorSettings], Network]
    create = import_module(f"providers.{name}.simulator.network").create
    return create(settings)
