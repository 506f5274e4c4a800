"""The page where a brand sets itself up, with the link that the installation gave it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.app_state import AppState, AppStateDep, SessionDep
from api.caller import check_same_site
from api.log_in_sessions import begin_for
from api.schemas.brands import NewBrand
from database.queries.accounts import NewAccount
from domain.errors import Invalid
from domain.people.roles import Role
from domain.settings.allowed import TIME_ZONES
from services import log_ins, set_up_links
from services.configuring.agents import NewAgent
from services.set_up_links import LinkUsed
from translations.reader import reader
from web.forms import FormFieldsDep, parse
from web.rendering import PagesDep
from web.route import PageRoute, redirect
from web.words import Words, said

PATH = "/start"
FIRST_PAGE = "/admin"
LABELS = Words(
    {
        "brand": "Your brand",
        "name": "Your name",
        "email": "Your e-mail address",
        "password": "Password",
        "time_zone": "Time zone",
    }
)

router = APIRouter(prefix=PATH, route_class=PageRoute)

Key = Annotated[str, Query(max_length=200)]


@router.get("")
async def show_start(session: SessionDep, pages: PagesDep, key: Key = "") -> HTMLResponse:
    """Ask for the brand and its first admin."""
    try:
        await set_up_links.check(session, key)
    except LinkUsed as used:
        return pages.answer("log_in/link_used.html", used.status, sentence=said(used.detail))
    return pages.answer("log_in/start.html", key=key, time_zones=TIME_ZONES)


@router.post("")
async def start(
    request: Request, form: FormFieldsDep, app: AppStateDep, session: SessionDep
) -> Response:
    """Set the brand up, log its first admin in, and show what comes next."""
    check_same_site(request, app)
    texts = {name: form.text(name) for name in LABELS if name != "password"}
    # As typed: blanks are part of a password.
    typed = {"password": form.data.get("password"), **texts}
    if typed["password"] != form.data.get("again"):
        raise Invalid("The new passwords do not match.")
    wanted = parse(NewBrand, typed, LABELS)
    response = redirect(request, FIRST_PAGE)
    await _set_up(form.text("key"), wanted, app, session, request, response)
    return response


async def _set_up(
    key: str,
    wanted: NewBrand,
    app: AppState,
    session: AsyncSession,
    request: Request,
    response: Response,
) -> None:
    password = wanted.password.get_secret_value()
    language = reader().language
    account = NewAccount(wanted.brand, wanted.brand, language, wanted.time_zone)
    admin = NewAgent(wanted.name, wanted.email, password, Role.admin)
    made = await set_up_links.use(session, app.passwords, key, account, admin)
    [first] = await log_ins.people_of(session, wanted.email, made.id)
    await begin_for(first, request, response, app, session)
