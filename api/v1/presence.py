"""Who looks at a conversation now, and who types in it."""

from fastapi import APIRouter

from api.app_state import AppStateDep, SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.notices import PresenceChange, PresenceOut
from api.schemas.shared import UuidPath
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from services.errors import NobodyActs
from services.looking import presence

router = APIRouter(
    prefix="/conversations/{conversation_id}/presence",
    tags=["conversations"],
    dependencies=[needs(Area.conversations)],
    responses=documented(NotFound),
)


@router.get("")
async def show_presence(
    conversation_id: UuidPath, caller: CallerDep, app: AppStateDep, session: SessionDep
) -> PresenceOut:
    """Show who else looks at a conversation now, and who types in it."""
    people = await presence.show_presence(caller, session, app.told.presences, conversation_id)
    return PresenceOut.of(people)


@router.put("", status_code=204, responses=documented(NobodyActs))
async def set_presence(
    conversation_id: UuidPath, said: PresenceChange, caller: CallerDep, session: SessionDep
) -> None:
    """Say what you do in a conversation: `looks` is believed for 100 s, `types` for 12 s.

    Colleagues who have it open are told. Nothing is stored, and it changes nothing else.
    """
    await presence.set_presence(caller, session, conversation_id, said.doing, said.page)
