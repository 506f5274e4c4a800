"""The adapters that the kit tests: every registered one, and the example of the guide."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

import httpx2
import pytest

from providers.contract import Provider
from providers.credentials import Credentials, filled_in
from providers.names import NAMES
from providers.registry import create_providers
from simulator.network import Network, networks
from tests.providers.kit.case import Case

FOLDER = Path(__file__).parents[1]
EXAMPLE = "pigeon"


def _case(name: str) -> Case:
    case: Case = import_module(f"tests.providers.{name}.case").CASE
    return case


CASES = {name: _case(name) for name in (*NAMES, EXAMPLE) if (FOLDER / name / "case.py").exists()}


def of(is_wanted: Callable[[Case], bool]) -> pytest.MarkDecorator:
    """Return the mark of a test for some of the adapters."""
    wanted = {name: case for name, case in CASES.items() if is_wanted(case)}
    return pytest.mark.parametrize("case", wanted.values(), ids=wanted)


EVERY = of(lambda _: True)


def _refuse(request: httpx2.Request) -> httpx2.Response:
    raise AssertionError(f"nothing is to be sent, but {request.method} was")


@cache
def adapter_of(case: Case) -> Provider:
    """Return the adapter, for what needs no provider: it fails if it calls one."""
    return wired(case, httpx2.MockTransport(_refuse))


@cache
def network_of(case: Case) -> Network:
    """Return the provider's side of the simulator."""
    return networks(case.settings)[case.name]


@cache
def credentials_of(case: Case) -> Credentials:
    """Return the brand's credentials."""
    return filled_in(adapter_of(case).description.credentials, case.entered)


@cache
def other_credentials_of(case: Case) -> Credentials:
    """Return another account's credentials."""
    return filled_in(adapter_of(case).description.credentials, case.other_entered)


def wired(case: Case, transport: httpx2.AsyncBaseTransport) -> Provider:
    """Return an adapter whose calls go to `transport`."""
    return create_providers(httpx2.AsyncClient(transport=transport))[case.name]
