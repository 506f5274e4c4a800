"""Keeps the facts of conversations and of agents' states, and says which days changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, cast, delete, exists, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from database.tables import AgentStatePeriod, Conversation, Event, ReportFact
from domain.conversation.kinds import EventKind
from domain.reporting.facts import Fact, Told
from domain.reporting.kinds import FactKind
from domain.reporting.sources import source_of

AT_ONCE = 1_000
"""Rows of one statement. Ours."""


@dataclass(frozen=True)
class Course:
    """A conversation's events, and what all of its facts belong to."""

    conversation_id: UUID
    line_id: str
    source: str
    consumer_id: UUID
    is_first: bool
    """Whether its consumer had none before, on any line."""
    events: list[Told] = field(default_factory=list)


async def courses(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> list[Course]:
    """Return the courses of conversations whose events are kept from their opening on."""
    of = Conversation
    query = select(of.id, of.line_id, of.origin, of.origin_id, of.consumer_id, ~had_one_before())
    rows = await session.execute(query.where(of.account_id == account_id, of.id.in_(ids)))
    found = {row.id: Course(row.id, row.line_id, source_of(*row[2:4]), *row[4:]) for row in rows}
    events = (
        select(Event.conversation_id, Event.kind, Event.at, Event.agent_id, Event.data)
        .where(Event.conversation_id.in_(found))
        .order_by(Event.id)
    )
    for conversation_id, kind, at, agent_id, data in await session.execute(events):
        found[conversation_id].events.append(Told(EventKind(kind), at, agent_id, data))
    return [one for one in found.values() if _is_whole(one.events)]


@cache
def had_one_before() -> ColumnElement[bool]:
    """Return the condition that a conversation's consumer had another before, on any line."""
    before = aliased(Conversation)
    its = tuple_(Conversation.opened_at, Conversation.id)
    return exists().where(
        before.consumer_id == Conversation.consumer_id,
        before.opened_at <= Conversation.opened_at,
        tuple_(before.opened_at, before.id) < its,
    )


def _is_whole(events: Sequence[Told]) -> bool:
    return any(event.kind is EventKind.conversation_opened for event in events)


async def state_periods(
    session: AsyncSession, account_id: str, agent_ids: Collection[str], since: datetime
) -> Sequence[AgentStatePeriod]:
    """Return the times that agents were in their states, of those that ended since a moment."""
    table = AgentStatePeriod
    query = select(table).where(
        table.account_id == account_id, table.agent_id.in_(agent_ids), table.ended_at >= since
    )
    return (await session.scalars(query)).all()


Kept = Mapping[UUID | str, Sequence[Row[*tuple[Any, ...]]]]
COLUMNS = (
    *(ReportFact.id, ReportFact.conversation_id, ReportFact.made_from),
    *(ReportFact.kind, ReportFact.at, ReportFact.skill_id, ReportFact.agent_id, ReportFact.detail),
    *(ReportFact.times, ReportFact.value, ReportFact.worked, ReportFact.is_of_agent),
)


@dataclass(frozen=True)
class Owned:
    """The facts of one conversation, or of what `made_from` names: see `ReportFact`."""

    facts: Sequence[Fact]
    conversation_id: UUID | None = None
    made_from: str | None = None
    line_id: str | None = None
    source: str | None = None

    @property
    def owner(self) -> UUID | str:
        """Return what they are made from."""
        return self.made_from or self.conversation_id or ""


async def replace(session: AsyncSession, account_id: str, new: Sequence[Owned]) -> set[datetime]:
    """Make facts these ones. Returns the moments of those that came or went.

    Those that stay are not written again: most of what happens adds facts.
    """
    kept = await _kept(session, account_id, new)
    gone: list[int] = []
    rows: list[dict[str, object]] = []
    changed: set[datetime] = set()
    for one in new:
        wanted = Counter(one.facts)
        for row in kept.get(one.owner, ()):
            fact = _fact(row)
            if wanted[fact] > 0:
                wanted[fact] -= 1
            else:
                gone.append(row.id)
                changed.add(fact.at)
        for fact in wanted.elements():
            rows.append(_row(account_id, one, fact))
            changed.add(fact.at)
    for at in range(0, len(gone), AT_ONCE):
        await session.execute(delete(ReportFact).where(ReportFact.id.in_(gone[at : at + AT_ONCE])))
    for at in range(0, len(rows), AT_ONCE):
        await session.execute(insert(ReportFact), rows[at : at + AT_ONCE])
    return changed


async def moments(session: AsyncSession, ids: Collection[UUID]) -> Sequence[datetime]:
    """Return when the facts of conversations happened."""
    query = select(ReportFact.at).where(ReportFact.conversation_id.in_(ids)).distinct()
    return (await session.scalars(query)).all()


async def days(session: AsyncSession, account_id: str, zone: str) -> Sequence[date]:
    """Return the days of a zone on which an account has facts."""
    day = cast(func.timezone(zone, ReportFact.at), Date)
    query = select(day).where(ReportFact.account_id == account_id).distinct()
    return (await session.scalars(query)).all()


async def _kept(session: AsyncSession, account_id: str, of: Iterable[Owned]) -> Kept:
    # Names of what facts are made from are an account's own: several look at load in the same hour.
    named = [one.made_from for one in of if one.made_from]
    conversations = [one.conversation_id for one in of if not one.made_from]
    conditions: list[ColumnElement[bool]] = []
    if conversations:
        its = ReportFact.conversation_id.in_(conversations)
        conditions.append(its & ReportFact.made_from.is_(None))
    if named:
        conditions.append(ReportFact.made_from.in_(named))
    found: dict[UUID | str, list[Row[*tuple[Any, ...]]]] = {}
    for condition in conditions:
        theirs = select(*COLUMNS).where(ReportFact.account_id == account_id, condition)
        for row in await session.execute(theirs):
            found.setdefault(row.made_from or row.conversation_id, []).append(row)
    return found


def _fact(row: Row[*tuple[Any, ...]]) -> Fact:
    values = {name: getattr(row, name) for name in Fact.__dataclass_fields__ if name != "kind"}
    return Fact(FactKind(row.kind), **values)


def _row(account_id: str, of: Owned, fact: Fact) -> dict[str, object]:
    return {
        "account_id": account_id,
        "conversation_id": of.conversation_id,
        "made_from": of.made_from,
        "line_id": of.line_id,
        "source": of.source,
        **{name: getattr(fact, name) for name in Fact.__dataclass_fields__},
    }
