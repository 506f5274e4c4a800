"""Consumers: who texts, and the opt-out an agent records for them."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.consumers import ConsumerDetail, ConsumerLanguage
from api.schemas.shared import UuidPath
from domain.errors import NotFound
from services import consumers

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
