"""Makes the routes of named commands."""

from collections.abc import Awaitable, Callable, Iterable
from inspect import cleandoc

from fastapi import APIRouter

from api.command_context import ENDED, ContextDep
from api.problems import documented
from api.schemas.conversations import CommandAnswer
from services.commanding.named import NamedCommand
from services.inputs import Input


def add_commands(router: APIRouter, commands: Iterable[NamedCommand]) -> None:
    """Add a route for each command, named and described like its service."""
    for command in commands:
        router.add_api_route(
            f"/{command.name}",
            _endpoint(command),
            methods=["PUT" if command.is_setting else "POST"],
            name=_name(command.service.__name__),
            description=cleandoc(command.service.__doc__ or ""),
            responses=documented(*command.refusals, *ENDED),
        )


def _name(service: str) -> str:
    """Return the name of a command's operation, which says what it is about: a conversation."""
    verb, _, rest = service.partition("_")
    if not rest or service == "take_over":
        return f"{service}_conversation"
    return f"set_conversation_{rest}" if verb == "set" else service


def _endpoint(command: NamedCommand) -> Callable[..., Awaitable[CommandAnswer]]:
    async def give(context: ContextDep) -> CommandAnswer:
        return CommandAnswer.of(await command.service(context))

    async def give_with(context: ContextDep, wanted: Input) -> CommandAnswer:
        return CommandAnswer.of(await command.service(context, wanted))

    # FastAPI reads the type of the body from the signature.
    if command.input is None:
        return give
    give_with.__annotations__["wanted"] = command.input
    if not any(field.is_required() for field in command.input.model_fields.values()):
        give_with.__defaults__ = (command.input(),)  # whoever says nothing sends no body
    return give_with
