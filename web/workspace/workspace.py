"""What the agents' workspace shows: who one is, the list, one conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from api.caller import CallerDep
from api.list_cursors import read_position, written_position
from api.schemas.consumers import ConsumerDetail
from api.schemas.conversations import ConversationOut
from api.schemas.people import AgentOut
from api.schemas.shared import Page, after_number, page_of, write_cursor
from database.queries.conversations import Shown
from database.queries.workspace import Counts, Names, Ratings
from database.tables import Line
from domain.conversation.inputs import Person
from domain.conversation.kinds import Status
from domain.conversation.permissions import Rights
from domain.people.roles import AgentState, Role
from services.caller import Caller
from services.consumers import with_consent
from services.errors import NobodyActs
from services.looking import conversations as looking
from services.looking import workspace as around
from services.looking.conversations import View, Wanted
from web.languages import Spoken, spoken
from web.workspace import timeline
from web.workspace.rights import Onlooker, rights
from web.workspace.timeline import Timeline
from web.workspace.upcoming import Planned, Upcoming, planned, running

LISTED = 100
"""Entries of a part of a list that nobody works through at once."""
EARLIER = 6


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
    """How a conversation waits: its queue_position, since when, and why nobody has it yet."""

    queue_position: int
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
    found = await around.account_words(caller, session)
    return Setting(
        names=found.names,
        zone=found.account.time_zone,
        account=found.account.name,
        supervises=caller.has(Role.manager),
    )


async def own(session: AsyncSession, worker: Worker) -> Own:
    day = await around.own_day(worker.caller, session)
    return Own(AgentOut.of(day.agent), day.capacity, day.ratings, day.reasons)


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
    shown = await looking.list_held(worker.caller, session)
    rows = [ConversationOut.of(each) for each in shown]
    counts = await around.count_open(worker.caller, session)
    return Listing(View.mine, rows, counts, waits={})


async def _all(session: AsyncSession, worker: Worker, part: str | None) -> Listing:
    shown = await looking.list_conversations(
        worker.caller, session, Wanted(), after=read_position(part), limit=LISTED + 1
    )
    page = page_of(shown, LISTED, ConversationOut.of, written_position)
    counts = await around.count_open(worker.caller, session)
    return Listing(View.all, page.items, counts, waits={}, part=part, next=page.next)


async def _queue(session: AsyncSession, worker: Worker, part: str | None) -> Listing:
    caller, skipped = worker.caller, min(after_number(part) or 0, looking.FURTHEST)
    wanted = Wanted(View.waiting)
    queue = await looking.list_queue(caller, session, wanted, skipped=skipped, limit=LISTED + 1)
    waits = {
        one.shown.conversation.id: Wait(
            queue_position, one.entry.entered_at, one.entry.waits_because
        )
        for queue_position, one in enumerate(queue[:LISTED], start=skipped + 1)
    }
    return Listing(
        view=View.waiting,
        conversations=[ConversationOut.of(one.shown) for one in queue[:LISTED]],
        counts=await around.count_open(caller, session),
        waits=waits,
        part=part,
        next=write_cursor([str(skipped + LISTED)]) if len(queue) > LISTED else None,
    )


async def ringing(session: AsyncSession, worker: Worker) -> list[ConversationOut]:
    """Return what rings at somebody now."""
    shown = await looking.list_offered(worker.caller, session)
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
    caller = worker.caller
    shown = await looking.find_conversation(caller, session, conversation_id)
    conversation = ConversationOut.of(shown)
    consumer = ConsumerDetail.shown(await with_consent(session, shown.consumer))
    onlooker = await _onlooker(session, worker, conversation)
    allowed = rights(worker.person, conversation, consumer, onlooker)
    texts = planned(conversation, worker.person, names.agents, may_handle=allowed.may_handle)
    return Opened(
        conversation=conversation,
        consumer=consumer,
        rights=allowed,
        ahead=running(conversation, texts, worker.person),
        scheduled=texts,
        language=await spoken(session, caller, shown),
        timeline=await timeline.latest(caller, session, conversation_id, names, limit=entries),
        earlier=await earlier(session, caller, shown),
    )


async def earlier(
    session: AsyncSession, caller: Caller, shown: Shown, before: str | None = None
) -> Page[ConversationOut]:
    """Return a consumer's other closed conversations, the newest first. Raises `Invalid`."""
    found = await looking.list_earlier(
        caller, session, shown, after=read_position(before), limit=EARLIER + 1
    )
    return page_of(found, EARLIER, ConversationOut.of, written_position)


async def _onlooker(
    session: AsyncSession, worker: Worker, conversation: ConversationOut
) -> Onlooker:
    caller = worker.caller
    if worker.person.supervises:
        joined = await around.has_joined(caller, session, conversation.id)
        return Onlooker(has_joined=joined, may_pick=True)
    if conversation.status is not Status.waiting:
        return Onlooker()
    return Onlooker(may_pick=await around.may_pick(caller, session, conversation.id))


async def lines(session: AsyncSession, caller: Caller) -> Sequence[Line]:
    """Return the lines on which a conversation can begin."""
    return await around.list_lines(caller, session)


async def position(session: AsyncSession, caller: Caller) -> int:
    """Return the event to follow from. Read it first: what comes meanwhile is shown again."""
    return await around.latest_event(caller, session)


STATES = {
    AgentState.online: "Online",
    AgentState.back_soon: "Back soon",
    AgentState.away: "Away",
    AgentState.offline: "Offline",
}
