"""Merging two numbers of one consumer, and parting them again.

What is known of them becomes one, and their conversations are shown together. Each number keeps
its thread, and what it consents to: a merge opts nobody in, and unblocks nobody.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import consumer_merges, consumers, profiles
from database.queries.profiles import kept_id, profile_of
from database.tables import Consumer
from domain.consumers.merges import Merge, parted
from domain.consumers.profile import MOST_NUMBERS, combined
from domain.conversation.kinds import EventKind
from domain.errors import Conflict, Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.consumers import ConsumerShown, consumer_shown, tell
from services.opting_out import recorded_by


async def merge(
    caller: Caller, session: AsyncSession, consumer_id: UUID, other_id: UUID
) -> ConsumerShown:
    """Make another consumer a number of this one. Those that are one already stay so.

    What this one lacks, it gets from the other. Raises `NotFound` for one that the caller does not
    see, `Invalid` for twice the same, `Conflict` for too many numbers, and `ConsumerChanged`.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.consumers_write)
    if consumer_id == other_id:
        raise Invalid("This is the same consumer.")
    consumer = await consumers.find(session, caller.viewer, consumer_id)
    other = await consumers.find(session, caller.viewer, other_id)
    await consumer_merges.take_turn(session, caller.account_id)
    for one in (consumer, other):
        await session.refresh(one)
    rows = await profiles.locked(session, consumer, other)
    kept, merged = kept_id(consumer), kept_id(other)
    if kept != merged:
        if len(rows) > MOST_NUMBERS:
            raise Conflict(f"A consumer has at most {MOST_NUMBERS} numbers.")
        await _merge(caller, session, rows, kept, merged)
    return await consumer_shown(session, caller, consumer)


async def _merge(
    caller: Caller, session: AsyncSession, rows: Sequence[Consumer], kept: UUID, merged: UUID
) -> None:
    by_id = {row.id: row for row in rows}
    before = profile_of(by_id[merged])
    both = combined(profile_of(by_id[kept]), before)
    found = Merge(merged, kept, before, both.filled)
    await consumer_merges.add(session, caller.account_id, found, recorded_by(caller))
    for row in rows:
        row.merged_into_id = None if row.id == kept else kept
    profiles.write(rows, both.profile, _next_revision(rows))
    await session.flush()
    told = {"consumer_id": str(kept), "merged_consumer_id": str(merged)}
    await tell(session, caller, rows, EventKind.consumers_merged, told)


async def part(caller: Caller, session: AsyncSession, consumer_id: UUID) -> ConsumerShown:
    """Undo the merge of a consumer. One that is not merged stays as they are.

    They have what was known of them before, and what the kept one got from them goes, unless
    somebody changed it since. Raises `NotFound` and `ConsumerChanged`.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.consumers_write)
    consumer = await consumers.find(session, caller.viewer, consumer_id)
    await consumer_merges.take_turn(session, caller.account_id)
    await session.refresh(consumer)
    rows = await profiles.locked(session, consumer)
    merges = await consumer_merges.holding(session, [row.id for row in rows])
    if consumer.id not in merges:
        return await consumer_shown(session, caller, consumer)
    kept, apart = kept_id(consumer), parted(merges, consumer.id, profile_of(consumer))
    await consumer_merges.undo(session, consumer.id, recorded_by(caller))
    for above in apart.above.values():
        await consumer_merges.change(session, above)
    who = [row for row in rows if row.id in apart.who]
    for row in who:
        row.merged_into_id = None if row.id == consumer.id else consumer.id
    revision = _next_revision(rows)
    profiles.write(who, apart.own, revision)
    profiles.write([row for row in rows if row.id not in apart.who], apart.stays, revision)
    await session.flush()
    told = {"consumer_id": str(kept), "merged_consumer_id": str(consumer.id)}
    await tell(session, caller, rows, EventKind.consumers_parted, told)
    return await consumer_shown(session, caller, consumer)


def _next_revision(rows: Sequence[Consumer]) -> int:
    return max(row.revision for row in rows) + 1
