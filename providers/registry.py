"""Creates the adapters of all providers in `providers.names`.

`providers/<name>/adapter.py` holds the provider's `DESCRIPTION`, and `create`, which makes its
adapter. docs/providers.md explains how to add one.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

import httpx2

from providers import names
from providers.contract import Description, Provider


def create_providers(http: httpx2.AsyncClient) -> Mapping[str, Provider]:
    """Return all adapters by name. They share one HTTP client, which the caller closes."""
    return MappingProxyType({name: _adapter(name, http) for name in names.NAMES})


def descriptions() -> list[Description]:
    """Return the descriptions of all providers, without making adapters."""
    return [_description(name) for name in names.NAMES]


def _description(name: str) -> Description:
    description: Description = import_module(f"providers.{name}.adapter").DESCRIPTION
    return description


def _adapter(name: str, http: httpx2.AsyncClient) -> Provider:
    create: Callable[[httpx2.AsyncClient], Provider]
    create = import_module(f"providers.{name}.adapter").create
    return create(http)
