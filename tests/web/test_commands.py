"""Commands that API and pages make their routes of, and how a form is read."""

import importlib
import pkgutil
from urllib.parse import urlencode

import pytest
from fastapi import Request
from fastapi.routing import iter_route_contexts

from application.routes import shared_routes
from services import commanding
from services.commanding.conversation_settings import AutoCloseHold, NewResponseTime
from services.commanding.named import NamedCommand
from services.inputs import Input, Text
from tests.api.documented import OPERATIONS
from web.workspace.commands import ANSWERS, InputOf


def _named() -> list[NamedCommand]:
    modules = pkgutil.iter_modules(commanding.__path__, "services.commanding.")
    found = [importlib.import_module(one.name) for one in modules]
    return [command for one in found for command in getattr(one, "COMMANDS", ())]


NAMED = _named()


class Note(Input):
    text: Text


def _sent(**fields: str) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": urlencode(fields).encode()}

    kind = (b"content-type", b"application/x-www-form-urlencoded")
    return Request({"type": "http", "method": "POST", "headers": [kind]}, receive)


def test_every_named_command_has_a_route_for_programs_and_one_for_people() -> None:
    pages = {route.path for route in iter_route_contexts(shared_routes())}
    assert len({command.name for command in NAMED}) == len(NAMED)
    for command in NAMED:
        method = "PUT" if command.is_setting else "POST"
        assert (method, f"/v1/conversations/{{conversation_id}}/{command.name}") in OPERATIONS
        assert f"/workspace/{{conversation_id}}/{command.name}" in pages


def test_an_answer_of_its_own_is_that_of_a_named_command() -> None:
    assert set(ANSWERS) <= {command.name for command in NAMED}


@pytest.mark.parametrize(("seconds", "read"), [("3600", 3600), ("", None)])
async def test_an_empty_field_of_a_form_means_none(seconds: str, read: int | None) -> None:
    assert await InputOf(NewResponseTime)(_sent(seconds=seconds)) == NewResponseTime(seconds=read)


async def test_a_form_says_yes_and_no_in_words_and_may_hold_more() -> None:
    assert await InputOf(AutoCloseHold)(_sent(held="no", other="x")) == AutoCloseHold(held=False)


async def test_a_text_of_a_form_keeps_its_lines_as_the_api_would_get_them() -> None:
    assert await InputOf(Note)(_sent(text="one\r\ntwo")) == Note(text="one\ntwo")
