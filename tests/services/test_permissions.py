"""Every service checks its caller first, and refuses roles that are too low."""

import ast
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module

import pytest

import services.configuring
from domain.errors import NotAllowed
from domain.people.roles import Role
from services.caller import RANKS, Caller
from services.installation import Installation
from tests.services.callers import caller

Service = Callable[..., Awaitable[object]]


def every_service() -> Iterator[Service]:
    """Yield the public coroutine functions of every module that configures."""
    for module in pkgutil.iter_modules(services.configuring.__path__):
        found = import_module(f"services.configuring.{module.name}")
        for name, function in inspect.getmembers(found, inspect.iscoroutinefunction):
            if function.__module__ == found.__name__ and not name.startswith("_"):
                yield function


def named(service: Service) -> str:
    return f"{service.__module__.rpartition('.')[2]}.{service.__name__}"


def who_calls(service: Service) -> object:
    """Return what a service's first argument is declared as."""
    return next(iter(inspect.signature(service).parameters.values())).annotation


def role_required(service: Service) -> Role | None:
    """Return the role in `caller.require(Role.…)`, where that is all of the first statement."""
    [definition] = ast.parse(inspect.getsource(service)).body
    assert isinstance(definition, ast.AsyncFunctionDef)
    documentation, first, *_ = definition.body
    assert isinstance(documentation, ast.Expr)
    prefix, _, role = ast.unparse(first).rstrip(")").partition("Role.")
    return Role(role) if prefix == "caller.require(" else None


SERVICES = sorted(every_service(), key=named)
OF_ACCOUNTS = [one for one in SERVICES if who_calls(one) is not Installation]


class Untouchable:
    """A session and whatever else a service is given, of which it may use nothing."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"{name} was used before anybody asked who calls")


def test_the_services_are_found() -> None:
    assert len(OF_ACCOUNTS) > 40
    assert {one.__module__ for one in SERVICES} > {one.__module__ for one in OF_ACCOUNTS}


@pytest.mark.parametrize("service", OF_ACCOUNTS, ids=named)
def test_a_service_names_the_role_it_needs_before_anything_else(service: Service) -> None:
    assert who_calls(service) is Caller
    assert role_required(service) is not None


@pytest.mark.parametrize("service", OF_ACCOUNTS, ids=named)
async def test_a_role_that_is_too_low_is_refused_before_anything_is_read(service: Service) -> None:
    needed = role_required(service)
    assert needed
    _, *others = inspect.signature(service).parameters.values()
    wanted = [one for one in others if one.default is inspect.Parameter.empty]
    given = [Untouchable() for one in wanted if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    named = {
        one.name: Untouchable() for one in wanted if one.kind is inspect.Parameter.KEYWORD_ONLY
    }
    for role in (role for role in Role if RANKS[role] < RANKS[needed]):
        with pytest.raises(NotAllowed):
            await service(caller("acme", role), *given, **named)
