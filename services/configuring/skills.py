"""Skills: queues of work, and the settings of their conversations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, accounts, agents, bots, skills
from database.tables import Bot, Skill
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.allowed import check_setting
from domain.settings.kinds import TransferTargets
from services.caller import Caller
from services.changes import UNCHANGED, Change, Unchanged
from services.clock import utc_now
from services.configuring import retention


@dataclass(frozen=True)
class SkillWithTargets:
    """A skill, and the skills its conversations may be transferred to where they are listed.

    `bot_id`: the bot that serves it, if any.
    """

    skill: Skill
    targets: list[str]
    bot_id: str | None = None


@dataclass(frozen=True)
class SkillChange(Change):
    """Times in seconds, priority in minutes."""

    name: str | Unchanged = UNCHANGED
    priority: int | Unchanged = UNCHANGED
    auto_close_seconds: int | Unchanged | None = UNCHANGED
    fallback_skill: str | Unchanged | None = UNCHANGED
    transfer_targets: TransferTargets | Unchanged = UNCHANGED
    transfer_skills: Sequence[str] | Unchanged = UNCHANGED
    idle_after_seconds: int | Unchanged = UNCHANGED
    idle_weight: float | Unchanged = UNCHANGED
    response_seconds: int | Unchanged | None = UNCHANGED
    first_response_seconds: int | Unchanged | None = UNCHANGED
    thanks_shown_seconds: int | Unchanged | None = UNCHANGED
    thanks_need_answer: bool | Unchanged | None = UNCHANGED
    automatic_replies_seconds: int | Unchanged | None = UNCHANGED
    survey_after_auto_close: bool | Unchanged = UNCHANGED
    needs_closing_reason: bool | Unchanged = UNCHANGED
    may_skip_rating: bool | Unchanged = UNCHANGED
    retention_days: int | Unchanged | None = UNCHANGED
    bot: str | Unchanged | None = UNCHANGED


async def listed(
    caller: Caller,
    session: AsyncSession,
    *,
    after: str | None = None,
    limit: int | None = None,
    retired: bool = False,
) -> list[SkillWithTargets]:
    """Return the account's skills, after the id `after`."""
    caller.require(Role.agent)
    rows = await account_rows.listed(
        session, Skill, caller.account_id, after=after, limit=limit, retired=retired
    )
    return await _with_targets(session, rows)


async def find(caller: Caller, session: AsyncSession, skill_id: str) -> SkillWithTargets:
    """Return a skill, retired or not. Raises `NotFound`."""
    caller.require(Role.agent)
    skill = await account_rows.find(session, Skill, caller.account_id, skill_id)
    return (await _with_targets(session, [skill]))[0]


async def create(
    caller: Caller,
    session: AsyncSession,
    name: str,
    settings: SkillChange,
    *,
    skill_id: str | None = None,
) -> SkillWithTargets:
    """Create a skill. Without an id, the name makes one. Add it to agents one by one.

    Raises what `change` raises, and `Invalid`, `Conflict` for an unfit or taken id.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    check_setting("name", name)
    new_id = await account_rows.new_id(session, Skill, caller.account_id, name, skill_id)
    skill = Skill(id=new_id, account_id=caller.account_id, name=name)
    session.add(skill)
    return await _changed(session, skill, settings)


async def change(
    caller: Caller, session: AsyncSession, skill_id: str, wanted: SkillChange
) -> SkillWithTargets:
    """Change a skill. Open conversations keep the old settings until they are transferred.

    Raises `NotFound`, `Conflict` for a skill or a fallback that does not exist or is retired;
    `Invalid` for fallbacks in a loop and unknown targets.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    retention.check_may(caller, skill.retention_days, wanted.retention_days)
    return await _changed(session, skill, wanted)


async def hand_over(caller: Caller, session: AsyncSession, skill_id: str, to: str) -> None:
    """Let lines, keywords, sources, bots, fallbacks and the default lead to another skill instead.

    Raises `NotFound`, `Invalid` for the same skill, and `Conflict` for a retired one.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    other = await account_rows.find_active(session, Skill, caller.account_id, to)
    if skill.id == other.id:
        raise Invalid("Choose another skill.")
    await skills.hand_over(session, caller.account_id, skill.id, other.id)
    for one in await skills.falling_back_to(session, skill.id):
        one.fallback_skill_id = None
        await session.flush()
        if one.id != other.id and not await skills.is_loop(session, one, other):
            one.fallback_skill_id = other.id


async def retire(caller: Caller, session: AsyncSession, skill_id: str) -> None:
    """Retire a skill: it is removed from all agents and from the targets of other skills.

    Raises `NotFound`, and `Conflict` while a line sends texts to it or it has open conversations.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    await accounts.check_skill_unused(session, skill)
    await agents.forget_skill(session, skill.id)
    await skills.forget_target(session, skill.id)
    account_rows.retire(skill, utc_now())


async def _changed(session: AsyncSession, skill: Skill, wanted: SkillChange) -> SkillWithTargets:
    wanted.apply(skill, but=["fallback_skill", "transfer_skills", "bot"])
    await session.flush()
    if wanted.fallback_skill not in (UNCHANGED, skill.fallback_skill_id):
        await _set_fallback(session, skill, wanted.fallback_skill)
    if wanted.transfer_skills is not UNCHANGED:
        await skills.set_targets(session, skill, wanted.transfer_skills)
    if wanted.bot is not UNCHANGED:
        await _set_bot(session, skill, wanted.bot)
    await agents.work_changed(session, skill.account_id)
    await session.refresh(skill)
    return (await _with_targets(session, [skill]))[0]


async def _set_fallback(session: AsyncSession, skill: Skill, fallback_id: str | None) -> None:
    if fallback_id is not None:
        fallback = await account_rows.find_active(session, Skill, skill.account_id, fallback_id)
        await skills.check_fallback(session, skill, fallback)
    skill.fallback_skill_id = fallback_id
    await session.flush()


async def _set_bot(session: AsyncSession, skill: Skill, bot_id: str | None) -> None:
    """Have a bot serve a skill, or people. Raises `NotFound`, and `Conflict` for a deleted bot."""
    if bot_id is not None:
        await account_rows.find_active(session, Bot, skill.account_id, bot_id)
    await bots.serve(session, skill, bot_id)


async def _with_targets(session: AsyncSession, rows: Collection[Skill]) -> list[SkillWithTargets]:
    ids = [row.id for row in rows]
    targets, served = await skills.targets(session, ids), await bots.bots_of(session, ids)
    return [SkillWithTargets(row, targets[row.id], served.get(row.id)) for row in rows]
