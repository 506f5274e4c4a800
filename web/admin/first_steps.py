"""The first page of an admin: what a brand needs, what of it is done, and where to do it."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from database.queries.first_steps import Done
from services.looking import first_steps
from web.frame import AdminsFrame
from web.route import PageRoute
from web.words import _

PATH = "/admin"

router = APIRouter(prefix=PATH, route_class=PageRoute)


@dataclass(frozen=True)
class Step:
    """One step. `problem`: what keeps a done one from working."""

    title: str
    sentence: str
    path: str
    act: str
    is_done: bool
    is_needed: bool = True
    problem: str = ""


@router.get("")
async def show_first_steps(frame: AdminsFrame) -> HTMLResponse:
    """Show the steps with the next one first in mind."""
    done = await first_steps.done(frame.caller, frame.session)
    steps = [*_of_numbers(done), *_of_people(done), *_of_texts(done)]
    following = next((one for one in steps if not one.is_done and one.is_needed), None)
    return frame.answer("admin/first_steps.html", steps=steps, following=following)


def _of_numbers(done: Done) -> Sequence[Step]:
    return (
        Step(
            _("Connect a provider"),
            _("Enter the account of your SMS provider. It is checked at once."),
            "/admin/connectors",
            _("Connect"),
            done.connected,
        ),
        Step(
            _("Choose numbers"),
            _("Pick the numbers that consumers text, and the skill that answers them."),
            "/admin/lines" if done.has_line else "/admin/connectors",
            _("Choose"),
            done.has_line,
            problem=_("The texts of a line do not pass.") if done.is_broken else "",
        ),
    )


def _of_people(done: Done) -> Sequence[Step]:
    return (
        Step(
            _("Skills"),
            _("A skill is a queue of work, such as support or sales."),
            "/admin/skills",
            _("Add skills"),
            done.has_skill,
        ),
        Step(
            _("People"),
            _("Add your colleagues, each with the skills they answer. You can answer, too."),
            "/admin/agents",
            _("Add people"),
            done.has_skilled,
        ),
        Step(
            _("Working hours"),
            _("Without them you are always open."),
            "/admin/hours",
            _("Set hours"),
            done.has_hours,
            is_needed=False,
        ),
    )


def _of_texts(done: Done) -> Sequence[Step]:
    line = f"/admin/lines/{done.line_id}" if done.line_id else "/admin/lines"
    return (
        Step(
            _("First text"),
            _("Text your number from your own phone."),
            line,
            _("Watch it arrive"),
            done.was_texted,
        ),
        Step(
            _("First answer"),
            _("Go online in the workspace, take the conversation and answer it."),
            "/workspace",
            _("To the workspace"),
            done.has_answered,
        ),
    )
