"""Closing reasons: their skills, and which of them a conversation can be closed with."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.queries.skills import check_known
from database.tables import ClosingReason, ClosingReasonSkill, Conversation
from domain.errors import NameTaken


async def check_name_free(session: AsyncSession, reason: ClosingReason, name: str) -> None:
    """Raise `NameTaken` where another reason in use has this name, in small or capital letters."""
    query = select(ClosingReason.name).where(
        ClosingReason.account_id == reason.account_id,
        ClosingReason.id != reason.id,
        ClosingReason.retired_at.is_(None),
        func.lower(ClosingReason.name) == name.lower(),
    )
    if (taken := await session.scalar(query)) is not None:
        raise NameTaken(f"There is already a closing reason {taken}.")


async def skills_of(session: AsyncSession, reason_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the skills that reasons are for; an empty list: all skills."""
    found: dict[str, list[str]] = {reason_id: [] for reason_id in reason_ids}
    table = ClosingReasonSkill
    query = select(table).where(table.closing_reason_id.in_(reason_ids)).order_by(table.skill_id)
    for row in await session.scalars(query):
        found[row.closing_reason_id].append(row.skill_id)
    return found


async def set_skills(
    session: AsyncSession, reason: ClosingReason, skill_ids: Iterable[str]
) -> None:
    """Make a reason one of these skills, or with none of all. Raises `Invalid` for unknown ones."""
    wanted = sorted(set(skill_ids))
    await check_known(session, reason.account_id, wanted)
    table = ClosingReasonSkill
    await session.execute(delete(table).where(table.closing_reason_id == reason.id))
    if wanted:
        rows = [{"closing_reason_id": reason.id, "skill_id": one} for one in wanted]
        await session.execute(insert(table), rows)


def _is_for(skill_id: str | None) -> ColumnElement[bool]:
    """Return the condition on `ClosingReason` that it is for a skill's conversations."""
    table = ClosingReasonSkill
    its = exists().where(table.closing_reason_id == ClosingReason.id)
    return ~its | its.where(table.skill_id == skill_id)


async def names_for(session: AsyncSession, account_id: str, skill_id: str | None) -> dict[str, str]:
    """Return the names of the reasons in use for a skill's conversations, by their ids."""
    query = select(ClosingReason.id, ClosingReason.name).where(
        ClosingReason.account_id == account_id,
        ClosingReason.retired_at.is_(None),
        _is_for(skill_id),
    )
    rows = await session.execute(query.order_by(func.lower(ClosingReason.name)))
    return {row.id: row.name for row in rows}


async def known(session: AsyncSession, account_id: str, reason_id: str) -> ClosingReason | None:
    """Return a reason of an account, retired or not; None: there is none with this id."""
    query = select(ClosingReason).where(
        ClosingReason.account_id == account_id, ClosingReason.id == reason_id
    )
    return (await session.scalars(query)).one_or_none()


async def give(session: AsyncSession, conversation_id: UUID, reason_id: str) -> None:
    """Give a closed conversation a reason, whatever it had. Its workflow does not change it."""
    row = update(Conversation).where(Conversation.id == conversation_id)
    await session.execute(row.values(closing_reason_id=reason_id))
