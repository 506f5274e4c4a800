"""Labels: the words by which an account's people sort conversations."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, labels
from database.tables import Label
from domain.errors import Conflict
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.settings.kinds import LabelColour
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import utc_now

MOST = 200
"""Labels an account can use. Ours: nobody chooses from more."""


@dataclass(frozen=True)
class LabelChange(Change):
    name: str | Unchanged = UNCHANGED
    colour: LabelColour | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> Sequence[Label]:
    """Return the account's labels, after the id `after`."""
    caller.require(Role.agent)
    return await account_rows.listed(
        session, Label, caller.account_id, after=after, limit=limit, retired=retired
    )


async def find(caller: Caller, session: AsyncSession, label_id: str) -> Label:
    """Return a label, retired or not. Raises `NotFound`."""
    caller.require(Role.agent)
    return await account_rows.find(session, Label, caller.account_id, label_id)


async def create(
    caller: Caller,
    session: AsyncSession,
    name: str,
    colour: LabelColour,
    *,
    label_id: str | None = None,
) -> Label:
    """Create a label. Without an id, the name makes one.

    Raises `Invalid` for an unfit name or id, `NameTaken`, and `Conflict` for an id that is taken
    and where the account has as many labels as it can have.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    check_setting("name", name)
    await accounts.take_turn(session, caller.account_id)
    if await labels.count_used(session, caller.account_id) >= MOST:
        raise Conflict(f"There are {MOST} labels already. Retire one first.")
    new_id = await account_rows.new_id(session, Label, caller.account_id, name, label_id)
    label = Label(id=new_id, account_id=caller.account_id, name=name, colour=str(colour))
    await labels.check_name_free(session, label, name)
    session.add(label)
    await session.flush()
    await session.refresh(label)
    return label


async def change(
    caller: Caller, session: AsyncSession, label_id: str, wanted: LabelChange
) -> Label:
    """Change a label, everywhere it stands. Raises `NotFound`, `Conflict`, `NameTaken`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    await accounts.take_turn(session, caller.account_id)
    label = await account_rows.find_active(session, Label, caller.account_id, label_id)
    if wanted.name is not UNCHANGED:
        await labels.check_name_free(session, label, wanted.name)
    wanted.apply(label)
    await session.flush()
    return label


async def retire(caller: Caller, session: AsyncSession, label_id: str) -> None:
    """Retire a label: nobody can add it any more. Conversations keep it.

    Raises `NotFound` and `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    label = await account_rows.find_active(session, Label, caller.account_id, label_id)
    account_rows.retire(label, utc_now())
