"""Saved replies: found for their writers, searched for those who send them, counted as used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.tables import SavedReply, SavedReplyUse
from domain.errors import Conflict, NotFound
from domain.text.folding import fold
from domain.text.hidden import HIDDEN


@dataclass(frozen=True)
class SavedReplyAt:
    """A saved reply, and how often all who may use it have used it."""

    reply: SavedReply
    uses: int


@dataclass(frozen=True)
class Reader:
    """Who looks for saved replies. `agent_id`: None for a program that acts for nobody."""

    account_id: str
    agent_id: str | None

    @property
    def may_use(self) -> ColumnElement[bool]:
        mine = SavedReply.agent_id == self.agent_id if self.agent_id else sql("false")
        return and_(
            SavedReply.account_id == self.account_id, or_(SavedReply.agent_id.is_(None), mine)
        )


async def find(session: AsyncSession, reader: Reader, reply_id: UUID) -> SavedReply:
    """Return a saved reply that the reader may use. Raises `NotFound`."""
    query = select(SavedReply).where(SavedReply.id == reply_id, reader.may_use)
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def find_counted(session: AsyncSession, reader: Reader, reply_id: UUID) -> SavedReplyAt:
    """Return a saved reply that the reader may use, with its uses. Raises `NotFound`."""
    row = (await session.execute(_with_uses(reader).where(SavedReply.id == reply_id))).one_or_none()
    if row is None:
        raise NotFound
    return SavedReplyAt(*row)


async def listed(
    session: AsyncSession, reader: Reader, *, after: tuple[str, UUID] | None, limit: int | None
) -> list[SavedReplyAt]:
    """Return all that the reader may use, by name."""
    query = _with_uses(reader)
    if after is not None:
        query = query.where(tuple_(SavedReply.name, SavedReply.id) > after)
    rows = await session.execute(query.order_by(SavedReply.name, SavedReply.id).limit(limit))
    return [SavedReplyAt(*row) for row in rows]


async def search(
    session: AsyncSession, reader: Reader, words: str, *, skill_id: str | None, limit: int
) -> list[SavedReplyAt]:
    """Return what fits the words, best first: by name, by title, by what is used most.

    Each word must be in title, name or a text. `skill_id`: leave out what is for other skills.
    """
    # No title has a character that nobody sees, and the database takes none with a NUL.
    sought = HIDDEN.sub("", words)
    folded = fold(sought)
    query = _with_uses(reader)
    for word in folded.split():
        query = query.where(SavedReply.folded.contains(word, autoescape=True))
    for_all = func.cardinality(SavedReply.skill_ids) == 0
    for_this = SavedReply.skill_ids.contains([skill_id]) if skill_id else sql("false")
    query = query.where(or_(for_all, for_this))
    typed = sought.strip().removeprefix("/").casefold()
    mine = SavedReplyUse.uses
    fit = case(
        (SavedReply.name == typed, 0),
        (SavedReply.name.startswith(typed, autoescape=True), 1),
        # The folded words begin with the title.
        (SavedReply.folded.startswith(folded, autoescape=True), 2),
        else_=3,
    )
    order = (fit, func.coalesce(mine, 0).desc(), sql("uses DESC"), SavedReply.name, SavedReply.id)
    rows = await session.execute(query.order_by(*order).limit(limit))
    return [SavedReplyAt(*row) for row in rows]


async def check_free(session: AsyncSession, reply: SavedReply) -> None:
    """Raise `Conflict` if another saved reply of the same people has the name."""
    same = SavedReply.agent_id == reply.agent_id
    if reply.agent_id is None:
        same = (SavedReply.account_id == reply.account_id) & SavedReply.agent_id.is_(None)
    query = select(SavedReply.title).where(same, SavedReply.name == reply.name)
    if reply.id is not None:
        query = query.where(SavedReply.id != reply.id)
    if title := await session.scalar(query):
        raise Conflict(f'The saved reply "{title}" has the short name /{reply.name} already.')


async def count(session: AsyncSession, account_id: str, agent_id: str | None) -> int:
    """Count the saved replies an account shares, or those of one person."""
    whose = SavedReply.agent_id == agent_id if agent_id else SavedReply.agent_id.is_(None)
    query = select(func.count()).where(SavedReply.account_id == account_id, whose)
    return (await session.scalar(query)) or 0


async def used(
    session: AsyncSession, reader: Reader, reply_id: UUID, agent_id: str, now: datetime
) -> None:
    """Count that somebody sent a saved reply; one that is gone, or another's, is not counted."""
    once = (SavedReply.id, literal(agent_id), literal(1), literal(now))
    theirs = select(*once).where(SavedReply.id == reply_id, reader.may_use)
    names = ["saved_reply_id", "agent_id", "uses", "last_used_at"]
    fresh = insert(SavedReplyUse).from_select(names, theirs)
    changed = fresh.on_conflict_do_update(
        index_elements=[SavedReplyUse.saved_reply_id, SavedReplyUse.agent_id],
        set_={"uses": SavedReplyUse.uses + 1, "last_used_at": now},
    )
    await session.execute(changed)


def _with_uses(reader: Reader) -> Select[SavedReply, int]:
    every = (
        select(func.coalesce(func.sum(SavedReplyUse.uses), 0))
        .where(SavedReplyUse.saved_reply_id == SavedReply.id)
        .correlate(SavedReply)
        .scalar_subquery()
    )
    mine = (SavedReplyUse.saved_reply_id == SavedReply.id) & (
        SavedReplyUse.agent_id == (reader.agent_id or "")
    )
    return (
        select(SavedReply, every.label("uses")).outerjoin(SavedReplyUse, mine).where(reader.may_use)
    )
