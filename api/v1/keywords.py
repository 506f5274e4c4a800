"""Keywords for STOP, START and HELP: the account's own, and the built-in ones that count."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.problems import documented
from api.schemas.keywords import KeywordsOut, NewKeywords
from api.scopes import needs
from domain.errors import NotAllowed
from domain.people.token_scopes import Area
from services.configuring import keywords

router = APIRouter(prefix="/keywords", tags=["account"], dependencies=[needs(Area.settings)])


@router.get("")
async def show_keywords(caller: CallerDep, session: SessionDep) -> KeywordsOut:
    """Show the keywords that count for the account."""
    return KeywordsOut.of(await keywords.show(caller, session))


@router.put("", responses=documented(NotAllowed))
async def set_keywords(wanted: NewKeywords, caller: AdminDep, session: SessionDep) -> KeywordsOut:
    """Replace the account's own keywords. They count from the next text on."""
    return KeywordsOut.of(await keywords.replace(caller, session, wanted.words))
