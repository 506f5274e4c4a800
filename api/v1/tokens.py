"""Tokens for programs: made by admins, shown once."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.people import NewToken, TokenChange, TokenMade, TokenOut
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from security.passwords import TOKEN_PREFIX, digest, new_secret
from services.configuring import tokens

router = APIRouter(
    prefix="/tokens",
    tags=["tokens"],
    responses=documented(NotAllowed),
    dependencies=[needs(Area.tokens)],
)


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict))
async def make_token(
    new: NewToken, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> TokenMade:
    """Make a token for a program. It is shown in this answer and never again."""

    async def make() -> TokenMade:
        secret = new_secret(TOKEN_PREFIX)
        token = await tokens.create(caller, session, new.name, new.role, digest(secret), new.limits)
        return TokenMade(token=secret, **TokenOut.model_validate(token).model_dump())

    return await once.create_secret(session, TokenMade, make, app.secret_box)


@router.get("")
async def list_tokens(
    caller: AdminDep, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> Page[TokenOut]:
    """List the tokens in use."""
    rows = await tokens.listed(caller, session, after=after_id(cursor), limit=limit + 1)
    return page_of(rows, limit, TokenOut.model_validate, lambda row: [row.id])


@router.get("/{token_id}", responses=documented(NotFound))
async def show_token(token_id: SlugPath, caller: AdminDep, session: SessionDep) -> TokenOut:
    """Show a token in use, and when it was used last."""
    return TokenOut.model_validate(await tokens.find(caller, session, token_id))


@router.patch("/{token_id}", responses=documented(NotFound))
async def change_token(
    token_id: SlugPath, change: TokenChange, caller: AdminDep, session: SessionDep
) -> TokenOut:
    """Change what a token is limited to. It applies from the token's next request on."""
    return TokenOut.model_validate(await tokens.change(caller, session, token_id, change.limits))


@router.delete("/{token_id}", status_code=204, responses=documented(NotFound))
async def revoke_token(token_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Revoke a token. It is then refused."""
    await tokens.revoke(caller, session, token_id)
