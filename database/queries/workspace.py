"""Reads what the workspace shows beside lists and transcripts: names, counts, ratings, timeline."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.visibility import Viewer, visible
from database.tables import Agent, Conversation, Event, Line, Message, QueueEntry, Skill, Survey
from domain.conversation.kinds import EventKind, Status
from domain.survey.scales import Scale, csat_percent


@dataclass(frozen=True)
class Names:
    """The names of an account's lines, skills and agents by id, retired ones included."""

    lines: Mapping[str, str]
    skills: Mapping[str, str]
    agents: Mapping[str, str]
    scales: Mapping[str, Scale]
    """The account's own survey scales by name."""

    @property
    def said(self) -> set[str]:
        """Return all names that a sentence may contain."""
        return {*self.lines.values(), *self.skills.values(), *self.agents.values()}


@dataclass(frozen=True)
class WorkCounts:
    """Counts of a viewer's own conversations, the unanswered ones of them, those they have snoozed,
    and the waiting ones.
    """

    mine: int
    unanswered: int
    waiting: int
    snoozed: int = 0


@dataclass(frozen=True)
class Ratings:
    """The number of survey ratings, and of those that count as satisfied on their scale."""

    answers: int
    satisfied: int

    @property
    def percent(self) -> int | None:
        """The CSAT score, 0 to 100; None without answers."""
        return csat_percent(self.satisfied, self.answers)


async def names(session: AsyncSession, account_id: str) -> Names:
    """Return the names of everything that an account's pages mention."""

    async def of(table: type[Line] | type[Skill] | type[Agent]) -> Mapping[str, str]:
        query = select(table.id, table.name).where(table.account_id == account_id)
        rows = await session.execute(query.order_by(table.name))
        return {row.id: row.name for row in rows}

    return Names(
        lines=await of(Line),
        skills=await of(Skill),
        agents=await of(Agent),
        scales=await _own_scales(session, account_id),
    )


async def _own_scales(session: AsyncSession, account_id: str) -> Mapping[str, Scale]:
    query = select(Survey.definition["scale"]).where(
        Survey.account_id == account_id,
        func.jsonb_typeof(Survey.definition["scale"]) == "object",
    )
    scales = [Scale.model_validate(scale) for scale in await session.scalars(query)]
    return {scale.name: scale for scale in scales}


async def survey_since(session: AsyncSession, conversation_id: UUID) -> datetime | None:
    """Return since when a consumer's texts belong to the survey; None: it has not asked."""
    query = select(Conversation.closed_at).where(
        Conversation.id == conversation_id, Conversation.survey_asked_at.is_not(None)
    )
    return await session.scalar(query)


async def counts(session: AsyncSession, viewer: Viewer) -> WorkCounts:
    """Count the open conversations a viewer works with."""
    mine = (Conversation.status == str(Status.assigned)) & (
        Conversation.agent_id == viewer.agent_id
    )
    awake = mine & Conversation.snoozed_at.is_(None)
    waits = (Conversation.status == str(Status.waiting)) & Conversation.bot_id.is_(None)
    query = select(
        func.count().filter(awake).label("mine"),
        func.count().filter(awake & Conversation.waiting_since.is_not(None)).label("unanswered"),
        func.count().filter(mine & Conversation.snoozed_at.is_not(None)).label("snoozed"),
        func.count().filter(waits).label("waiting"),
    ).where(visible(viewer), Conversation.status.in_((str(Status.waiting), str(Status.assigned))))
    row = (await session.execute(query)).one()
    return WorkCounts(row.mine, row.unanswered, row.waiting, row.snoozed)


async def has_joined(session: AsyncSession, conversation_id: UUID, agent_id: str) -> bool:
    """Say whether a manager has joined: they came in and neither left nor took over."""
    kinds = (EventKind.manager_joined, EventKind.manager_left, EventKind.conversation_assigned)
    query = select(Event.kind).where(
        Event.conversation_id == conversation_id,
        Event.agent_id == agent_id,
        Event.kind.in_([str(kind) for kind in kinds]),
    )
    last = await session.scalar(query.order_by(Event.id.desc()).limit(1))
    return last == EventKind.manager_joined


async def ratings(session: AsyncSession, agents: Collection[str], since: datetime) -> Ratings:
    """Return the ratings that agents got since a moment."""
    score = Conversation.survey_score
    query = select(
        func.count(score).label("answers"),
        func.count().filter(Conversation.survey_satisfied.is_(True)).label("satisfied"),
    ).where(
        Conversation.survey_agent_id.in_(agents),
        Conversation.survey_answered_at >= since,
        score.is_not(None),
    )
    row = (await session.execute(query)).one()
    return Ratings(row.answers, row.satisfied)


async def latest_events(
    session: AsyncSession, conversation_id: UUID, *, before: int | None, limit: int
) -> Sequence[Event]:
    """Return a conversation's latest events, oldest first, without changes of its messages."""
    query = select(Event).where(
        Event.conversation_id == conversation_id,
        Event.kind.not_in((str(EventKind.message_status), str(EventKind.file_changed))),
    )
    if before is not None:
        query = query.where(Event.id < before)
    rows = await session.scalars(query.order_by(Event.id.desc()).limit(limit))
    return list(reversed(rows.all()))


async def event_at(session: AsyncSession, conversation_id: UUID, at: datetime) -> int | None:
    """Return the id of a conversation's first event at a moment or after it, if there is one."""
    query = select(Event.id).where(Event.conversation_id == conversation_id, Event.at >= at)
    return await session.scalar(query.order_by(Event.id).limit(1))


async def events_after(
    session: AsyncSession, conversation_id: UUID, after: int, *, limit: int
) -> Sequence[Event]:
    """Return a conversation's events after an id, oldest first, without changes of its messages."""
    query = select(Event).where(
        Event.conversation_id == conversation_id,
        Event.kind.not_in((str(EventKind.message_status), str(EventKind.file_changed))),
        Event.id > after,
    )
    return (await session.scalars(query.order_by(Event.id).limit(limit))).all()


async def queue_entries(
    session: AsyncSession, account_id: str, ids: Collection[UUID]
) -> Mapping[UUID, QueueEntry]:
    """Return the waits of conversations that are in the queue."""
    query = select(QueueEntry).where(
        QueueEntry.account_id == account_id, QueueEntry.conversation_id.in_(ids)
    )
    return {entry.conversation_id: entry for entry in await session.scalars(query)}


async def messages(
    session: AsyncSession, conversation_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, Message]:
    """Return messages of one conversation by their ids."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.id.in_(ids))
    return {message.id: message for message in await session.scalars(query)}


async def planned(
    session: AsyncSession, conversation_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, datetime]:
    """Return when the scheduled ones among a conversation's messages were written."""
    query = select(Event.data["message_id"].astext, Event.at).where(
        Event.conversation_id == conversation_id,
        Event.kind == str(EventKind.text_scheduled),
        Event.data["message_id"].astext.in_([str(each) for each in ids]),
    )
    return {UUID(message_id): at for message_id, at in await session.execute(query)}


async def asked_for_nothing(
    session: AsyncSession, conversation_id: UUID, ids: Collection[UUID]
) -> Collection[UUID]:
    """Return which of a conversation's messages came after its end and opened nothing."""
    query = select(Event.data["message_id"].astext).where(
        Event.conversation_id == conversation_id,
        Event.kind == str(EventKind.opened_nothing),
        Event.data["message_id"].astext.in_([str(each) for each in ids]),
    )
    return {UUID(message_id) for message_id in await session.scalars(query)}
