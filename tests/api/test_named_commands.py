"""Commands that the API makes its routes of."""

import importlib
import pkgutil

from services import commanding
from services.commanding.named import NamedCommand
from tests.api.documented import OPERATIONS


def _named() -> list[NamedCommand]:
    modules = pkgutil.iter_modules(commanding.__path__, "services.commanding.")
    found = [importlib.import_module(one.name) for one in modules]
    return [command for one in found for command in getattr(one, "COMMANDS", ())]


def test_every_named_command_has_a_route() -> None:
    named = _named()
    assert len({command.name for command in named}) == len(named)
    for command in named:
        method = "PUT" if command.is_setting else "POST"
        assert (method, f"/v1/conversations/{{conversation_id}}/{command.name}") in OPERATIONS
