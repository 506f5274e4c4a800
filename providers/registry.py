"""Which providers there are, by the name a connector stores."""

from collections.abc import Mapping
from types import MappingProxyType

import httpx2

from providers.contract import Provider
from providers.twilio.adapter import Twilio


def create_providers(http: httpx2.AsyncClient) -> Mapping[str, Provider]:
    """Return every adapter by name, all over one HTTP client, which the caller closes."""
    adapters: tuple[Provider, ...] = (Twilio(http),)
    return MappingProxyType({adapter.name: adapter for adapter in adapters})
