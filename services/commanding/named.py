"""Commands under the name by which callers give them: API and pages make their routes of these.

A command is named here if API and pages take the same input for it. Where a page's form differs
from the API's body, as for texts and transfers, both have a route of their own.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from database.queries.conversations import CommandResult
from domain.errors import DomainError
from services.commanding.context import CommandContext
from services.inputs import Input

InputT = TypeVar("InputT", bound=Input)


@dataclass(frozen=True)
class NamedCommand:
    """A service that gives a command, and what callers are told of it.

    `name`: the last part of its address, such as `take-over`. `service`: its docstring describes
    it to callers. `refusals`: its errors besides those of every command. `input`: what the service
    takes besides its context, None: nothing. `is_setting`: it sets a value, so doing it twice is
    the same as doing it once.
    """

    name: str
    service: Callable[..., Awaitable[CommandResult]]
    refusals: tuple[type[DomainError], ...] = ()
    input: type[Input] | None = None
    is_setting: bool = False


def plain(
    name: str,
    service: Callable[[CommandContext], Awaitable[CommandResult]],
    *refusals: type[DomainError],
) -> NamedCommand:
    """Return a command without input."""
    return NamedCommand(name, service, refusals)


def with_input(
    name: str,
    taken: type[InputT],
    service: Callable[[CommandContext, InputT], Awaitable[CommandResult]],
    *refusals: type[DomainError],
    is_setting: bool = False,
) -> NamedCommand:
    """Return a command that takes an input."""
    return NamedCommand(name, service, refusals, taken, is_setting)
