"""What providers and we said to each other."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep
from api.list_cursors import read_moment_and_id
from api.problems import documented
from api.schemas.exchanges import ExchangeOut
from api.schemas.shared import Cursor, Limit, Page, SlugPath, UuidPath, page_of
from api.scopes import needs
from database.tables import Exchange
from domain.errors import NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.looking import exchanges

router = APIRouter(dependencies=[needs(Area.connectors)])


@router.get(
    "/messages/{text_id}/exchanges",
    tags=["conversations"],
    responses=documented(NotAllowed, NotFound),
)
async def list_exchanges(
    text_id: UuidPath,
    caller: AdminDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[ExchangeOut]:
    """List what the provider and we said about a message, oldest first, as long as it is kept."""
    found = await exchanges.exchanges_of(
        caller, session, text_id, after=read_moment_and_id(cursor), limit=limit + 1
    )
    return page_of(found.exchanges, limit, ExchangeOut.model_validate, _position)


@router.get(
    "/connectors/{connector_id}/exchanges",
    tags=["connectors"],
    responses=documented(NotAllowed, NotFound),
)
async def list_connector_exchanges(
    connector_id: SlugPath,
    caller: AdminDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[ExchangeOut]:
    """List the exchanges that are about no message, the newest first: checks, and webhooks that
    were not understood.
    """
    found = await exchanges.exchanges_of_connector(
        caller, session, connector_id, before=read_moment_and_id(cursor), limit=limit + 1
    )
    return page_of(found, limit, ExchangeOut.model_validate, _position)


def _position(row: Exchange) -> list[str]:
    return [row.at.isoformat(), str(row.id)]
