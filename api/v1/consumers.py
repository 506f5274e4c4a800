"""Consumers: who texts, and the opt-out an agent records for them."""

from fastapi import APIRouter

from api.app_state import BackendsDep, SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.consumers import ConsumerDetail, ConsumerLanguage
from api.schemas.shared import UuidPath
from domain.errors import NotFound, Unavailable
from services import consumers, opting_out

router = APIRouter(
    prefix="/consumers/{consumer_id}", tags=["consumers"], responses=documented(NotFound)
)


@router.get("")
async def show_consumer(
    consumer_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Show a consumer one has a conversation with, and whether they may be texted."""
    return ConsumerDetail.shown(await consumers.find_consumer(caller, session, consumer_id))


@router.put("/language")
async def set_language(
    consumer_id: UuidPath, wanted: ConsumerLanguage, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Say what a consumer writes, or forget it.

    Open conversations follow with the consumer's next text; their own route changes one at once.
    """
    return ConsumerDetail.shown(
        await consumers.set_language(caller, session, consumer_id, wanted.language)
    )


@router.post("/opt-out", responses=documented(Unavailable))
async def opt_out(
    consumer_id: UuidPath, caller: CallerDep, backends: BackendsDep
) -> ConsumerDetail:
    """Record that a consumer wants no more texts from any line; open conversations close.

    Holds from the answer on. Only the consumer can undo it, by texting START. After a 503 it
    holds too, and the same request finishes what is left.
    """
    return ConsumerDetail.shown(await opting_out.opt_out(caller, backends, consumer_id))
