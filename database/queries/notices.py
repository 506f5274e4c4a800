"""Reads a person's notices, each with the words that they may see now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, select, tuple_, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.queries.visibility import Viewer, visible
from database.tables import (
    Agent,
    Consumer,
    Conversation,
    Message,
    Notice,
    NoticePreference,
    Skill,
)
from domain.notices.kinds import NoticeKind
from domain.numbers.shown_numbers import shown_number


@dataclass(frozen=True)
class ShownNotice:
    """A notice. `by`: the name of the colleague who caused it.

    What is of its conversation is None where the person may not see that now.
    """

    notice: Notice
    by: str | None
    conversation_id: UUID | None = None
    consumer_name: str | None = None
    consumer_number: str | None = None
    skill_id: str | None = None
    skill: str | None = None
    text: str | None = None

    @property
    def who(self) -> str | None:
        """The consumer's name, or their number as people write it."""
        number = self.consumer_number
        return self.consumer_name or (shown_number(number) if number else None)


@dataclass(frozen=True)
class NoticePosition:
    """Where a page of notices ends. Lists are newest first."""

    at: datetime
    id: int


async def listed(
    session: AsyncSession,
    viewer: Viewer,
    kinds: Collection[NoticeKind],
    *,
    unread_only: bool = False,
    after: NoticePosition | None = None,
    limit: int,
) -> Sequence[ShownNotice]:
    """Return a person's notices of some kinds, newest first, after `after`."""
    query = _shown(viewer).where(_of_kinds(kinds))
    if unread_only:
        query = query.where(Notice.read_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Notice.at, Notice.id) < (after.at, after.id))
    query = query.order_by(Notice.at.desc(), Notice.id.desc()).limit(limit)
    return [ShownNotice(*row) for row in await session.execute(query)]


async def some(
    session: AsyncSession, viewer: Viewer, ids: Collection[int]
) -> Sequence[ShownNotice]:
    """Return some of a person's notices, oldest first."""
    query = _shown(viewer).where(Notice.id.in_(ids)).order_by(Notice.at, Notice.id)
    return [ShownNotice(*row) for row in await session.execute(query)]


Words = str | None
Shown = tuple[Notice, Words, UUID | None, Words, Words, Words, Words, Words]


def _shown(viewer: Viewer) -> Select[*Shown]:
    may_see = and_(Conversation.id == Notice.conversation_id, visible(viewer))
    is_there = and_(Message.id == Notice.message_id, Message.conversation_id == Conversation.id)
    return (
        select(
            Notice,
            Agent.name,
            Conversation.id,
            Consumer.name,
            Consumer.number,
            Conversation.skill_id,
            Skill.name,
            Message.text,
        )
        .select_from(Notice)
        .outerjoin(Conversation, may_see)
        .outerjoin(Consumer, Consumer.id == Conversation.consumer_id)
        .outerjoin(Skill, Skill.id == Conversation.skill_id)
        .outerjoin(Agent, Agent.id == Notice.by_agent_id)
        .outerjoin(Message, is_there)
        .where(Notice.account_id == viewer.account_id, Notice.agent_id == viewer.agent_id)
    )


def _of_kinds(kinds: Collection[NoticeKind]) -> ColumnElement[bool]:
    return Notice.kind.in_([str(kind) for kind in kinds])


async def count_unread(session: AsyncSession, agent_id: str, kinds: Collection[NoticeKind]) -> int:
    """Count a person's unread notices of some kinds."""
    query = select(func.count()).where(
        Notice.agent_id == agent_id, Notice.read_at.is_(None), _of_kinds(kinds)
    )
    return int(await session.scalar(query) or 0)


async def read(
    session: AsyncSession,
    agent_id: str,
    now: datetime,
    *,
    ids: Collection[int] | None = None,
    conversation_id: UUID | None = None,
    until: datetime | None = None,
) -> list[int]:
    """Mark a person's notices as read: those named, and all that are as old as `until`.

    Returns the ids of those that were unread.
    """
    change = update(Notice).where(Notice.agent_id == agent_id, Notice.read_at.is_(None))
    if ids is not None:
        change = change.where(Notice.id.in_(ids))
    if conversation_id is not None:
        change = change.where(Notice.conversation_id == conversation_id)
    if until is not None:
        change = change.where(Notice.at <= until)
    return list(await session.scalars(change.values(read_at=now).returning(Notice.id)))


async def chosen(session: AsyncSession, agent_id: str) -> Mapping[str, Mapping[str, bool]]:
    """Return what a person chose otherwise than the defaults."""
    row = await session.get(NoticePreference, agent_id)
    return row.chosen if row else {}


async def choose(
    session: AsyncSession, agent_id: str, wanted: Mapping[str, Mapping[str, bool]]
) -> None:
    """Keep what a person chose, in place of what they chose before."""
    new = insert(NoticePreference).values(agent_id=agent_id, chosen=wanted)
    await session.execute(
        new.on_conflict_do_update(index_elements=["agent_id"], set_={"chosen": new.excluded.chosen})
    )


FORGET = sql("""
    DELETE FROM notice WHERE id IN (
        SELECT id FROM (
            SELECT id, at, row_number() OVER (PARTITION BY agent_id ORDER BY at DESC, id DESC)
            FROM notice
        ) AS numbered (id, at, place)
        WHERE at < :before OR place > :most
    )
""")


async def forget(session: AsyncSession, *, before: datetime, most: int) -> None:
    """Delete notices from before a time, and all but the newest `most` of each person."""
    await session.execute(FORGET, {"before": before, "most": most})
