"""What providers and we said to each other."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep
from api.problems import documented
from api.schemas.exchanges import ExchangeOut
from api.schemas.shared import SlugPath, UuidPath
from api.scopes import needs
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
    text_id: UuidPath, caller: AdminDep, session: SessionDep
) -> list[ExchangeOut]:
    """List what the provider and we said about a message, oldest first, as long as it is kept."""
    found = await exchanges.exchanges_of(caller, session, text_id)
    return [ExchangeOut.model_validate(one) for one in found.exchanges]


@router.get(
    "/connectors/{connector_id}/exchanges",
    tags=["connectors"],
    responses=documented(NotAllowed, NotFound),
)
async def list_connector_exchanges(
    connector_id: SlugPath, caller: AdminDep, session: SessionDep
) -> list[ExchangeOut]:
    """List the latest exchanges that are about no message: checks, and webhooks not understood."""
    found = await exchanges.exchanges_of_connector(caller, session, connector_id)
    return [ExchangeOut.model_validate(one) for one in found]
