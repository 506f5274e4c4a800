"""Closing reasons: what people give when they close a conversation, for all skills or for some."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, closing_reasons
from database.tables import ClosingReason
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import utc_now


@dataclass(frozen=True)
class ReasonWithSkills:
    """A closing reason, and the skills it is for; an empty list: all skills."""

    reason: ClosingReason
    skills: list[str]


@dataclass(frozen=True)
class ClosingReasonChange(Change):
    name: str | Unchanged = UNCHANGED
    skills: Sequence[str] | Unchanged = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> list[ReasonWithSkills]:
    """Return the account's closing reasons, after the id `after`."""
    caller.require(Role.agent)
    rows = await account_rows.listed(
        session, ClosingReason, caller.account_id, after=after, limit=limit, retired=retired
    )
    return await _with_skills(session, rows)


async def find(caller: Caller, session: AsyncSession, reason_id: str) -> ReasonWithSkills:
    """Return a closing reason, retired or not. Raises `NotFound`."""
    caller.require(Role.agent)
    reason = await account_rows.find(session, ClosingReason, caller.account_id, reason_id)
    return (await _with_skills(session, [reason]))[0]


async def create(
    caller: Caller,
    session: AsyncSession,
    name: str,
    skills: Sequence[str] = (),
    *,
    reason_id: str | None = None,
) -> ReasonWithSkills:
    """Create a closing reason. Without skills it is for all; without an id, the name makes one.

    Raises `Invalid` for an unfit name or id and for unknown skills, `NameTaken`, and `Conflict`
    for an id that is taken.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    check_setting("name", name)
    await accounts.take_turn(session, caller.account_id)
    new_id = await account_rows.new_id(session, ClosingReason, caller.account_id, name, reason_id)
    reason = ClosingReason(id=new_id, account_id=caller.account_id, name=name)
    await closing_reasons.check_name_free(session, reason, name)
    session.add(reason)
    await session.flush()
    await closing_reasons.set_skills(session, reason, skills)
    await session.refresh(reason)
    return (await _with_skills(session, [reason]))[0]


async def change(
    caller: Caller, session: AsyncSession, reason_id: str, wanted: ClosingReasonChange
) -> ReasonWithSkills:
    """Change a closing reason; conversations that have it show its new name.

    Raises `NotFound`, `Conflict` for a retired one, `NameTaken`, and `Invalid` for unknown skills.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    await accounts.take_turn(session, caller.account_id)
    reason = await account_rows.find_active(session, ClosingReason, caller.account_id, reason_id)
    if wanted.name is not UNCHANGED:
        await closing_reasons.check_name_free(session, reason, wanted.name)
    wanted.apply(reason, but=["skills"])
    await session.flush()
    if wanted.skills is not UNCHANGED:
        await closing_reasons.set_skills(session, reason, wanted.skills)
    return (await _with_skills(session, [reason]))[0]


async def retire(caller: Caller, session: AsyncSession, reason_id: str) -> None:
    """Retire a closing reason: nobody can give it any more. Conversations keep it.

    Raises `NotFound` and `Conflict`.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    reason = await account_rows.find_active(session, ClosingReason, caller.account_id, reason_id)
    account_rows.retire(reason, utc_now())


async def _with_skills(
    session: AsyncSession, rows: Sequence[ClosingReason]
) -> list[ReasonWithSkills]:
    skills = await closing_reasons.skills_of(session, [row.id for row in rows])
    return [ReasonWithSkills(row, skills[row.id]) for row in rows]
