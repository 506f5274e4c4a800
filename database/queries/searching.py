"""Finds conversations by their consumer, bounded in all.

A question first looks through what is newest, where a common answer is found. If that is not
enough, the answer is rare, and an index has it. PostgreSQL cannot choose between the two: it takes
the beginning of any word to be common.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, or_, select, union_all
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.away import is_cut_short
from database.queries.conversation_filters import IS_OPEN
from database.queries.visibility import Viewer, visible
from database.queries.words import asks_for_each, has_number, of_field
from database.tables import Consumer, Conversation
from domain.conversation.kinds import Status
from domain.searching.limits import RECENT
from domain.searching.numbers import SoughtNumber
from domain.searching.words import Sought

IS_CLOSED = Conversation.status == str(Status.closed)


@dataclass
class Stopwatch:
    """Whether a question was answered in its time."""

    ran_out: bool = False


@asynccontextmanager
async def within(session: AsyncSession, milliseconds: int) -> AsyncIterator[Stopwatch]:
    """Let PostgreSQL work for so long on each statement of a block, which only reads.

    One that takes longer ends the block: what was found before it counts.
    """
    watch = Stopwatch()
    undone = await session.begin_nested()
    try:
        limit = func.set_config("statement_timeout", f"{milliseconds}ms", True)
        # Compiling a statement takes longer than any of these.
        await session.execute(select(limit, func.set_config("jit", "off", True)))
        yield watch
    except DBAPIError as error:
        if not is_cut_short(error):
            raise
        watch.ran_out = True
    finally:
        await undone.rollback()  # nothing was written, and the usual limit holds again


async def by_number(
    session: AsyncSession, viewer: Viewer, sought: SoughtNumber, *, limit: int
) -> list[UUID]:
    """Return conversations with numbers that answer, those with such an end first."""
    found: dict[UUID, None] = {}
    for ends in (True,) if sought.ends else (True, False):
        if len(found) < limit:
            theirs = or_(*(has_number(digits, ends=ends) for digits in sought.digits))
            found |= dict.fromkeys(await _newest(session, viewer, theirs, limit=limit))
    return list(found)


async def by_consumer(
    session: AsyncSession,
    viewer: Viewer,
    sought: Sequence[Sought],
    *,
    fields: Collection[str] = (),
    with_numbers: bool,
    limit: int,
) -> list[UUID]:
    """Return conversations with consumers who have these words, in these fields of theirs, too.

    `with_numbers`: in what is known of them or in their number, since a name may be the sender,
    and digits may stand beside one.
    """

    def has(one: Sought) -> ColumnElement[bool]:
        of_fields = (replace(one, word=of_field(field, one.word)) for field in fields)
        asked = asks_for_each(viewer.account_id, [(one, *of_fields)])
        known = Consumer.words.op("@@")(asked)
        if with_numbers and one.begins:
            return or_(known, has_number(one.word, ends=False))
        return known

    return await _newest(session, viewer, and_(*map(has, sought)), limit=limit)


async def _newest(
    session: AsyncSession, viewer: Viewer, theirs: ColumnElement[bool], *, limit: int
) -> list[UUID]:
    """Return conversations of consumers: the newest open ones, then the newest closed ones."""
    recent = union_all(*(_recent(viewer, is_closed) for is_closed in (False, True))).subquery()
    its_consumer = select(theirs).where(Consumer.id == recent.c.consumer_id)
    common = (
        select(recent.c.id)
        .where(its_consumer.correlate(recent).scalar_subquery())
        .order_by(recent.c.is_closed, recent.c.opened_at.desc(), recent.c.id.desc())
    )
    found = list(await session.scalars(common.limit(limit)))
    if len(found) == limit:
        return found
    known = select(Consumer.id).where(Consumer.account_id == viewer.account_id, theirs)
    consumers = known.limit(RECENT).subquery()
    rare = (
        select(Conversation.id)
        .join(consumers, consumers.c.id == Conversation.consumer_id)
        .where(visible(viewer))
        .order_by(IS_CLOSED, Conversation.opened_at.desc(), Conversation.id.desc())
    )
    return list(await session.scalars(rare.limit(limit)))


def _recent(viewer: Viewer, is_closed: bool) -> Select[UUID, UUID, datetime, bool]:
    """Return the newest conversations that a viewer may see, open or closed ones."""
    state = IS_CLOSED if is_closed else IS_OPEN
    marked = literal(is_closed).label("is_closed")
    query = select(Conversation.id, Conversation.consumer_id, Conversation.opened_at, marked)
    newest = query.order_by(Conversation.opened_at.desc(), Conversation.id.desc())
    return newest.where(visible(viewer), state).limit(RECENT)
