"""Request bodies: limited in size, and their text can be stored and sent again.

Every route reads its body through this.
"""

import json
import re
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 256 * 1024
LARGEST_UPLOAD = 5_000_000
"""Of a picture: `services.uploading.LARGEST_PICTURE`."""
UPLOADS = re.compile(r"/v1/conversations/[^/]+/media")
LARGEST_FILE = 32 * 1024 * 1024
"""Ours: 100,000 lines of consent with 300 bytes each. Files go to the disk and not into memory."""
FILES = (
    *("/v1/consent-events/import", "/admin/consent/evidence"),
    *("/v1/consumers/import", "/consumers/import"),
)
"""Where files are sent."""
LISTS = re.compile(r"/(?:v1/batches/[^/]+/recipients/csv|batches/[^/]+/recipients)")
"""Where lists of recipients are sent."""
CONFIGURATIONS = re.compile(r"/(?:v1|admin)/configuration/(?:plan|apply)")
"""Where a brand's file is sent, in a form or as JSON."""
LARGEST_CONFIGURATION = 8_000_000
"""Of a body: the file itself may have a quarter, and letters that are not ASCII are escaped."""
ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""What JSON escapes: a pair that is one character, half of such a pair alone, anything else."""

UTF_8 = re.compile(r';\s*charset=("utf-8"|utf-8)\s*(?=;|$)')


class BodyLimit:
    """ASGI middleware: reading more of a body than allowed fails with 413, unfit text with a 4xx.

    FastAPI's own `max_body_size` answers in plain text, around our problem details.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if takes_file(scope["path"]):
            await self.app(scope, _limited_file(scope, receive), send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "0")
        largest = _largest(scope["path"])
        kind = headers.get("content-type", "").lower()
        taken = bytearray()

        async def limited() -> Message:
            if announced.isdigit() and int(announced) > largest:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            message = await receive()
            taken.extend(message.get("body", b""))
            if len(taken) > largest:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            if message["type"] == "http.request" and not message.get("more_body", False):
                _check_text(kind, taken)
            return message

        await self.app(scope, limited, send)


def _largest(path: str) -> int:
    if CONFIGURATIONS.fullmatch(path):
        return LARGEST_CONFIGURATION
    return LARGEST_UPLOAD if UPLOADS.fullmatch(path) else LARGEST_BODY


def takes_file(path: str) -> bool:
    """Say whether a file is sent to a path, which is read piece by piece."""
    return path in FILES or LISTS.fullmatch(path) is not None


def _limited_file(scope: Scope, receive: Receive) -> Receive:
    """Return what receives a file that is not too large; who reads it checks its text."""
    announced, taken = Headers(scope=scope).get("content-length", "0"), 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_FILE or (announced.isdigit() and int(announced) > LARGEST_FILE):
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return limited


def _check_text(kind: str, body: bytearray) -> None:
    """Refuse a body whose text cannot be stored.

    An escape in JSON can name half a character, which nothing can store or encode. Python's JSON
    reader accepts that, and encodings that JSON does not allow. A multipart form may name any
    encoding that Python knows.
    """
    if "multipart/" in kind and "charset" in UTF_8.sub("", kind):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if "json" not in kind:
        return
    if not is_json_text(body):
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    if names_half_a_character(body):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if _is_whole(body) else HTTPStatus.BAD_REQUEST
        raise HTTPException(status)


def is_json_text(body: bytes | bytearray) -> bool:
    """Say whether what JSON is written in is UTF-8, and nothing that only looks like it."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in body


def names_half_a_character(body: bytes | bytearray) -> bool:
    """Say whether an escape in JSON is half of a pair, without its other half."""
    return b"\\u" in body and any(found["lone"] for found in ESCAPES.finditer(body))


def _is_whole(body: bytearray) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
