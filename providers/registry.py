"""The adapters of all providers that `providers.names` lists.

`providers/<name>/adapter.py` has `DESCRIPTION`, what the provider is, and `create`, which makes the
adapter. docs/providers.md tells how to add one.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

import httpx2

from providers import names
from providers.contract import Description, Provider


def create_providers(http: httpx2.AsyncClient) -> Mapping[str, Provider]:
    """Return every adapter by name, all over one HTTP client, which the caller closes."""
    return MappingProxyType({name: _adapter(name, http) for name in names.NAMES})


def descriptions() -> list[Description]:
    """Return what is known of every provider without an adapter."""
    return [_description(name) for name in names.NAMES]


def _description(name: str) -> Description:
    description: Description = import_module(f"providers.{name}.adapter").DESCRIPTION
    return description


def _adapter(name: str, http: httpx2.AsyncClient) -> Provider:
    create: Callable[[httpx2.AsyncClient], Provider]
    create = import_module(f"providers.{name}.adapter").create
    return create(http)
