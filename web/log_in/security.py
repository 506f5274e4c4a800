"""Where people see to their own log-ins: those that are open, and one-time codes."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep, SessionDep
from api.caller import CallerDep
from services import log_ins, second_factor
from services.qr_codes import secret_picture
from web.forms import FormFieldsDep
from web.page_context import PageUserDep
from web.rendering import PagesDep
from web.route import PageRoute, redirect

PATH = "/security"

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_security(
    user: PageUserDep, session: SessionDep, pages: PagesDep, saved: bool = False
) -> HTMLResponse:
    """Show the user's log-ins, and whether codes are on."""
    return pages.answer(
        "log_in/security.html",
        person=user.person,
        log_ins=await log_ins.listed(user.caller, session),
        codes=await second_factor.standing(user.caller, session),
        saved=saved,
    )


@router.post("/log-ins/end")
async def end_log_in(
    request: Request, caller: CallerDep, form: FormFieldsDep, session: SessionDep
) -> Response:
    """End one log-in, or all others."""
    await log_ins.end(caller, session, form.maybe("log_in"))
    return redirect(request, f"{PATH}?saved=true")


@router.post("/codes")
async def begin_codes(
    caller: CallerDep,
    app: AppStateDep,
    pages: PagesDep,
    password: Annotated[str, Form(max_length=1000)] = "",
) -> HTMLResponse:
    """Show the secret for an app, to be confirmed with a code, to whoever has the password."""
    begun = await second_factor.begin(
        caller, app.sessions, app.one_time_secrets, app.passwords, app.attempts, password
    )
    return pages.answer("log_in/codes.html", begun=begun, picture=secret_picture(begun.address))


@router.post("/codes/confirm")
async def confirm_codes(
    caller: CallerDep, app: AppStateDep, form: FormFieldsDep, session: SessionDep, pages: PagesDep
) -> HTMLResponse:
    """Switch codes on, and show the recovery codes, once."""
    codes = await second_factor.confirm(
        caller, session, app.one_time_secrets, form.text("code")[:40]
    )
    return pages.answer("log_in/recovery.html", codes=codes)


@router.post("/codes/off")
async def switch_off(
    request: Request, caller: CallerDep, app: AppStateDep, form: FormFieldsDep, session: SessionDep
) -> Response:
    """Switch codes off, with one of them."""
    async with app.attempts.of_codes(caller.id):
        await second_factor.switch_off(
            caller, session, app.one_time_secrets, form.text("code")[:40]
        )
    return redirect(request, f"{PATH}?saved=true")
