"""The first page of a new brand's admin: what to set up, what is done, and where each is done."""

from dataclasses import astuple, dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from domain.settings.first_day import Done
from services.configuring import first_day
from web.frame import AdminsFrame
from web.route import PageRoute
from web.words import mark

router = APIRouter(prefix="/admin", route_class=PageRoute)


@dataclass(frozen=True)
class Step:
    """A step: its heading, what it is for, where it is done, and the words of the way there."""

    heading: str
    what: str
    path: str
    go: str


STEPS = (
    Step(
        mark("Connect your provider"),
        mark("The company that carries your texts, such as Twilio. Your account is checked there."),
        "/admin/connectors",
        mark("Connect"),
    ),
    Step(
        mark("Choose your numbers"),
        mark("The numbers that consumers text. Each becomes a line."),
        "/admin/lines",
        mark("To the lines"),
    ),
    Step(
        mark("Name a skill"),
        mark("What your people can help with, such as Support. Each line's texts go to one."),
        "/admin/skills",
        mark("To the skills"),
    ),
    Step(
        mark("Add your people"),
        mark("Give somebody a skill, yourself if you like: they get the texts that come in."),
        "/admin/agents",
        mark("To the people"),
    ),
    Step(
        mark("Set working hours"),
        mark("When consumers may expect an answer. Without hours you are always open."),
        "/admin/hours",
        mark("To the hours"),
    ),
    Step(
        mark("Answer a first text"),
        mark("Go online in the workspace, text your number from your own phone, and reply."),
        "/workspace",
        mark("To the workspace"),
    ),
)


@router.get("")
async def show_first_day(frame: AdminsFrame) -> HTMLResponse:
    """Show what is set up and what is next."""
    done = await first_day.show(frame.caller, frame.session)
    return frame.answer("admin/first_day.html", done=done, steps=_steps(done))


def _steps(done: Done) -> list[tuple[Step, bool, bool]]:
    """Return each step, whether it is done, and whether it is the next one."""
    are_done = astuple(done)
    next_one = are_done.index(False) if False in are_done else None
    return [(step, are_done[at], at == next_one) for at, step in enumerate(STEPS)]
