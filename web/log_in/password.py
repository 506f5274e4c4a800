"""The page where people change their own password."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep
from api.caller import CallerDep
from api.schemas.people import PasswordChange
from domain.errors import Invalid
from services import log_ins
from web.forms import FormFieldsDep, parse
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute, redirect
from web.words import Words

PATH = "/password"
LABELS = Words({"current": "Current password", "new": "New password"})

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_password(user: PageUserDep, pages: PagesDep, saved: bool = False) -> HTMLResponse:
    """Ask for the current and a new password."""
    return pages.answer("log_in/password.html", person=user.person, saved=saved)


@router.post("")
async def change_password(
    request: Request, caller: CallerDep, form: FormFieldsDep, app: AppStateDep
) -> Response:
    """Change the user's own password."""
    # As typed: blanks are part of a password.
    typed = {name: form.data.get(name) for name in ("current", "new", "again")}
    if typed.pop("again") != typed["new"]:
        raise Invalid("The new passwords do not match.")
    change = parse(PasswordChange, typed, LABELS)
    current, new = change.current.get_secret_value(), change.new.get_secret_value()
    await log_ins.change_own_password(
        caller, app.sessions, app.passwords, app.attempts, current=current, new=new
    )
    return redirect(request, f"{PATH}?saved=true")
