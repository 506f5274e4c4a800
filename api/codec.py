"""The codec endpoint: operators' browsers and command lines read conversations through it.

The Temporal UI calls it from its own origin with the operator's log-in cookie. In development
no log-in is asked for, from that origin only.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.caller import bearer, check_same_site, cookie, identify, origin
from api.parts import Parts, PartsDep
from api.problems import documented
from domain.errors import Invalid, NotAllowed, NotAuthenticated
from domain.words import Role
from workflows import codec_json
from workflows.codec import EncryptionCodec

PREFIX = "/codec/"

Translate = Callable[[EncryptionCodec, bytes], Awaitable[str]]


async def check_operator(
    request: Request,
    parts: PartsDep,
    presented: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    in_cookie: Annotated[str | None, Security(cookie)],
) -> None:
    """Let admins in. Raises `NotAuthenticated`, `NotAllowed`, `CrossSite`."""
    ui = origin(parts.settings.temporal.temporal_ui_url)
    if parts.settings.is_development and request.headers.get("Origin") == ui:
        return
    caller = await identify(parts, presented, in_cookie, x_agent=None)
    if not caller.has(Role.admin):
        raise NotAllowed
    if not presented:
        check_same_site(request, parts, ui)


router = APIRouter(
    prefix="/codec",
    tags=["codec"],
    dependencies=[Depends(check_operator)],
    responses=documented(NotAuthenticated, NotAllowed, Invalid),
)


@router.post("/decode")
async def decode(request: Request, parts: PartsDep) -> Response:
    """Return Temporal's payloads in the clear: protobuf's JSON of `Payloads`, in and out."""
    return await _translated(request, parts, codec_json.decode)


@router.post("/encode")
async def encode(request: Request, parts: PartsDep) -> Response:
    """Return payloads encrypted, for what operators send from the Temporal UI."""
    return await _translated(request, parts, codec_json.encode)


async def _translated(request: Request, parts: Parts, translate: Translate) -> Response:
    sent = await request.body()
    try:
        body = await translate(parts.codec, sent)
    except codec_json.NotPayloads as error:
        raise Invalid("The body is not payloads in protobuf's JSON.") from error
    return Response(body, media_type="application/json")


class CodecCors:
    """ASGI middleware: other origins may reach the codec endpoint, and nothing else."""

    def __init__(self, app: ASGIApp, ui_origin: str) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=[ui_origin],
            allow_credentials=True,
            allow_methods=["POST"],
            allow_headers=["content-type", "x-namespace", "authorization"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_codec = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        await (self._open if is_codec else self._app)(scope, receive, send)
