"""Blocking consumers."""

from fastapi import APIRouter

from api.app_state import BackendsDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.consumers import Block, ConsumerDetail
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import NotAllowed, NotFound, Unavailable
from domain.people.token_scopes import Area
from services import blocking

router = APIRouter(
    prefix="/consumers/{consumer_id}/block",
    tags=["consumers"],
    responses=documented(NotFound, NotAllowed),
    dependencies=[needs(Area.consumers)],
)


@router.put("", responses=documented(Unavailable))
async def block_consumer(
    consumer_id: UuidPath, wanted: Block, caller: CallerDep, backends: BackendsDep
) -> ConsumerDetail:
    """Block a consumer, apart from what they consent to. Their open conversations close.

    They get no text from then on. What they write is kept in conversations that close at once. Only
    managers and admins block. After a 503 the block applies as well; the same request finishes what
    is left.
    """
    return ConsumerDetail.shown(await blocking.block(caller, backends, consumer_id, wanted.reason))


@router.delete("")
async def unblock_consumer(
    consumer_id: UuidPath, caller: CallerDep, backends: BackendsDep
) -> ConsumerDetail:
    """End the block of a consumer. What they opted out of stays so."""
    return ConsumerDetail.shown(await blocking.unblock(caller, backends, consumer_id))
