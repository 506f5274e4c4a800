"""Consumers by many numbers at once, and page by page: for imports and exports."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import TableValuedAlias, Text, Uuid, bindparam, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import profiles
from database.tables import Consumer, Conversation
from domain.conversation.kinds import Status
from domain.errors import ConsumerChanged
from domain.numbers.phone_numbers import Address


async def add(session: AsyncSession, account_id: str, phones: Sequence[Address]) -> set[str]:
    """Add the consumers that an account does not know yet; returns the keys of their phones."""
    rows = [{"account_id": account_id, "phone": one.key, "number": one.written} for one in phones]
    if not rows:
        return set()
    # In order, so that two imports at once wait for each other and never in a circle.
    rows.sort(key=lambda row: row["phone"])
    added = upsert(Consumer).values(rows).on_conflict_do_nothing().returning(Consumer.phone)
    return set(await session.scalars(added))


async def by_phone(
    session: AsyncSession, account_id: str, keys: Sequence[str]
) -> Mapping[str, Consumer]:
    """Return an account's consumers by the keys of their phones."""
    asked = _those(keys, Text)
    theirs = select(Consumer).join(asked, Consumer.phone == asked.c.one)
    rows = await session.scalars(theirs.where(Consumer.account_id == account_id))
    return {row.phone: row for row in rows}


async def locked(
    session: AsyncSession, consumers: Collection[Consumer]
) -> Mapping[UUID, Sequence[Consumer]]:
    """Lock all numbers of consumers for a change, read them again, and return them by the id of
    the kept one. Raises `ConsumerChanged` if they were merged or parted meanwhile.
    """
    kept = {profiles.kept_id(one) for one in consumers}
    asked = _those(list(kept), Uuid)
    theirs = union_all(
        select(Consumer.id).join(asked, Consumer.id == asked.c.one),
        select(Consumer.id).join(asked, Consumer.merged_into_id == asked.c.one),
    )
    query = (
        select(Consumer)
        .where(Consumer.id.in_(theirs))
        .order_by(Consumer.id)
        # Not FOR UPDATE: arriving texts refer to these rows and must not wait.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    groups: dict[UUID, list[Consumer]] = defaultdict(list)
    for row in await session.scalars(query):
        groups[profiles.kept_id(row)].append(row)
    found = {row.id for rows in groups.values() for row in rows}
    if groups.keys() != kept or not {one.id for one in consumers} <= found:
        raise ConsumerChanged
    return groups


def _those(values: Sequence[object], kind: type[Text] | type[Uuid[UUID]]) -> TableValuedAlias:
    """Return values as a table. A long list of parameters would be compared one by one."""
    given = bindparam(None, values, ARRAY(kind))
    return func.unnest(given).table_valued("one").render_derived()


async def to_tell(session: AsyncSession, numbers: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Return the conversations whose readers are told of a change, by number: open ones, else the
    newest.
    """
    told: dict[UUID, list[UUID]] = defaultdict(list)
    asked = _those(numbers, Uuid)
    theirs = select(Conversation.consumer_id, Conversation.id).join(
        asked, Conversation.consumer_id == asked.c.one
    )
    for consumer_id, one in await session.execute(
        theirs.where(Conversation.status != str(Status.closed))
    ):
        told[consumer_id].append(one)
    newest = theirs.ext(distinct_on(Conversation.consumer_id)).order_by(
        Conversation.consumer_id, Conversation.opened_at.desc()
    )
    for consumer_id, one in await session.execute(newest):
        if consumer_id not in told:
            told[consumer_id].append(one)
    return told


async def page(
    session: AsyncSession, account_id: str, after: str, limit: int
) -> Sequence[Consumer]:
    """Return an account's next consumers, in the order of their phones."""
    theirs = select(Consumer).where(Consumer.account_id == account_id, Consumer.phone > after)
    return (await session.scalars(theirs.order_by(Consumer.phone).limit(limit))).all()
