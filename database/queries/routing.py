"""What the router reads and writes: agents with their load, the queue, assignments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Agent, QueueEntry
from domain.routing import Candidate, Match, Waiting

LONGEST_QUEUE = 500
"""Conversations looked at in one round, of those that somebody with room may take."""

LEADER_LOCK = sql("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")

# Held and given conversations in one statement: between two, one that is just being acknowledged
# would count in neither. The lock keeps an agent from leaving before the choice is written.
ONLINE_AGENTS = sql("""
    SELECT agent.id, agent.name, coalesce(agent.capacity, account.default_capacity) AS capacity,
           agent.last_assigned_at,
           ARRAY(SELECT skill_id FROM agent_skill WHERE agent_id = agent.id) AS skills,
           (SELECT count(*) FROM conversation
            WHERE agent_id = agent.id AND status = 'assigned') +
           (SELECT count(*) FROM queue_entry WHERE assigned_agent_id = agent.id) AS load
    FROM agent JOIN account ON account.id = agent.account_id
    WHERE agent.account_id = :account_id AND agent.state = 'online' AND agent.retired_at IS NULL
    ORDER BY agent.id
    FOR NO KEY UPDATE OF agent
""")

CLAIM_UNACKNOWLEDGED = sql("""
    UPDATE queue_entry SET signalled_at = now()
    FROM agent
    WHERE agent.id = queue_entry.assigned_agent_id
      AND queue_entry.conversation_id IN (
        SELECT conversation_id FROM queue_entry
        WHERE assigned_agent_id IS NOT NULL AND signalled_at < now() - :older_than
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    RETURNING queue_entry.workflow_id, queue_entry.conversation_id, queue_entry.ticket,
              agent.id AS agent_id, agent.name AS agent_name
""")


@dataclass(frozen=True)
class Assigned:
    """The agent chosen for a conversation, as its workflow is told."""

    workflow_id: str
    conversation_id: UUID
    ticket: int
    agent_id: str
    agent_name: str


async def accounts_with_work(session: AsyncSession) -> list[str]:
    """Return the accounts where a conversation waits and nobody was chosen yet."""
    waits = select(QueueEntry.account_id).where(QueueEntry.assigned_agent_id.is_(None)).distinct()
    return list(await session.scalars(waits))


async def lead(session: AsyncSession, account_id: str) -> bool:
    """Become the one router of an account until the transaction ends; False when another is."""
    return bool(await session.scalar(LEADER_LOCK, {"key": f"routing/{account_id}"}))


async def online_agents(session: AsyncSession, account_id: str) -> list[Candidate]:
    """Return who may get work, with what they hold; their states are locked."""
    rows = await session.execute(ONLINE_AGENTS, {"account_id": account_id})
    return [
        Candidate(
            agent_id=row.id,
            name=row.name,
            skills=frozenset(row.skills),
            capacity=row.capacity,
            load=row.load,
            last_assigned_at=row.last_assigned_at,
        )
        for row in rows
    ]


async def waiting_for(
    session: AsyncSession, account_id: str, free: Sequence[Candidate]
) -> list[Waiting]:
    """Return and lock the conversations that somebody with room may take, in order.

    One that is being changed by its own step at the moment is left for the next round.
    """
    skills = {skill for agent in free for skill in agent.skills}
    entry = QueueEntry
    is_takeable = or_(
        entry.wanted_agent_id.in_([agent.agent_id for agent in free]),
        entry.wanted_agent_id.is_(None) & entry.skill_id.in_(skills),
    )
    query = (
        select(entry)
        .where(entry.account_id == account_id, entry.assigned_agent_id.is_(None), is_takeable)
        .order_by(entry.priority.desc(), entry.entered_at, entry.conversation_id)
        .limit(LONGEST_QUEUE)
        .with_for_update(skip_locked=True)
    )
    return [_waiting(one) for one in await session.scalars(query)]


def _waiting(entry: QueueEntry) -> Waiting:
    return Waiting(
        conversation_id=str(entry.conversation_id),
        ticket=entry.ticket,
        skill_id=entry.skill_id,
        entered_at=entry.entered_at,
        priority=entry.priority,
        wanted_agent_id=entry.wanted_agent_id,
        avoided_agent_id=entry.avoided_agent_id,
    )


async def assign(session: AsyncSession, match: Match, at: datetime) -> Assigned:
    """Write a choice into the queue, where it counts as load until it is acknowledged."""
    agent = match.agent
    chosen = (
        update(QueueEntry)
        .where(QueueEntry.conversation_id == UUID(match.waiting.conversation_id))
        .values(assigned_agent_id=agent.agent_id, assigned_at=at, signalled_at=at)
        .returning(QueueEntry.workflow_id, QueueEntry.conversation_id, QueueEntry.ticket)
    )
    row = (await session.execute(chosen)).one()
    busy = update(Agent).where(Agent.id == agent.agent_id).values(last_assigned_at=at)
    await session.execute(busy)
    return Assigned(row.workflow_id, row.conversation_id, row.ticket, agent.agent_id, agent.name)


async def claim_unacknowledged(
    session: AsyncSession, *, older_than: timedelta, limit: int
) -> list[Assigned]:
    """Return assignments whose conversations did not react, for one caller to tell them again."""
    rows = await session.execute(CLAIM_UNACKNOWLEDGED, {"older_than": older_than, "limit": limit})
    return [Assigned(*row) for row in rows]
