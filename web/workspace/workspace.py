"""What the agents' workspace shows: who one is, the list, one conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from api.caller import CallerDep
from api.clock import utc_now
from api.schemas.consumers import ConsumerDetail
from api.schemas.conversations import ConversationOut
from api.schemas.people import AgentOut
from api.schemas.shared import Page, after_number, page_of, write_cursor
from api.v1 import consumers as consumer_routes
from api.v1.conversations import View, read_place, written_place
from database.queries import (
    account_rows,
    accounts,
    agents,
    away_reasons,
    conversations,
    events,
    workspace,
)
from database.queries.conversations import Filters, Shown, Viewer
from database.queries.workspace import Counts, Names, Ratings
from database.tables import Agent, Line
from domain.conversation.inputs import Person
from domain.conversation.kinds import Status
from domain.conversation.permissions import Rights
from domain.people.roles import AgentState, Role
from services.caller import Caller
from services.errors import NobodyActs
from web.languages import Spoken, spoken
from web.workspace import timeline
from web.workspace.rights import AgentRelation, rights
from web.workspace.timeline import Timeline
from web.workspace.upcoming import Planned, Upcoming, planned, running

LISTED = 100
"""Entries of a part of a list that nobody works through at once."""
EARLIER = 6
RATINGS_SINCE = timedelta(hours=12)


@dataclass(frozen=True)
class Worker:
    """Who works at this page."""

    caller: Caller
    person: Person


def get_worker(caller: CallerDep) -> Worker:
    if caller.person is None:
        raise NobodyActs
    return Worker(caller, caller.person)


WorkerDep = Annotated[Worker, Depends(get_worker)]


@dataclass(frozen=True)
class Setting:
    """What all parts of a page need to be written: the account's words and its clock.

    `supervises`: a manager or an admin reads it, who may look a provider's code up.
    """

    names: Names
    zone: str
    account: str
    supervises: bool


@dataclass(frozen=True)
class Own:
    """The agent's own state, why they may be away, and how consumers rated them of late."""

    agent: AgentOut
    capacity: int
    ratings: Ratings
    reasons: Sequence[str]

    @property
    def supervises(self) -> bool:
        return self.agent.role is not Role.agent

    def may_pick(self, skill_id: str | None) -> bool:
        """Say whether they may take what waits for a skill by hand."""
        return self.supervises or (self.agent.may_pick and skill_id in self.agent.skills)


@dataclass(frozen=True)
class Wait:
    """How a conversation waits: its place, since when, and why nobody has it yet."""

    place: int
    since: datetime
    because: str | None


@dataclass(frozen=True)
class Listing:
    """One of the lists, or a part of it, and how much is in each.

    `part` is from where it is shown, None from its beginning; `next` where the next part begins,
    None at its end.
    """

    view: View
    conversations: Sequence[ConversationOut]
    counts: Counts
    waits: Mapping[UUID, Wait]
    """Of the list of what waits, which is in the order in which it is served."""
    part: str | None = None
    next: str | None = None


@dataclass(frozen=True)
class Opened:
    """A conversation with all that is shown of it."""

    conversation: ConversationOut
    consumer: ConsumerDetail
    rights: Rights
    ahead: Sequence[Upcoming]
    scheduled: Sequence[Planned]
    language: Spoken
    timeline: Timeline
    earlier: Page[ConversationOut]


async def setting(session: AsyncSession, caller: Caller) -> Setting:
    account = await accounts.find(session, caller.account_id)
    return Setting(
        names=await workspace.names(session, account.id),
        zone=account.time_zone,
        account=account.name,
        supervises=caller.has(Role.manager),
    )


async def own(session: AsyncSession, worker: Worker) -> Own:
    account_id, agent_id = worker.caller.account_id, worker.person.agent_id
    row = await account_rows.find(session, Agent, account_id, agent_id)
    account = await accounts.find(session, account_id)
    agent = AgentOut.of((await agents.working(session, [row]))[0])
    capacity = account.default_capacity if agent.capacity is None else agent.capacity
    ratings = await workspace.ratings(session, agent_id, utc_now() - RATINGS_SINCE)
    reasons = await away_reasons.listed(session, account_id)
    return Own(agent=agent, capacity=capacity, ratings=ratings, reasons=reasons)


async def listing(
    session: AsyncSession, worker: Worker, view: View, part: str | None = None
) -> Listing:
    """Return a list, or a part of it: all that somebody holds, the rest a hundred at a time.

    What has waited longest comes first, in the list of all the newest. Raises `Invalid` for a part
    that is none of it.
    """
    match view:
        case View.mine:
            return await _mine(session, worker)
        case View.waiting:
            return await _queue(session, worker, part)
        case View.all:
            return await _all(session, worker, part)


async def _mine(session: AsyncSession, worker: Worker) -> Listing:
    viewer = worker.caller.viewer
    shown = await conversations.held(session, viewer)
    rows = [ConversationOut.of(each) for each in shown]
    return Listing(View.mine, rows, await workspace.counts(session, viewer), waits={})


async def _all(session: AsyncSession, worker: Worker, part: str | None) -> Listing:
    viewer = worker.caller.viewer
    shown = await conversations.listed(
        session, viewer, Filters(), after=read_place(part), limit=LISTED + 1
    )
    page = page_of(shown, LISTED, ConversationOut.of, written_place)
    counts = await workspace.counts(session, viewer)
    return Listing(View.all, page.items, counts, waits={}, part=part, next=page.next)


async def _queue(session: AsyncSession, worker: Worker, part: str | None) -> Listing:
    viewer, skipped = worker.caller.viewer, min(after_number(part) or 0, 2**31 - 1)
    queue = await conversations.queued(session, viewer, skipped=skipped, limit=LISTED + 1)
    waits = {
        one.shown.conversation.id: Wait(place, one.entry.entered_at, one.entry.waits_because)
        for place, one in enumerate(queue[:LISTED], start=skipped + 1)
    }
    return Listing(
        view=View.waiting,
        conversations=[ConversationOut.of(one.shown) for one in queue[:LISTED]],
        counts=await workspace.counts(session, viewer),
        waits=waits,
        part=part,
        next=write_cursor([str(skipped + LISTED)]) if len(queue) > LISTED else None,
    )


async def ringing(session: AsyncSession, worker: Worker) -> list[ConversationOut]:
    """Return what rings at somebody now."""
    shown = await conversations.ringing(session, worker.caller.viewer)
    return [ConversationOut.of(each) for each in shown]


async def opened(
    session: AsyncSession,
    worker: Worker,
    conversation_id: UUID,
    names: Names,
    *,
    entries: int = timeline.ENTRIES,
) -> Opened:
    """Return a conversation one may see. Raises `NotFound`."""
    viewer = worker.caller.viewer
    shown = await conversations.find(session, viewer, conversation_id)
    conversation = ConversationOut.of(shown)
    consumer = await consumer_routes.shown(session, shown.consumer)
    standing = await _standing(session, worker, conversation)
    allowed = rights(worker.person, conversation, consumer, standing)
    texts = planned(conversation, worker.person, names.agents, may_handle=allowed.may_handle)
    return Opened(
        conversation=conversation,
        consumer=consumer,
        rights=allowed,
        ahead=running(conversation, texts, worker.person),
        scheduled=texts,
        language=await spoken(session, worker.caller.account_id, conversation, consumer),
        timeline=await timeline.latest(session, conversation_id, names, limit=entries),
        earlier=await earlier(session, viewer, shown),
    )


async def earlier(
    session: AsyncSession, viewer: Viewer, shown: Shown, before: str | None = None
) -> Page[ConversationOut]:
    """Return a consumer's other closed conversations, the newest first. Raises `Invalid`."""
    of_consumer = Filters(
        consumer_id=shown.consumer.id, statuses=(Status.closed,), but=shown.conversation.id
    )
    place = read_place(before)
    found = await conversations.listed(session, viewer, of_consumer, after=place, limit=EARLIER + 1)
    return page_of(found, EARLIER, ConversationOut.of, written_place)


async def _standing(
    session: AsyncSession, worker: Worker, conversation: ConversationOut
) -> AgentRelation:
    person = worker.person
    if person.supervises:
        joined = await workspace.has_joined(session, conversation.id, person.agent_id)
        return AgentRelation(has_joined=joined, may_pick=True)
    if conversation.status is not Status.waiting:
        return AgentRelation()
    return AgentRelation(may_pick=await agents.may_pick(session, person.agent_id, conversation.id))


async def lines(session: AsyncSession, account_id: str) -> Sequence[Line]:
    """Return the lines on which a conversation can begin."""
    return await account_rows.listed(session, Line, account_id)


async def position(session: AsyncSession, account_id: str) -> int:
    """Return the event to follow from. Read it first: what comes meanwhile is shown again."""
    return await events.latest_id(session, account_id)


STATES = {
    AgentState.online: "Online",
    AgentState.back_soon: "Back soon",
    AgentState.away: "Away",
    AgentState.offline: "Offline",
}
