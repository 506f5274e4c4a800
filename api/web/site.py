"""All pages of the application, and the files they load."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from api.web import actions, floor, later, live, log_in, operator, pages, password, taking
from api.web.admin import accounts, agents, hours, messages, skills, surveys
from api.web.rendering import create_pages
from api.web.route import HEADERS

STATIC = Path(__file__).parent / "static"

router = APIRouter(include_in_schema=False)
# The stream first: its address reads like a conversation's.
for part in (
    log_in.router,
    password.router,
    operator.router,
    live.router,
    actions.router,
    actions.conversation,
    later.router,
    taking.router,
    pages.router,
    floor.router,
    skills.router,
    agents.router,
    hours.router,
    messages.router,
    surveys.router,
    accounts.router,
):
    router.include_router(part)


class Assets(StaticFiles):
    """Our own files. Browsers keep them and ask each time whether they are still good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install(app: FastAPI) -> None:
    """Let an application serve the files of pages, and draw them."""
    app.state.pages = create_pages()
    app.mount("/static", Assets(directory=STATIC), name="static")
