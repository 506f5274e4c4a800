"""The account one belongs to."""

from fastapi import APIRouter

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.problems import documented
from api.schemas.account import AccountChange, AccountOut
from api.schemas.shared import sent
from database.queries import account_rows, accounts, agents
from database.tables import Skill
from domain.errors import Conflict, NotAllowed, NotFound

router = APIRouter(prefix="/account", tags=["account"])


@router.get("")
async def show_account(caller: CallerDep, session: SessionDep) -> AccountOut:
    """Show one's own account."""
    return AccountOut.model_validate(await accounts.find(session, caller.account_id))


@router.patch("", responses=documented(NotAllowed, NotFound, Conflict))
async def change_account(
    change: AccountChange, caller: AdminDep, session: SessionDep
) -> AccountOut:
    """Change the account's defaults; open conversations keep theirs until they are transferred."""
    account = await accounts.find(session, caller.account_id)
    values = sent(change)
    if "default_skill" in values:
        wanted = values.pop("default_skill")
        account.default_skill_id = (
            wanted and (await account_rows.find_active(session, Skill, account.id, wanted)).id
        )
    for name, value in values.items():
        setattr(account, name, value)
    await session.flush()
    await agents.work_changed(session, account.id)
    return AccountOut.model_validate(account)
