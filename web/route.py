"""How every page is answered: with our headers, and with a page for each refusal."""

import re
from collections.abc import Callable, Collection, Coroutine, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from pydantic import ValidationError

from api.app_state import undo
from api.body_limit import takes_file
from api.problems import headers_of, refusal_of
from database.away import NOT_DONE
from domain.errors import DomainError, Invalid, MayStillBeDone, NotAuthenticated
from web.forms import Problem, problems_of
from web.rendering import get_pages
from web.words import said

LOG_IN = "/log-in"
HOME = "/workspace"
PAGES = (
    HOME,
    "/board",
    "/reports",
    "/exports",
    "/batches",
    "/consumers",
    "/conversations",
    "/admin",
    "/operator",
    "/password",
    "/security",
)
POLICY = "Content-Security-Policy"
LOCATION = ":/%#?=@[]!$&'()*+,;"
"""Characters that stay unescaped in an address sent as a header."""
HEADERS = {
    POLICY: "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'; img-src 'self' data:",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""`same-origin`, not `no-referrer`: with that, browsers hide the Origin that proves our forms."""


def framing(hosts: str) -> dict[str, str]:
    """Return the header of a page that may frame pages of these hosts, and no others."""
    return {POLICY: f"{HEADERS[POLICY]}; frame-src {hosts}"}


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route for people: an error is a page, or a sentence for the part of a page that asked."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            # Kept, so that a form and the fingerprint of its request can both be read.
            if not takes_file(request.url.path):
                await request.body()
            response = await _answered(handle, request)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return answered


async def _answered(handle: Handler, request: Request) -> Response:
    try:
        return await _undone_if_refused(handle, request)
    except NotAuthenticated:
        return _to_log_in(request)
    except MayStillBeDone as error:
        return await _in_doubt(request, error)
    except DomainError as error:
        return refusal(request, error)
    except (RequestValidationError, ValidationError):
        return refusal(request, Invalid("Something in this form is not valid."))
    except NOT_DONE as error:
        return refusal(request, refusal_of(error))


async def _undone_if_refused(handle: Handler, request: Request) -> Response:
    """Handle a request. An error takes back what was written: it becomes an answer here, so the
    transaction would not see it.
    """
    try:
        return await handle(request)
    except (DomainError, RequestValidationError, ValidationError, *NOT_DONE):
        await undo(request)
        raise


def is_part(request: Request) -> bool:
    """Say whether a page's own script asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def redirect(request: Request, path: str) -> Response:
    """Send a browser to another of our pages."""
    if is_part(request):
        return Response(headers={"HX-Redirect": quote(path, safe=LOCATION)})
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER)


def refusal(request: Request, error: DomainError) -> HTMLResponse:
    """Answer a refusal: a sentence for the part of a page that asked, or a page of its own."""
    response = refused_with(request, error.status, error.detail, problems_of(error))
    response.headers.update(headers_of(error))
    return response


def refused_with(
    request: Request, status: int, sentence: str, problems: Sequence[Problem] = ()
) -> HTMLResponse:
    """Answer with a sentence for the part of a page that asked, or with a page of its own.

    `problems`: what is wrong with single fields, which the page says beside them.
    """
    template = "refusal.html" if is_part(request) else "error.html"
    shown = {"sentence": said(sentence), "problems": problems}
    return get_pages(request).answer(template, status, **shown)


async def _in_doubt(request: Request, error: MayStillBeDone) -> HTMLResponse:
    """Answer that something may still be done: by headers, or by a page that can ask again."""
    response = refusal(request, error)
    if not is_part(request):
        again = f"{request.url.path}?{urlencode({'key': error.key})}"
        fields = (await request.form()).multi_items()
        response = get_pages(request).answer(
            "in_doubt.html", error.status, again=again, fields=fields
        )
    response.headers.update(headers_of(error))
    return response


def refused_beside(request: Request, error: DomainError) -> HTMLResponse:
    """Answer a refused preview: the sentence appears beside the preview."""
    response = refusal(request, error)
    response.headers["HX-Retarget"] = "#refused"
    return response


def _to_log_in(request: Request) -> Response:
    here = request.headers.get("HX-Current-URL", "") if is_part(request) else str(request.url)
    wanted = "/" + here.split("://", 1)[-1].partition("/")[2]
    response = redirect(request, f"{LOG_IN}?{urlencode({'next': page_of_ours(wanted)})}")
    if is_part(request):
        # A stream that reconnects reads the status; anything else goes where the header says.
        response.status_code = HTTPStatus.UNAUTHORIZED
    return response


def page_of_ours(path: str, also: Collection[str] = ()) -> str:
    """Return where to go after logging in: a page of ours, never another site.

    Our addresses are plain. An address with other characters, or with dots that lead elsewhere,
    was made by somebody else and leads to the workspace.
    """
    if not re.fullmatch(r"[!-\[\]-~]*", path):
        return HOME
    page = unquote(path.partition("?")[0])
    is_plain = re.fullmatch(r"(/[A-Za-z0-9][A-Za-z0-9_-]*)+/?", page) is not None
    is_ours = any(page == ours or page.startswith(f"{ours}/") for ours in (*PAGES, *also))
    return path if is_plain and is_ours else HOME
