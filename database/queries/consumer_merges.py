"""Merges of consumers: those that hold, and all that there were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Update, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import profiles
from database.queries.consent import Recorded
from database.tables import Agent, ConsumerMerge
from domain.consumers.merges import Merge, Merges

LOCK_PREFIX = "consumer-merges/"


@dataclass(frozen=True)
class MergeShown:
    """When a number was found to belong to another consumer, and by whom, if by a person."""

    at: datetime
    by: str | None


async def take_turn(session: AsyncSession, account_id: str) -> None:
    """Wait until no other transaction merges or parts consumers of an account."""
    key = func.hashtextextended(LOCK_PREFIX + account_id, 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def holding(session: AsyncSession, numbers: Sequence[UUID]) -> Merges:
    """Return the merges of numbers that hold, by the number that was merged."""
    query = select(ConsumerMerge).where(
        ConsumerMerge.merged_id.in_(numbers), ConsumerMerge.undone_at.is_(None)
    )
    return {
        row.merged_id: Merge(
            row.merged_id, row.kept_id, profiles.from_json(row.profile), tuple(row.filled)
        )
        for row in await session.scalars(query)
    }


async def told(session: AsyncSession, numbers: Sequence[UUID]) -> dict[UUID, MergeShown]:
    """Return when numbers were merged and by whom, by number."""
    query = (
        select(ConsumerMerge.merged_id, ConsumerMerge.at, Agent.name)
        .outerjoin(Agent, Agent.id == ConsumerMerge.agent_id)
        .where(ConsumerMerge.merged_id.in_(numbers), ConsumerMerge.undone_at.is_(None))
    )
    return {merged: MergeShown(at, name) for merged, at, name in await session.execute(query)}


async def add(session: AsyncSession, account_id: str, merge: Merge, by: Recorded) -> None:
    """Keep a merge, with what was known before."""
    row = {"account_id": account_id, "merged_id": merge.merged, "kept_id": merge.kept}
    row |= {"profile": profiles.as_json(merge.profile), "filled": list(merge.filled)}
    row |= {"agent_id": by.agent_id, "token_id": by.token_id}
    await session.execute(insert(ConsumerMerge).values(row))


async def change(session: AsyncSession, merge: Merge) -> None:
    """Write what a merge remembers after an earlier one was undone."""
    await session.execute(
        _holding(merge.merged).values(
            profile=profiles.as_json(merge.profile), filled=list(merge.filled)
        )
    )


async def undo(session: AsyncSession, merged: UUID, by: Recorded) -> None:
    """End a merge; it stays on record."""
    ended = {"undone_agent_id": by.agent_id, "undone_token_id": by.token_id}
    await session.execute(_holding(merged).values(undone_at=func.now(), **ended))


def _holding(merged: UUID) -> Update:
    return update(ConsumerMerge).where(
        ConsumerMerge.merged_id == merged, ConsumerMerge.undone_at.is_(None)
    )
