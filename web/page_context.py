"""What every page knows: who uses it, their own state, and what its account calls things."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from api.caller import CallerDep
from api.schemas.people import AgentOut
from database.queries.workspace import Names, Ratings
from domain.conversation.inputs import Person
from domain.people.roles import AgentState, Role
from services.caller import Caller
from services.errors import NobodyActs
from services.looking import workspace as looking
from web.words import Words

STATES = Words(
    {
        AgentState.online: "Online",
        AgentState.back_soon: "Back soon",
        AgentState.away: "Away",
        AgentState.offline: "Offline",
    }
)


ROLES = Words({Role.agent: "Agent", Role.manager: "Manager", Role.admin: "Admin"})


@dataclass(frozen=True)
class PageUser:
    """The person who uses a page."""

    caller: Caller
    person: Person


def get_page_user(caller: CallerDep) -> PageUser:
    if caller.person is None:
        raise NobodyActs
    return PageUser(caller, caller.person)


PageUserDep = Annotated[PageUser, Depends(get_page_user)]


@dataclass(frozen=True)
class PageContext:
    """What all parts of a page need: the account's name, its names for things, its time zone.

    `supervises`: the reader is a manager or an admin, who may look up a provider's code.
    `administers`: the reader is an admin, who may read what the provider said.
    """

    names: Names
    zone: str
    account: str
    supervises: bool
    administers: bool


@dataclass(frozen=True)
class OwnStatus:
    """The user's own state, the account's reasons to be away, and the user's latest ratings."""

    agent: AgentOut
    capacity: int
    ratings: Ratings
    reasons: Sequence[str]

    @property
    def supervises(self) -> bool:
        return self.agent.role is not Role.agent

    def may_pick(self, skill_id: str | None) -> bool:
        """Say whether they may take a conversation that waits for this skill."""
        return self.supervises or (self.agent.may_pick and skill_id in self.agent.skills)


async def load_context(session: AsyncSession, caller: Caller) -> PageContext:
    found = await looking.load_names(caller, session)
    return PageContext(
        names=found.names,
        zone=found.account.time_zone,
        account=found.account.name,
        supervises=caller.has(Role.manager),
        administers=caller.has(Role.admin),
    )


async def load_own_status(session: AsyncSession, user: PageUser) -> OwnStatus:
    day = await looking.own_day(user.caller, session)
    return OwnStatus(AgentOut.of(day.agent), day.capacity, day.ratings, day.reasons)


async def latest_event(session: AsyncSession, caller: Caller) -> int:
    """Return the id of the newest event, from which a page follows.

    Read it before anything else: what happens in the meantime is then shown twice, not lost.
    """
    return await looking.latest_event(caller, session)
