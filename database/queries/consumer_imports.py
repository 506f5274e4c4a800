"""Consumers by many numbers at once, and page by page: for imports and exports."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import profiles
from database.tables import Consumer, Conversation
from domain.conversation.kinds import Status
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
    session: AsyncSession, account_id: str, keys: Sequence[str], *, is_locked: bool
) -> Mapping[str, Consumer]:
    """Return an account's consumers by the keys of their phones.

    `is_locked`: for a change, with all numbers that were merged with theirs; raises
    `ConsumerChanged` if they were merged or parted meanwhile.
    """
    theirs = select(Consumer).where(Consumer.account_id == account_id, Consumer.phone.in_(keys))
    found = {row.phone: row for row in await session.scalars(theirs)}
    if is_locked and found:
        await profiles.locked(session, *found.values())
    return found


async def numbers(
    session: AsyncSession, consumers: Sequence[Consumer]
) -> Mapping[UUID, Sequence[Consumer]]:
    """Return all numbers of consumers, by the id of the kept one."""
    groups: dict[UUID, list[Consumer]] = defaultdict(list)
    kept = {profiles.kept_id(one) for one in consumers}
    for row in await session.scalars(select(Consumer).where(profiles.numbers_of(*kept))):
        groups[profiles.kept_id(row)].append(row)
    return groups


async def to_tell(session: AsyncSession, numbers: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Return the conversations whose readers are told of a change, by number: open ones, else the
    newest.
    """
    told: dict[UUID, list[UUID]] = defaultdict(list)
    theirs = select(Conversation.consumer_id, Conversation.id).where(
        Conversation.consumer_id.in_(numbers)
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
