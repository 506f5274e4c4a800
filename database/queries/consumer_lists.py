"""Lists of consumers: each once, whatever their numbers, those who texted last first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, exists, false, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from database.queries import profiles
from database.queries.visibility import Viewer, visible
from database.queries.words import asks_for_each, has_number, of_field
from database.tables import Consumer, Conversation
from domain.conversation.kinds import Status
from domain.searching.words import Sought

KEPT = func.coalesce(Consumer.merged_into_id, Consumer.id)
"""The id of the consumer that a number belongs to."""
SEEN_AT = func.coalesce(Consumer.last_text_at, Consumer.created_at)
"""When a number was last heard of: its last text, or when it became known."""


@dataclass(frozen=True)
class ConsumerSearch:
    """What to look for: all words in names, addresses and the fields the caller may see, or one of
    these parts of a number, or of a sender's name. `is_end`: the number's end.
    """

    words: Sequence[Sought]
    numbers: Sequence[str]
    is_end: bool
    field_ids: Sequence[str]


@dataclass(frozen=True)
class SeenPosition:
    """Where a page of the list ends."""

    at: datetime
    id: UUID


@dataclass(frozen=True)
class ListedNumber:
    """The number of a consumer that was heard of last, with the time."""

    consumer: Consumer
    seen_at: datetime


async def listed(
    session: AsyncSession,
    viewer: Viewer,
    search: ConsumerSearch | None,
    *,
    after: SeenPosition | None,
    limit: int,
) -> list[ListedNumber]:
    """Return the consumers that a viewer sees a conversation of, or all of the account's."""
    query = select(Consumer, SEEN_AT).where(
        Consumer.account_id == viewer.account_id,
        Consumer.erased_at.is_(None),
        ~_has_a_later_number(),
    )
    if not viewer.sees_all:
        theirs = aliased(Consumer)
        with_viewer = (
            select(func.coalesce(theirs.merged_into_id, theirs.id))
            .join(Conversation, Conversation.consumer_id == theirs.id)
            .where(visible(viewer))
        )
        query = query.where(KEPT.in_(with_viewer))
    if search is not None:
        query = query.where(KEPT.in_(_found(viewer.account_id, search)))
    if after is not None:
        query = query.where(tuple_(SEEN_AT, Consumer.id) < (after.at, after.id))
    rows = await session.execute(query.order_by(SEEN_AT.desc(), Consumer.id.desc()).limit(limit))
    return [ListedNumber(consumer, seen_at) for consumer, seen_at in rows]


@cache
def _has_a_later_number() -> ColumnElement[bool]:
    """Say whether another number of the same consumer was heard of later."""
    other = aliased(Consumer)
    later = tuple_(func.coalesce(other.last_text_at, other.created_at), other.id) > tuple_(
        SEEN_AT, Consumer.id
    )
    # In two, because each has its own index.
    return or_(
        exists().where(other.merged_into_id == KEPT, later),
        exists().where(other.id == Consumer.merged_into_id, later),
    )


def _found(account_id: str, search: ConsumerSearch) -> Select[UUID]:
    """Return the query for the consumers who are found, by any of their numbers."""
    answers = [has_number(digits, ends=search.is_end) for digits in search.numbers]
    if search.words:
        answers.append(Consumer.words.op("@@")(_asked(account_id, search)))
    theirs = select(KEPT).where(Consumer.account_id == account_id, or_(false(), *answers))
    return theirs.correlate(None)


def _asked(account_id: str, search: ConsumerSearch) -> ColumnElement[str]:
    groups = (
        (one, *(replace(one, word=of_field(field, one.word)) for field in search.field_ids))
        for one in search.words
    )
    return asks_for_each(account_id, groups)


async def numbers(session: AsyncSession, kept: Sequence[UUID]) -> Mapping[UUID, Sequence[Consumer]]:
    """Return all numbers of consumers, by the ids of the kept ones, which come first."""
    found: dict[UUID, list[Consumer]] = {one: [] for one in kept}
    kept_first = (Consumer.merged_into_id.is_not(None), Consumer.created_at, Consumer.id)
    query = select(Consumer).where(profiles.numbers_of(*kept)).order_by(*kept_first)
    for row in await session.scalars(query):
        found[profiles.kept_id(row)].append(row)
    return found


async def newest(
    session: AsyncSession, viewer: Viewer, kept: Sequence[UUID], *, is_open: bool = False
) -> Mapping[UUID, Conversation]:
    """Return each consumer's newest conversation that a viewer may see, by the kept one's id.

    `is_open`: of those that wait for an agent or have one.
    """
    query = (
        select(KEPT, Conversation)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(profiles.numbers_of(*kept), visible(viewer))
        .ext(distinct_on(KEPT))
        .order_by(KEPT, Conversation.opened_at.desc(), Conversation.id)
    )
    if is_open:
        query = query.where(Conversation.status.in_([str(each) for each in Status if each.is_open]))
    rows = await session.execute(query)
    return {row[0]: row[1] for row in rows}
