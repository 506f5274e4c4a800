"""Skills: their fallback skills, and the skills their conversations may be transferred to."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import (
    Account,
    Agent,
    AgentSkill,
    Bot,
    Line,
    LineKeyword,
    Skill,
    SkillTransferTarget,
    Source,
)
from domain.errors import Invalid


async def check_fallback(session: AsyncSession, skill: Skill, fallback: Skill) -> None:
    """Raise `Invalid` when a chain of fallbacks would lead back to the skill."""
    # Two concurrent changes must not form a loop that neither of them sees.
    await session.execute(
        select(Account.id).where(Account.id == skill.account_id).with_for_update(key_share=True)
    )
    chain = [skill.name, fallback.name]
    at: Skill | None = fallback
    while at is not None and at.id != skill.id:
        at = await session.get(Skill, at.fallback_skill_id) if at.fallback_skill_id else None
        chain += [at.name] if at else []
    if at is not None:
        raise Invalid(f"This fallback is a loop: {' -> '.join(chain)}.")


async def is_loop(session: AsyncSession, skill: Skill, fallback: Skill) -> bool:
    """Say whether a chain of fallbacks would lead back to the skill."""
    try:
        await check_fallback(session, skill, fallback)
    except Invalid:
        return True
    return False


async def targets(session: AsyncSession, skill_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the listed transfer targets of skills."""
    found: dict[str, list[str]] = {skill_id: [] for skill_id in skill_ids}
    table = SkillTransferTarget
    query = select(table).where(table.skill_id.in_(skill_ids)).order_by(table.target_id)
    for row in await session.scalars(query):
        found[row.skill_id].append(row.target_id)
    return found


async def set_targets(session: AsyncSession, skill: Skill, target_ids: Iterable[str]) -> None:
    """List exactly these skills as transfer targets. Raises `Invalid` for unknown ones."""
    wanted = sorted(set(target_ids))
    await check_known(session, skill.account_id, wanted)
    table = SkillTransferTarget
    await session.execute(delete(table).where(table.skill_id == skill.id))
    if wanted:
        rows = [{"skill_id": skill.id, "target_id": target_id} for target_id in wanted]
        await session.execute(insert(table), rows)


async def hand_over(session: AsyncSession, account_id: str, skill_id: str, to: str) -> None:
    """Let all that leads to a skill lead to another one of the account."""
    in_account = select(Line.id).where(Line.account_id == account_id)
    for change in (
        update(Line).where(Line.entry_skill_id == skill_id).values(entry_skill_id=to),
        update(LineKeyword)
        .where(LineKeyword.skill_id == skill_id, LineKeyword.line_id.in_(in_account))
        .values(skill_id=to),
        update(Source).where(Source.skill_id == skill_id).values(skill_id=to),
        update(Account).where(Account.default_skill_id == skill_id).values(default_skill_id=to),
        update(Bot).where(Bot.fallback_skill_id == skill_id).values(fallback_skill_id=to),
    ):
        await session.execute(change)


async def falling_back_to(session: AsyncSession, skill_id: str) -> Sequence[Skill]:
    """Return the skills whose fallback a skill is."""
    query = select(Skill).where(Skill.fallback_skill_id == skill_id, Skill.retired_at.is_(None))
    return (await session.scalars(query)).all()


async def forget_target(session: AsyncSession, skill_id: str) -> None:
    """Remove a skill from every list of transfer targets."""
    table = SkillTransferTarget
    await session.execute(delete(table).where(table.target_id == skill_id))


async def check_known(session: AsyncSession, account_id: str, skill_ids: Collection[str]) -> None:
    """Raise `Invalid` for skills that the account does not have or has retired."""
    known = select(Skill.id).where(
        Skill.account_id == account_id, Skill.id.in_(skill_ids), Skill.retired_at.is_(None)
    )
    unknown = set(skill_ids) - set(await session.scalars(known))
    if unknown:
        raise Invalid(f"There is no skill {', '.join(sorted(unknown))}.")


async def is_held(session: AsyncSession, skill_id: str) -> bool:
    """Say whether any agent has a skill, logged in or not."""
    holds = (
        exists()
        .where(AgentSkill.skill_id == skill_id)
        .where(Agent.id == AgentSkill.agent_id, Agent.retired_at.is_(None))
    )
    return bool(await session.scalar(select(func.coalesce(holds, False))))
