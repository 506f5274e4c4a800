"""What the person who calls, or for whom a program calls, signs their replies with."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.writing import SignatureChange, SignatureOut
from api.scopes import needs
from domain.errors import Invalid
from domain.people.token_scopes import Area
from services import signing
from services.errors import NobodyActs

router = APIRouter(
    prefix="/me/signature",
    tags=["agents"],
    responses=documented(NobodyActs),
    dependencies=[needs(Area.conversations)],
)


@router.get("")
async def show_signature(caller: CallerDep, session: SessionDep) -> SignatureOut:
    """Show your signature, and whether your composer puts it under replies."""
    return SignatureOut.model_validate(await signing.show(caller, session))


@router.patch("", responses=documented(Invalid))
async def change_signature(
    change: SignatureChange, caller: CallerDep, session: SessionDep
) -> SignatureOut:
    """Change your signature: one line of at most 60 characters.

    Texts by the API have it only where they name it: see `signature` of a reply.
    """
    return SignatureOut.model_validate(await signing.change(caller, session, change.wanted))
