"""Tokens of programs: what each may do, when it was used last, and new ones."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.schemas.people import NewToken, TokenChange, TokenOut
from api.schemas.shared import SlugPath
from domain.errors import Invalid
from domain.people.token_scopes import WORDS, TokenScope
from security.passwords import TOKEN_PREFIX, digest, new_secret
from services.configuring import tokens
from web.forms import FormFields, FormFieldsDep, Value, parse
from web.frame import AdminsFrame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, is_part, redirect
from web.words import Words

PATH = "/admin/tokens"
LIMITED = "scopes"
"""The choice of a token with scopes."""
BOTH = "May do: scopes are ticked, so choose “Only what is ticked below”, or untick them."
"""Whoever ticks scopes wants a limit: a token without one would be a surprise."""
LABELS = Words({"name": "Name", "role": "Role", "scopes": "Scopes"})
AREAS = [
    (words, [scope for scope in TokenScope if scope.startswith(f"{area}:")])
    for area, words in WORDS.items()
]
"""What each area is about, and its scopes."""
VOLATILE = ("name", "role", "created_at", "last_used_at")

router = APIRouter(prefix=PATH, route_class=PageRoute)


@router.get("")
async def show_tokens(frame: AdminsFrame) -> HTMLResponse:
    """List the tokens in use, with a form for a new one."""
    return await _listed(frame)


@router.post("")
async def create(request: Request, form: FormFieldsDep, frame: AdminsFrame) -> HTMLResponse:
    """Make a token and show it, this once."""
    values: dict[str, Value] = {name: form.text(name) for name in ("name", "role")}
    new = parse(NewToken, values | {"scopes": _scopes(form)}, LABELS)
    secret = new_secret(TOKEN_PREFIX)
    await tokens.create(frame.caller, frame.session, new.name, new.role, digest(secret), new.limits)
    if is_part(request):
        return frame.pages.answer("admin/token_made.html", secret=secret, name=new.name)
    return await _listed(frame, secret, new.name)


@router.get("/{token_id}")
async def show_token(token_id: SlugPath, frame: AdminsFrame, saved: bool = False) -> HTMLResponse:
    """Show a token to edit."""
    token = await _find(frame, token_id)
    return frame.answer(
        "admin/token.html", token=token, seen=_version(token), areas=AREAS, saved=saved
    )


@router.post("/{token_id}")
async def change(
    request: Request, token_id: SlugPath, form: FormFieldsDep, frame: AdminsFrame
) -> Response:
    """Change what a token is limited to."""

    async def present() -> str:
        return _version(await _find(frame, token_id))

    if told := await overtaken(request, frame, form, present):
        return told
    wanted = parse(TokenChange, {"scopes": _scopes(form)}, LABELS)
    await tokens.change(frame.caller, frame.session, token_id, wanted.limits)
    return redirect(request, f"{PATH}/{token_id}?saved=true")


@router.post("/{token_id}/retire")
async def revoke(request: Request, token_id: SlugPath, frame: AdminsFrame) -> Response:
    """Revoke a token."""
    await tokens.revoke(frame.caller, frame.session, token_id)
    return redirect(request, PATH)


async def _listed(frame: AdminsFrame, secret: str = "", name: str = "") -> HTMLResponse:
    rows = await tokens.listed(frame.caller, frame.session)
    shown = [TokenOut.model_validate(row) for row in rows]
    return frame.answer("admin/tokens.html", tokens=shown, areas=AREAS, secret=secret, name=name)


async def _find(frame: AdminsFrame, token_id: str) -> TokenOut:
    return TokenOut.model_validate(await tokens.find(frame.caller, frame.session, token_id))


def _version(token: TokenOut) -> str:
    return version_of(token, VOLATILE)


def _scopes(form: FormFields) -> list[str] | None:
    """Return the ticked scopes, None for all rights. Raises `Invalid` if both are wanted."""
    ticked = form.every("scopes")
    if form.text("limit") == LIMITED:
        return ticked
    if ticked:
        raise Invalid(BOTH)
    return None
