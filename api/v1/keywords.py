"""The words of STOP, START and HELP: an account's own, and which built-in ones count for it."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.problems import documented
from api.schemas.keywords import KeywordsOut, NewKeywords
from domain.errors import NotAllowed
from services.configuring import keywords

router = APIRouter(prefix="/keywords", tags=["account"])


@router.get("")
async def show_keywords(caller: CallerDep, session: SessionDep) -> KeywordsOut:
    """Show the keywords that count for one's account."""
    return KeywordsOut.of(await keywords.show(caller, session))


@router.put("", responses=documented(NotAllowed))
async def set_keywords(wanted: NewKeywords, caller: AdminDep, session: SessionDep) -> KeywordsOut:
    """Replace the account's own keywords; they count for the next text that arrives."""
    return KeywordsOut.of(await keywords.replace(caller, session, wanted.words))
