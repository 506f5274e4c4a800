"""Skills: the queues of work."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.clock import utc_now
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of, sent
from api.schemas.skills import NewSkill, SkillChange, SkillOut
from database.queries import account_rows, accounts, agents, skills
from database.tables import Skill
from domain.errors import Conflict, NotAllowed, NotFound

router = APIRouter(prefix="/skills", tags=["skills"])


@router.get("")
async def list_skills(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[SkillOut]:
    """List the account's skills."""
    rows = await account_rows.listed(
        session,
        Skill,
        caller.account_id,
        after=after_id(cursor),
        limit=limit + 1,
        retired=retired,
    )
    targets = await skills.targets(session, [row.id for row in rows])
    return page_of(rows, limit, lambda row: SkillOut.of(row, targets[row.id]), lambda row: [row.id])


@router.post("", status_code=201, responses=documented(NotAllowed, NotFound, Conflict))
async def create_skill(
    new: NewSkill, caller: AdminDep, session: SessionDep, once: OnceDep
) -> SkillOut:
    """Create a skill; agents are given it one by one."""

    async def make() -> SkillOut:
        skill_id = await account_rows.new_id(session, Skill, caller.account_id, new.name, new.id)
        values = new.model_dump(exclude={"id"})
        skill = Skill(id=skill_id, account_id=caller.account_id, name=new.name)
        session.add(skill)
        return await _changed(session, skill, values)

    return await once.create(session, SkillOut, make)


@router.get("/{skill_id}", responses=documented(NotFound))
async def show_skill(skill_id: SlugPath, caller: CallerDep, session: SessionDep) -> SkillOut:
    """Show a skill, retired or not."""
    skill = await account_rows.find(session, Skill, caller.account_id, skill_id)
    return SkillOut.of(skill, (await skills.targets(session, [skill.id]))[skill.id])


@router.patch("/{skill_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_skill(
    skill_id: SlugPath, change: SkillChange, caller: AdminDep, session: SessionDep
) -> SkillOut:
    """Change a skill; open conversations keep what they know until they are transferred."""
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    return await _changed(session, skill, sent(change))


@router.delete("/{skill_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_skill(skill_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a skill. Refused while texts still come to it or it has open conversations.

    Nobody holds it any more, and no skill lists it as a transfer target.
    """
    skill = await account_rows.find_active(session, Skill, caller.account_id, skill_id)
    await accounts.check_skill_unused(session, skill)
    await agents.forget_skill(session, skill.id)
    await skills.forget_target(session, skill.id)
    account_rows.retire(skill, utc_now())


async def _changed(session: SessionDep, skill: Skill, values: dict[str, Any]) -> SkillOut:
    fallback_id = values.pop("fallback_skill", skill.fallback_skill_id)
    target_ids = values.pop("transfer_skills", None)
    for name, value in values.items():
        setattr(skill, name, value)
    await session.flush()
    if fallback_id != skill.fallback_skill_id:
        await _set_fallback(session, skill, fallback_id)
    if target_ids is not None:
        await skills.set_targets(session, skill, target_ids)
    await agents.work_changed(session, skill.account_id)
    await session.refresh(skill)
    return SkillOut.of(skill, (await skills.targets(session, [skill.id]))[skill.id])


async def _set_fallback(session: SessionDep, skill: Skill, fallback_id: str | None) -> None:
    if fallback_id is not None:
        fallback = await account_rows.find_active(session, Skill, skill.account_id, fallback_id)
        await skills.check_fallback(session, skill, fallback)
    skill.fallback_skill_id = fallback_id
    await session.flush()
