"""Lists of consumers: each once, whatever their numbers, those who texted last first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, column, exists, func, or_, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Text

from database.queries import profiles
from database.queries.visibility import Viewer, visible
from database.tables import Consumer, Conversation
from domain.conversation.kinds import Status

KEPT = func.coalesce(Consumer.merged_into_id, Consumer.id)
"""The id of the consumer that a number belongs to."""
SEEN_AT = func.coalesce(Consumer.last_text_at, Consumer.created_at)
"""When a number was last heard of: its last text, or when it became known."""


@dataclass(frozen=True)
class ConsumerSearch:
    """What to look for in names, addresses, numbers and the fields the caller may see.

    `digits`: of a number or a part of one, empty where there is no number to look for.
    """

    words: str
    digits: str
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
        Consumer.account_id == viewer.account_id, ~_has_a_later_number()
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
        query = query.where(_matches(search))
    if after is not None:
        query = query.where(tuple_(SEEN_AT, Consumer.id) < (after.at, after.id))
    rows = await session.execute(query.order_by(SEEN_AT.desc(), Consumer.id.desc()).limit(limit))
    return [ListedNumber(consumer, seen_at) for consumer, seen_at in rows]


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


def _matches(search: ConsumerSearch) -> ColumnElement[bool]:
    words = search.words
    found = [
        Consumer.name.icontains(words, autoescape=True),
        Consumer.email.icontains(words, autoescape=True),
        _has_number(words.casefold()),
    ]
    if search.digits:
        found.append(_has_number(search.digits))
    if search.field_ids:
        found.append(_has_value(search))
    return or_(*found)


def _has_number(part: str) -> ColumnElement[bool]:
    other = aliased(Consumer)
    alike = other.phone.contains(part, autoescape=True)
    return or_(
        Consumer.phone.contains(part, autoescape=True),
        exists().where(other.merged_into_id == KEPT, alike),
        exists().where(other.id == Consumer.merged_into_id, alike),
    )


def _has_value(search: ConsumerSearch) -> ColumnElement[bool]:
    entry = func.jsonb_each_text(Consumer.fields).table_valued(
        column("key", Text), column("value", Text)
    )
    return and_(
        Consumer.fields != sql("'{}'::jsonb"),
        exists(
            select(entry.c.key).where(
                entry.c.key.in_(search.field_ids),
                entry.c.value.icontains(search.words, autoescape=True),
            )
        ),
    )


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
