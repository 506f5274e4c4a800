"""Who reads the answer to a request: told by the browser, until its person is known.

Programs read English, whatever they accept: their people are ours to write for only on pages.
"""

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from translations.reader import LANGUAGES, Reader, known_zone, preferred, read_by

LANGUAGE, ZONE = "switchboard_language", "switchboard_zone"
"""Cookies: the language chosen in this browser, and the browser's time zone."""
FOR_PROGRAMS = ("/v1/", "/webhooks/", "/codec/", "/health/", "/files/")
"""What answers in JSON, even where a browser asks."""


class Reading:
    """ASGI middleware: makes each answer for its reader."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with read_by(reader_of(scope["path"], Headers(scope=scope))):
            await self.app(scope, receive, send)


def reader_of(path: str, headers: Headers) -> Reader:
    """Return who reads, by what their browser sends along."""
    if not is_person(path, headers):
        return Reader(is_program=True)
    cookies = cookie_parser(headers.get("Cookie", ""))
    chosen = cookies.get(LANGUAGE, "")
    is_chosen = chosen in LANGUAGES
    return Reader(
        language=chosen if is_chosen else preferred(headers.get("Accept-Language", "")),
        zone=known_zone(cookies.get(ZONE, "").replace("%2F", "/")),
    )


def is_person(path: str, headers: Headers) -> bool:
    """Say whether a page is asked for, or one of our pages asks the API."""
    if "Authorization" in headers:
        return False
    is_by_page = "X-Switchboard" in headers or headers.get("Sec-Fetch-Site") == "same-origin"
    return is_by_page or not path.startswith(FOR_PROGRAMS)
