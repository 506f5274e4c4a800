"""Agents: the people of the account, and what they can do."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import AppStateDep, SessionDep
from api.caller import AdminDep, CallerDep
from api.idempotent import OnceDep
from api.problems import documented
from api.schemas.people import AgentChange, AgentOut, NewAgent, PersonLinkOut
from api.schemas.shared import (
    Cursor,
    Limit,
    Page,
    SlugPath,
    after_id,
    page_of,
)
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services import person_links
from services.configuring import agents

router = APIRouter(prefix="/agents", tags=["agents"], dependencies=[needs(Area.agents)])


@router.get("")
async def list_agents(
    caller: CallerDep,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    retired: Annotated[bool, Query(description="Show retired ones too.")] = False,
) -> Page[AgentOut]:
    """List the account's people with their state and load."""
    found = await agents.listed(
        caller, session, after=after_id(cursor), limit=limit + 1, retired=retired
    )
    return page_of(found, limit, AgentOut.of, lambda one: [one.agent.id])


@router.post("", status_code=201, responses=documented(NotAllowed, Conflict))
async def create_agent(
    new: NewAgent, caller: AdminDep, app: AppStateDep, session: SessionDep, once: OnceDep
) -> AgentOut:
    """Add a person. They start offline."""

    async def make() -> AgentOut:
        return AgentOut.of(await agents.create(caller, session, app.passwords, new.wanted))

    return await once.create(session, AgentOut, make)


@router.get("/{agent_id}", responses=documented(NotFound))
async def show_agent(agent_id: SlugPath, caller: CallerDep, session: SessionDep) -> AgentOut:
    """Show a person, retired or not."""
    return AgentOut.of(await agents.find(caller, session, agent_id))


@router.patch("/{agent_id}", responses=documented(NotAllowed, NotFound, Conflict))
async def change_agent(
    agent_id: SlugPath,
    change: AgentChange,
    caller: AdminDep,
    app: AppStateDep,
    session: SessionDep,
) -> AgentOut:
    """Change a person. A new password ends their log-ins; it or a new address, their link."""
    changed = await agents.change(caller, session, app.passwords, agent_id, change.wanted)
    return AgentOut.of(changed)


@router.post(
    "/{agent_id}/links", status_code=201, responses=documented(NotAllowed, NotFound, Conflict)
)
async def make_link(
    agent_id: SlugPath, caller: AdminDep, app: AppStateDep, session: SessionDep
) -> PersonLinkOut:
    """Make a link with which a person sets their password; the one before serves no longer.

    It is mailed where the installation sends mails.
    """
    made = await person_links.make(caller, session, app.mailing, agent_id)
    return PersonLinkOut(link=made.link, was_mailed=made.was_mailed)


@router.delete("/{agent_id}", status_code=204, responses=documented(NotAllowed, NotFound, Conflict))
async def retire_agent(agent_id: SlugPath, caller: AdminDep, session: SessionDep) -> None:
    """Retire a person: they can no longer log in. Refused while they have conversations."""
    await agents.retire(caller, session, agent_id)
