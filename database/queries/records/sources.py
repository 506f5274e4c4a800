"""What the records of some conversations are made from, read together."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports.facts import had_one_before
from database.tables import (
    Account,
    Consumer,
    Conversation,
    ConversationLabel,
    ConversationRecord,
    Event,
    Mention,
    Message,
    Participation,
    QueueEntry,
    ReportFact,
)
from domain.conversation.kinds import EventKind
from domain.reporting.kinds import FactKind

TELLS_SKILL = (EventKind.conversation_queued, EventKind.conversation_transferred)
"""Events that name the skill it is in from then on."""


@dataclass(frozen=True)
class Written:
    """A message of a transcript."""

    author: str
    automatic: str | None
    text: str
    written_at: datetime


@dataclass
class Source:
    """All that the record of one conversation is made from."""

    conversation: Conversation
    language: str
    """Of the conversation or its consumer, else of the account."""
    is_first: bool
    """Whether it is the consumer's first of all."""
    messages: list[Written] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    took_part: list[str] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    waits_for: str | None = None
    """The agent it waits for by name."""
    first_response: int | None = None
    """Seconds, as figures have it."""
    deadlines: list[str] = field(default_factory=list)
    """How answers met the deadline that they had: `kept` or `missed`."""


async def read(session: AsyncSession, account_id: str, ids: Collection[UUID]) -> list[Source]:
    """Return what the records of some of an account's conversations are made from."""
    query = (
        select(
            Conversation,
            func.coalesce(Consumer.language, Account.language),
            ~had_one_before(),
        )
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .join(Account, Account.id == Conversation.account_id)
        .where(Conversation.account_id == account_id, Conversation.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    found = {
        row.id: Source(row, row.language or language, is_first)
        for row, language, is_first in await session.execute(query)
    }
    await _texts(session, found)
    await _people(session, found)
    await _events(session, found)
    await _answers(session, found)
    return list(found.values())


async def _texts(session: AsyncSession, found: Mapping[UUID, Source]) -> None:
    query = (
        select(
            *(Message.conversation_id, Message.author, Message.automatic),
            *(Message.text, Message.written_at),
        )
        .where(Message.conversation_id.in_(found))
        .order_by(Message.conversation_id, Message.position)
    )
    for one, author, automatic, text, at in await session.execute(query):
        if one is not None:
            found[one].messages.append(Written(author, automatic, text, at))


async def _people(session: AsyncSession, found: Mapping[UUID, Source]) -> None:
    part, mention, label = Participation, Mention, ConversationLabel
    for one, agent_id in await _pairs(session, part.conversation_id, part.agent_id, found):
        found[one].took_part.append(agent_id)
    for one, agent_id in await _pairs(session, mention.conversation_id, mention.agent_id, found):
        found[one].mentioned.append(agent_id)
    for one, label_id in await _pairs(session, label.conversation_id, label.label_id, found):
        found[one].labels.append(label_id)
    entry = QueueEntry
    waits = select(entry.conversation_id, entry.requested_agent_id)
    by_name = waits.where(entry.conversation_id.in_(found), entry.requested_agent_id.is_not(None))
    for one, requested in await session.execute(by_name):
        found[one].waits_for = requested


async def _pairs(
    session: AsyncSession, of: Any, what: Any, found: Mapping[UUID, Source]
) -> Sequence[tuple[UUID, str]]:
    query = select(of, what).where(of.in_(found)).distinct().order_by(of, what)
    return (await session.execute(query)).all()


async def _events(session: AsyncSession, found: Mapping[UUID, Source]) -> None:
    kinds = [str(kind) for kind in (*TELLS_SKILL, EventKind.conversation_opened)]
    query = (
        select(Event.conversation_id, Event.kind, Event.data["skill_id"].astext)
        .where(Event.conversation_id.in_(found), Event.kind.in_(kinds))
        .order_by(Event.id)
    )
    skills: dict[UUID, dict[str, None]] = defaultdict(dict)
    whole: set[UUID] = set()
    for one, kind, skill_id in await session.execute(query):
        if kind == EventKind.conversation_opened:
            whole.add(one)
        elif one is not None and skill_id:
            skills[one][skill_id] = None
    for one, before in await _recorded(session, [found[one] for one in found.keys() - whole]):
        skills[one] = dict.fromkeys(before) | skills[one]
    for one, source in found.items():
        now = source.conversation.skill_id
        source.skills = list(skills[one] | ({now: None} if now else {}))


async def _recorded(
    session: AsyncSession, of: Collection[Source]
) -> Sequence[tuple[UUID, list[str]]]:
    """Return the skills in the records of conversations whose first events are gone."""
    if not of:
        return ()
    record = ConversationRecord
    theirs = [(one.conversation.opened_at, one.conversation.id) for one in of]
    query = select(record.conversation_id, record.skill_ids)
    found = await session.execute(
        query.where(tuple_(record.opened_at, record.conversation_id).in_(theirs))
    )
    return [(row.conversation_id, row.skill_ids) for row in found]


async def _answers(session: AsyncSession, found: Mapping[UUID, Source]) -> None:
    kinds = [str(FactKind.first_response), str(FactKind.deadline)]
    fact = ReportFact
    query = select(fact.conversation_id, fact.kind, fact.detail, fact.value)
    of_these = fact.conversation_id.in_(found), fact.kind.in_(kinds)
    for one, kind, detail, value in await session.execute(query.where(*of_these)):
        if one is None:
            continue
        if kind == FactKind.deadline:
            found[one].deadlines.append(detail)
        else:
            found[one].first_response = value
