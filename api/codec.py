"""The codec endpoint: operators' browsers and command lines read conversations through it.

The Temporal UI calls it from its own origin with a cookie: of an operator, who reads all accounts,
or of an account's admin, who reads their own. In development no log-in is asked for, from that
origin only.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api import scopes
from api.app_state import AppState, AppStateDep
from api.caller import bearer, check_same_site, cookie, identify, origin
from api.problems import documented
from api.scopes import needs
from database.queries import operators
from domain.errors import Invalid, NotAllowed, NotAuthenticated
from domain.ids import SLUG
from domain.people.roles import Role
from domain.people.token_scopes import Area
from services.operating.operator import proven
from temporal import codec_json
from temporal.codec import OF_LINE, OF_OPERATOR, of_account

PREFIX = "/codec/"

OPERATOR_COOKIE = "switchboard_operator"


@dataclass(frozen=True)
class Reader:
    """Who reads and writes payloads. `account_id`: their only account, None for operators."""

    account_id: str | None

    @property
    def scope(self) -> str:
        """The scope of the payloads they write."""
        return OF_OPERATOR if self.account_id is None else of_account(self.account_id)


OPERATOR = Reader(None)


async def get_reader(
    request: Request,
    app: AppStateDep,
    presented: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    in_cookie: Annotated[str | None, Security(cookie)],
) -> Reader:
    """Let operators and admins in. Raises `NotAuthenticated`, `NotAllowed`, `CrossSite`."""
    ui = origin(app.settings.temporal.temporal_ui_url)
    if app.settings.is_development and request.headers.get("Origin") == ui:
        return OPERATOR
    of_operator = presented.credentials if presented else request.cookies.get(OPERATOR_COOKIE)
    if of_operator and await is_operator(app, of_operator):
        reader = OPERATOR
    else:
        caller = await identify(app, presented, in_cookie, x_agent=None)
        caller.require(Role.admin)
        scopes.check(request, caller)
        reader = Reader(caller.account_id)
    if not presented:
        check_same_site(request, app, ui)
    return reader


async def is_operator(app: AppState, token: str) -> bool:
    """Say whether this is an operator's token."""
    try:
        await proven(app.sessions, token)
    except NotAuthenticated:
        return False
    return True


ReaderDep = Annotated[Reader, Depends(get_reader)]

router = APIRouter(
    prefix="/codec",
    tags=["codec"],
    responses=documented(NotAuthenticated, NotAllowed, Invalid),
    dependencies=[needs(Area.conversations)],
)


@router.post("/decode", dependencies=[needs(Area.conversations, "read")])
async def decode_payloads(request: Request, app: AppStateDep, reader: ReaderDep) -> Response:
    """Decrypt Temporal's payloads: protobuf's JSON of `Payloads`, in and out.

    Operators can read all of them, admins those of their own account's conversations.
    """
    sent = await _sent(request)
    await _check_scopes(app, reader, sent.scopes)
    try:
        body = await codec_json.decode(app.codec, sent)
    except codec_json.NotPayloads as error:
        raise _not_payloads() from error
    return Response(body, media_type="application/json")


@router.post("/encode")
async def encode_payloads(request: Request, app: AppStateDep, reader: ReaderDep) -> Response:
    """Encrypt payloads that operators and admins send from the Temporal UI.

    Only conversations of their own account can read what admins encrypt.
    """
    codec = app.codec.bound_to(reader.scope)
    body = await codec_json.encode(codec, await _sent(request))
    return Response(body, media_type="application/json")


async def _sent(request: Request) -> codec_json.CodecRequest:
    body = await request.body()
    try:
        return codec_json.read(body)
    except codec_json.NotPayloads as error:
        raise _not_payloads() from error


def _not_payloads() -> Invalid:
    return Invalid("The body must be our own payloads in protobuf's JSON.")


async def _check_scopes(app: AppState, reader: Reader, scopes: set[str]) -> None:
    """Raise `NotAllowed` for an admin with payloads of another account."""
    if reader.account_id is None:
        return
    lines = {one.removeprefix(OF_LINE) for one in scopes if one.startswith(OF_LINE)}
    others = {one for one in scopes if not one.startswith(OF_LINE)} - {reader.scope}
    others |= {line for line in lines if not SLUG.fullmatch(line)}
    async with app.sessions.begin() as session:
        if others or not await operators.owns_lines(session, reader.account_id, lines):
            raise NotAllowed("These do not belong to your account. Operators can read them.")


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
