"""The caller's account."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.problems import documented
from api.schemas.account import AccountChange, AccountOut
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import account

router = APIRouter(prefix="/account", tags=["account"], dependencies=[needs(Area.settings)])


@router.get("")
async def show_account(caller: CallerDep, session: SessionDep) -> AccountOut:
    """Show your own account."""
    return AccountOut.model_validate(await account.show(caller, session))


@router.patch("", responses=documented(NotAllowed, NotFound, Conflict))
async def change_account(
    change: AccountChange, caller: AdminDep, session: SessionDep
) -> AccountOut:
    """Change the account's defaults. Open conversations keep the old ones until a transfer."""
    return AccountOut.model_validate(await account.change(caller, session, change.wanted))
