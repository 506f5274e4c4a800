"""All pages, and the files they load."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from web.admin import accounts, agents, hours, messages, skills, surveys
from web.board import board
from web.log_in import log_in, operator, password
from web.rendering import create_pages
from web.route import HEADERS
from web.workspace import actions, live, ownership, pages, scheduled_texts

ROOMS = ("", "log_in", "workspace", "board", "admin")
STATIC = [Path(__file__).parent / room / "static" for room in ROOMS]
"""Files of all rooms and of each one, served at one address, `/static`."""

router = APIRouter(include_in_schema=False)
# The stream first: its address looks like a conversation's.
for part in (
    log_in.router,
    password.router,
    operator.router,
    live.router,
    actions.router,
    actions.conversation,
    scheduled_texts.router,
    ownership.router,
    pages.router,
    board.router,
    skills.router,
    agents.router,
    hours.router,
    messages.router,
    surveys.router,
    accounts.router,
):
    router.include_router(part)


class Assets(StaticFiles):
    """Our own files. Browsers cache them and check each time whether they have changed."""

    def __init__(self, directories: Sequence[Path]) -> None:
        super().__init__(directory=directories[0])
        self.all_directories = list(directories)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install(app: FastAPI) -> None:
    """Make an application serve pages and their files."""
    app.state.pages = create_pages()
    app.mount("/static", Assets(STATIC), name="static")
