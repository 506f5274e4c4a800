"""Consumers whose records are asked for: few are named, many are told by a condition."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import and_, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from database.queries.consumers import same_as
from database.queries.words import asks_for_each, has_number, of_field
from database.tables import Consumer, ConversationRecord
from domain.consumers.fields import FieldValue
from domain.searching.numbers import SoughtNumber
from domain.searching.words import Sought, words_of

MOST_NAMED = 2_000
"""Consumers that are named. Ours: their records are read one by one, some of each."""
SAMPLE = 200
"""Consumers that tell whether digits are common, such as those of a country. Ours."""


@dataclass(frozen=True)
class WantedConsumers:
    """What consumers are asked for by, all of it.

    `words`: of their names and what else is known of them, in these `searched` fields as well.
    `fields`: values of the account's fields, by their ids; of several of one field, one holds.
    """

    id: UUID | None = None
    phone: str | None = None
    number: SoughtNumber | None = None
    words: Sequence[Sought] | None = None
    searched: Collection[str] = ()
    fields: Mapping[str, Sequence[FieldValue]] = field(default_factory=dict)

    @property
    def is_anybody(self) -> bool:
        """Say whether nothing is asked of them."""
        known = (self.id, self.phone, self.number, self.words)
        return not self.fields and all(one is None for one in known)


@dataclass(frozen=True)
class FoundConsumers:
    """Their ids, or the condition on `ConversationRecord` that it is of one of too many."""

    ids: tuple[UUID, ...] | None = None
    condition: ColumnElement[bool] | None = None


async def find(session: AsyncSession, account_id: str, wanted: WantedConsumers) -> FoundConsumers:
    """Return the consumers who answer to all that is asked of them."""
    if wanted.is_anybody:
        return FoundConsumers()
    theirs = and_(Consumer.account_id == account_id, *_conditions(account_id, wanted))
    its = Consumer.id == ConversationRecord.consumer_id
    many = FoundConsumers(condition=exists().where(its, theirs))
    if wanted.number is not None and await _is_common(session, account_id, theirs):
        return many
    ids = (await session.scalars(select(Consumer.id).where(theirs).limit(MOST_NAMED + 1))).all()
    if len(ids) <= MOST_NAMED:
        return FoundConsumers(tuple(ids))
    return many


async def _is_common(session: AsyncSession, account_id: str, theirs: ColumnElement[bool]) -> bool:
    """Say whether so many of some consumers answer that an index would list most of them first."""
    some = select(Consumer.id).where(Consumer.account_id == account_id).limit(SAMPLE).subquery()
    # As a condition it would be looked up in that index.
    query = select(func.count().filter(theirs)).where(Consumer.id.in_(select(some.c.id)))
    return int(await session.scalar(query) or 0) > SAMPLE // 10


def _conditions(account_id: str, wanted: WantedConsumers) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.id is not None:
        found.append(Consumer.id.in_(same_as(wanted.id)))
    if wanted.phone is not None:
        found.append(Consumer.phone == wanted.phone)
    if wanted.number is not None:
        number = wanted.number
        found.append(or_(*(has_number(one, ends=number.ends) for one in number.digits)))
    if wanted.words is not None:
        found.append(_has_words(account_id, wanted.words, wanted.searched))
    for field_id, values in wanted.fields.items():
        found.append(or_(*(_has_value(account_id, field_id, value) for value in values)))
    return found


def _has_words(
    account_id: str, words: Sequence[Sought], searched: Collection[str]
) -> ColumnElement[bool]:
    if not words:
        return false()
    groups = (
        (one, *(replace(one, word=of_field(field_id, one.word)) for field_id in searched))
        for one in words
    )
    return Consumer.words.bool_op("@@")(asks_for_each(account_id, groups))


def _has_value(account_id: str, field_id: str, value: FieldValue) -> ColumnElement[bool]:
    written = value if isinstance(value, str) else "true" if value else "false"
    is_it: ColumnElement[bool] = Consumer.fields[field_id].astext == written
    if isinstance(value, str) and (words := words_of(value)):
        by_index = [[Sought(of_field(field_id, word), begins=False)] for word in words]
        return and_(is_it, Consumer.words.bool_op("@@")(asks_for_each(account_id, by_index)))
    return is_it
