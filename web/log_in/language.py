"""The language of the pages: kept with the person, and in the browser for those not logged in."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Cookie, Form, Request, Response

from api.app_state import AppState, AppStateDep, SessionDep
from api.caller import COOKIE, check_same_site, identify
from api.log_in_sessions import YEAR, set_cookie
from api.reading import LANGUAGE
from domain.errors import Invalid, NotAuthenticated
from services import own_language
from services.caller import Caller
from translations.reader import LANGUAGES
from web.route import LOG_IN, PageRoute, page_of_ours, redirect

router = APIRouter(route_class=PageRoute)


@router.post("/language")
async def choose(
    request: Request,
    app: AppStateDep,
    session: SessionDep,
    language: Annotated[str, Form(max_length=20)],
    in_cookie: Annotated[str | None, Cookie(alias=COOKIE)] = None,
) -> Response:
    """Read the pages in this language from now on."""
    check_same_site(request, app)
    if language not in LANGUAGES:
        raise Invalid("The pages are not written in this language.")
    caller = await _who(app, in_cookie)
    if caller is not None:
        await own_language.choose(caller, session, language)
    response = redirect(request, _page_before(request))
    set_cookie(response, app, LANGUAGE, language, YEAR)
    return response


async def _who(app: AppState, in_cookie: str | None) -> Caller | None:
    try:
        return await identify(app, None, in_cookie, None)
    except NotAuthenticated:
        return None


def _page_before(request: Request) -> str:
    """Return the page with the menu."""
    before = urlsplit(request.headers.get("Referer", ""))
    page = f"{before.path}?{before.query}" if before.query else before.path
    return page_of_ours(page, also=(LOG_IN,))
