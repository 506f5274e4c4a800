"""The routes of named commands in the workspace: each is given by a form, and answers what changed.

Commands whose form differs from the API's body have routes of their own, in
`web.workspace.actions` and `web.workspace.scheduled_texts`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.commanding import closing, conversation_settings, ownership
from services.commanding.named import NamedCommand
from services.inputs import Input
from services.looking.conversations import View
from web.page_context import load_context
from web.route import HOME, PageRoute, redirect
from web.workspace.command_form import CommandForm, CommandFormDep, plain_lines
from web.workspace.lists import load_offers

COMMANDS = (*ownership.COMMANDS, *closing.COMMANDS, *conversation_settings.COMMANDS)

Answer = Callable[[CommandForm], Awaitable[Response]]

router = APIRouter(prefix="/workspace/{conversation_id}", route_class=PageRoute)


@dataclass(frozen=True)
class InputOf:
    """Reads the input of a command from a form, in which an empty field means none."""

    input: type[Input]

    async def __call__(self, request: Request) -> Input:
        form = await request.form()
        fields = self.input.model_fields.keys() & form.keys()
        return self.input.model_validate(
            {name: plain_lines(str(form[name])) or None for name in fields}, strict=False
        )


async def _opened(form: CommandForm) -> Response:
    """Go to the conversation, which is now the user's own."""
    return redirect(form.request, f"{HOME}/{form.context.conversation_id}?view={View.mine}")


async def _offers(form: CommandForm) -> Response:
    """Answer with the offers that are left."""
    async with form.context.backends.sessions.begin() as session:
        offers = await load_offers(session, form.user)
        page = await load_context(session, form.user.caller)
    return form.pages.answer("workspace/updates/ring.html", offers=offers, page=page)


ANSWERS: Mapping[str, Answer] = {"accept": _opened, "pick": _opened, "decline": _offers}
"""What answers commands other than with the changed conversation."""


def _endpoint(command: NamedCommand) -> Callable[..., Awaitable[Response]]:
    answer = ANSWERS.get(command.name, CommandForm.changed)

    async def give(form: CommandFormDep) -> Response:
        await command.service(form.context)
        return await answer(form)

    if command.input is None:
        return give
    read = InputOf(command.input)

    async def give_with(form: CommandFormDep, wanted: Annotated[Input, Depends(read)]) -> Response:
        await command.service(form.context, wanted)
        return await answer(form)

    return give_with


for _command in COMMANDS:
    router.add_api_route(f"/{_command.name}", _endpoint(_command), methods=["POST"])
