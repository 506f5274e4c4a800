"""The kinds of events that endpoints can get."""

from fastapi import APIRouter

from api.caller import AdminDep
from api.problems import documented
from api.schemas.endpoints import EventTypeOut
from domain.errors import NotAllowed
from services.configuring import endpoints

router = APIRouter(prefix="/event-types", tags=["endpoints"], responses=documented(NotAllowed))


@router.get("")
async def list_event_types(caller: AdminDep) -> list[EventTypeOut]:
    """List the kinds of events that an endpoint can get, each with an example."""
    return [EventTypeOut.of(one) for one in endpoints.event_types(caller)]
