"""The account one belongs to."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.problems import documented
from api.schemas.account import AccountChange, AccountOut
from domain.errors import Conflict, NotAllowed, NotFound
from services.configuring import account

router = APIRouter(prefix="/account", tags=["account"])


@router.get("")
async def show_account(caller: CallerDep, session: SessionDep) -> AccountOut:
    """Show one's own account."""
    return AccountOut.model_validate(await account.show(caller, session))


@router.patch("", responses=documented(NotAllowed, NotFound, Conflict))
async def change_account(
    change: AccountChange, caller: AdminDep, session: SessionDep
) -> AccountOut:
    """Change the account's defaults; open conversations keep theirs until they are transferred."""
    return AccountOut.model_validate(await account.change(caller, session, change.wanted))
