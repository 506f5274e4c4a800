"""Skills: queues of work."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.shared import Cursor, Limit, Page, SlugPath, after_id, page_of
from api.schemas.skills import NewSkill, SkillChange, SkillOut
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import skills

router = APIRouter(prefix="/skills", tags=["skills"], dependencies=[needs(Area.settings)])


@router.get("")
async def list_skills(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[SkillOut]:
    """List the account's skills."""
    found = await skills.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, SkillOut.of, lambda one: [one.skill.id])


@router.post("", status_code=201, responses=documented(NotAllowed, NotFound, Conflict))
async def create_skill(
    new: NewSkill, caller: AdminDep, session: SessionDep, once: OnceDep
) -> SkillOut:
    """Create a skill. Add it to agents one by one."""

    async def make() -> SkillOut:
        made = await skills.create(caller, session, new.name, new.settings, skill_id=new.id)
        return SkillOut.of(made)

    return await once.create(session, SkillOut, make)


@router.get("/{skill_id}", responses=documented(NotFound))
async def show_skill(skill_id: SlugPath, caller: CallerDep, session: SessionDep) -> SkillOut:
    """Show a skill, retired or not."""
    return SkillOut.of(await skills.find(caller, session, skill_id))


@router.patch("/{skill_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_skill(
    skill_id: SlugPath, change: SkillChange, caller: AdminDep, session: SessionDep
) -> SkillOut:
    """Change a skill. Open conversations keep the old settings until they are transferred."""
    return SkillOut.of(await skills.change(caller, session, skill_id, change.wanted))


@router.delete("/{skill_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_skill(skill_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a skill. Refused while a line sends texts to it or it has open conversations.

    It is removed from all agents and from the transfer targets of other skills.
    """
    await skills.retire(caller, session, skill_id)
