"""What providers and we said to each other about a message."""

from uuid import UUID

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep
from api.problems import documented
from api.schemas.exchanges import ExchangeOut
from domain.errors import NotAllowed, NotFound
from services.looking import exchanges

router = APIRouter(prefix="/messages", tags=["conversations"])


@router.get("/{message_id}/exchanges", responses=documented(NotAllowed, NotFound))
async def list_exchanges(
    message_id: UUID, caller: AdminDep, session: SessionDep
) -> list[ExchangeOut]:
    """List what the provider and we said about a message, oldest first, as long as it is kept."""
    found = await exchanges.exchanges_of(caller, session, message_id)
    return [ExchangeOut.model_validate(one) for one in found.exchanges]
