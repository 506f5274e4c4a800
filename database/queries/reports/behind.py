"""The conversations behind a figure, the latest first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, extract, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports import together
from database.tables import Conversation, ConversationLabel, ReportFact
from domain.people.teams import Led
from domain.reporting.kinds import Dimension, SplitBy, counted
from domain.reporting.sums import Part

COLUMNS = {
    Dimension.skill: ReportFact.skill_id,
    Dimension.agent: ReportFact.agent_id,
    Dimension.line: ReportFact.line_id,
    Dimension.source: ReportFact.source,
}

PARTS: Mapping[SplitBy, str] = {SplitBy.weekday: "isodow", SplitBy.hour: "hour"}
"""What a local time is asked for."""


@dataclass(frozen=True)
class Behind:
    """Which facts: of one kind, between two moments, of some skills and so on.

    `during`: only on a weekday (1 is Monday) or in an hour of days, by the clock of `zone`.
    `satisfied`: only of ratings that are, or are not.
    """

    account_id: str
    part: Part
    begins: datetime
    ends: datetime
    only: Mapping[Dimension, Collection[str]] = field(default_factory=dict)
    led: Led | None = None
    zone: str = "UTC"
    during: Mapping[SplitBy, int] = field(default_factory=dict)
    satisfied: bool | None = None
    without: Collection[UUID] = ()
    """Conversations that are left out."""

    def is_during(self, at: datetime) -> bool:
        """Say whether something of a moment counts: see `begins`, `ends` and `during`."""
        local = at.astimezone(ZoneInfo(self.zone))
        its = {SplitBy.weekday: local.isoweekday(), SplitBy.hour: local.hour}
        fits = all(its[by] == value for by, value in self.during.items())
        return fits and self.begins <= at < self.ends


@dataclass(frozen=True, order=True)
class FactPosition:
    """Where a page ends: at the last fact of a conversation."""

    at: datetime
    conversation_id: UUID


async def conversations(
    session: AsyncSession, behind: Behind, *, after: FactPosition | None, limit: int
) -> Sequence[FactPosition]:
    """Return conversations with such facts, by the latest of these."""
    at = func.max(ReportFact.at)
    query = (
        select(at, ReportFact.conversation_id)
        .where(*_conditions(behind), ReportFact.conversation_id.is_not(None))
        .group_by(ReportFact.conversation_id)
        .order_by(at.desc(), ReportFact.conversation_id.desc())
        .limit(limit)
    )
    if behind.without:
        query = query.where(ReportFact.conversation_id.not_in(behind.without))
    if after is not None:
        position = tuple_(at, ReportFact.conversation_id)
        query = query.having(position < (after.at, after.conversation_id))
    rows = await session.execute(query)
    return [FactPosition(at, one) for at, one in rows if one is not None]


async def rated(
    session: AsyncSession, behind: Behind, *, after: FactPosition | None, limit: int
) -> list[tuple[Conversation, FactPosition]]:
    """Return the conversations of ratings, the latest answer first."""
    query = (
        select(Conversation, ReportFact.at)
        .join(ReportFact, ReportFact.conversation_id == Conversation.id)
        .where(*_conditions(behind), Conversation.survey_answered_at.is_not(None))
        .order_by(ReportFact.at.desc(), Conversation.id.desc())
        .limit(limit)
    )
    if after is not None:
        position = tuple_(ReportFact.at, Conversation.id)
        query = query.where(position < (after.at, after.conversation_id))
    if behind.satisfied is not None:
        query = query.where(Conversation.survey_satisfied.is_(behind.satisfied))
    rows = await session.execute(query)
    return [(row, FactPosition(at, row.id)) for row, at in rows]


def _conditions(behind: Behind) -> list[ColumnElement[bool]]:
    fact = ReportFact
    found = [
        fact.account_id == behind.account_id,
        fact.kind.in_([str(one) for one in counted(behind.part.kinds, behind.only)]),
        fact.at >= behind.begins,
        fact.at < behind.ends,
        *(COLUMNS[one].in_(ids) for one, ids in behind.only.items() if one in COLUMNS),
    ]
    local = func.timezone(behind.zone, fact.at)
    found += [extract(PARTS[by], local) == value for by, value in behind.during.items()]
    if behind.part.details is not None:
        found.append(fact.detail.in_([str(one) for one in behind.part.details]))
    if labels := behind.only.get(Dimension.label):
        its = ConversationLabel.conversation_id == fact.conversation_id
        found.append(exists().where(and_(its, ConversationLabel.label_id.in_(labels))))
    if behind.led is not None:
        theirs = fact.skill_id.in_(behind.led.skills)
        found.append(or_(theirs, fact.agent_id.in_(behind.led.people)))
    if Dimension.agent not in behind.only:
        found.append(~fact.is_of_agent)
    is_first = together.is_first(behind.only, behind.led)
    if is_first is not None:
        found.append(is_first)
    return found
