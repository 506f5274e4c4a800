"""The page where a person sets their password with a link: invited, or because they forgot it."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.app_state import AppStateDep, SessionDep
from api.caller import check_same_site
from api.log_in_sessions import begin_for
from domain.errors import Invalid
from domain.people.passwords import LONGEST
from services import person_links
from services.errors import LinkOver
from web.forms import FormFieldsDep
from web.rendering import PagesDep
from web.route import HOME, LOG_IN, PageRoute, redirect
from web.words import said

router = APIRouter(route_class=PageRoute)

Key = Annotated[str, Query(max_length=200)]


@router.get("/welcome")
async def show_welcome(session: SessionDep, pages: PagesDep, key: Key = "") -> HTMLResponse:
    """Ask for a new password."""
    try:
        found = await person_links.welcome(session, key)
    except LinkOver as over:
        return pages.answer("log_in/link_used.html", over.status, sentence=said(over.detail))
    return pages.answer("log_in/welcome.html", key=key, found=found)


@router.post("/welcome")
async def set_password(
    request: Request, form: FormFieldsDep, app: AppStateDep, session: SessionDep
) -> Response:
    """Set the password and log the person in; one with codes logs in with one."""
    check_same_site(request, app)
    # As typed: blanks are part of a password.
    password = str(form.data.get("password") or "")[: LONGEST + 1]
    if password != form.data.get("again"):
        raise Invalid("The new passwords do not match.")
    agent = await person_links.use(
        session, app.sessions, app.passwords, form.text("key")[:200], password
    )
    if agent.totp_since is not None:
        return redirect(request, LOG_IN)
    response = redirect(request, HOME)
    await begin_for(agent, request, response, app, session)
    return response


@router.get("/forgotten")
async def show_forgotten(app: AppStateDep, pages: PagesDep, sent: bool = False) -> HTMLResponse:
    """Ask for an e-mail address."""
    return pages.answer("log_in/forgotten.html", sent=sent, mails=app.mailing.send is not None)


@router.post("/forgotten")
async def send_link(
    request: Request, form: FormFieldsDep, app: AppStateDep, behind: BackgroundTasks
) -> Response:
    """Mail a link, if there is anybody and not too often. The answer is the same, and before."""
    check_same_site(request, app)
    email = form.text("email")[:254].lower()
    response = redirect(request, "/forgotten?sent=true")
    host = request.client.host if request.client else None
    if not await app.attempts.may_mail(host, email):
        return response
    behind.add_task(person_links.forgotten, app.sessions, app.mailing, email)
    return response
