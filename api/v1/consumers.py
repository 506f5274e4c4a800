"""Consumers, and their language."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.consumers import ConsumerDetail, ConsumerLanguage
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from services import consumers

router = APIRouter(
    prefix="/consumers/{consumer_id}",
    tags=["consumers"],
    responses=documented(NotFound),
    dependencies=[needs(Area.consumers)],
)


@router.get("")
async def show_consumer(
    consumer_id: UuidPath, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Show a consumer you have a conversation with, and whether they can be texted."""
    return ConsumerDetail.shown(await consumers.find_consumer(caller, session, consumer_id))


@router.put("/language")
async def set_consumer_language(
    consumer_id: UuidPath, wanted: ConsumerLanguage, caller: CallerDep, session: SessionDep
) -> ConsumerDetail:
    """Set a consumer's language, or forget it.

    Open conversations follow at the consumer's next text; a conversation's own route is immediate.
    """
    return ConsumerDetail.shown(
        await consumers.set_language(caller, session, consumer_id, wanted.language)
    )
