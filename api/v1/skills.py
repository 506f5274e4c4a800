"""Skills: the queues of work."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.caller import AdminDep, CallerDep
from api.clock import utc_now
from api.idempotent import OnceDep
from api.parts import SessionDep
from api.problems import documented
from api.schemas.brand import NewSkill, SkillChange, SkillOut
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of, sent
from database.queries import accounts, agents, owned
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
    rows = await owned.listed(
        session,
        Skill,
        caller.account_id,
        after=after_id(cursor),
        limit=limit + 1,
        retired=retired,
    )
    return page_of(rows, limit, SkillOut.model_validate, lambda row: [row.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict))
async def create_skill(
    new: NewSkill, caller: AdminDep, session: SessionDep, once: OnceDep
) -> SkillOut:
    """Create a skill; agents are given it one by one."""

    async def make() -> SkillOut:
        skill_id = await owned.new_id(session, Skill, caller.account_id, new.name, new.id)
        values = new.model_dump(exclude={"id"})
        skill = Skill(id=skill_id, account_id=caller.account_id, **values)
        session.add(skill)
        await session.flush()
        return SkillOut.model_validate(skill)

    return await once.create(session, SkillOut, make)


@router.get("/{skill_id}", responses=documented(NotFound))
async def show_skill(skill_id: SlugPath, caller: CallerDep, session: SessionDep) -> SkillOut:
    """Show a skill, retired or not."""
    return SkillOut.model_validate(await owned.find(session, Skill, caller.account_id, skill_id))


@router.patch("/{skill_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_skill(
    skill_id: SlugPath, change: SkillChange, caller: AdminDep, session: SessionDep
) -> SkillOut:
    """Change a skill."""
    skill = await owned.find_active(session, Skill, caller.account_id, skill_id)
    for name, value in sent(change).items():
        setattr(skill, name, value)
    return SkillOut.model_validate(skill)


@router.delete("/{skill_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_skill(skill_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a skill. Refused while it is a line's entry skill or has open conversations.

    Nobody holds it any more.
    """
    skill = await owned.find_active(session, Skill, caller.account_id, skill_id)
    await accounts.check_skill_unused(session, skill)
    await agents.forget_skill(session, skill.id)
    owned.retire(skill, utc_now())
