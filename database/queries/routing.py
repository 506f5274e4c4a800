"""The router's statements: reading the queue, writing choices, finding unacknowledged ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries.events import CHANNEL_WORK
from database.queries.staffing import Staffing
from database.queries.tellings import News, claiming, terms
from database.tables import Agent, QueueEntry
from domain.routing.matching import ORDER, Candidate, Match, Waiting

MOST_CONVERSATIONS = 500
"""Waiting conversations read at once, of those that an agent with a free slot may take. Ours."""

LEADER_LOCK = sql("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")

# The page is limited before anything is joined to it, so that a long queue costs no more than a
# short one.
WAITING = """
    WITH page AS MATERIALIZED (
        SELECT * FROM queue_entry
        WHERE account_id = :account_id AND assigned_agent_id IS NULL
          AND conversation_id <> ALL(:seen)
          AND (
            requested_agent_id = ANY(:free)
            OR ((requested_agent_id IS NULL OR jsonb_exists(not_accepted_by, requested_agent_id))
                AND (skill_id = ANY(:skills) OR (
                    (NOT was_assigned OR may_fall_back) AND skill_id = ANY(:stood_in)
                )))
          )
        ORDER BY {order}
        LIMIT :limit
        {locking}
    )
    SELECT page.*,
        CASE WHEN not_accepted_by <> '[]' THEN (
            SELECT max(at) FROM routing_decision AS offer
            WHERE offer.conversation_id = page.conversation_id AND offer.kind = 'offered'
        ) END AS last_offered_at,
        CASE WHEN NOT page.was_assigned THEN (
            SELECT earlier.agent_id
            FROM conversation JOIN conversation AS earlier
              ON earlier.consumer_id = conversation.consumer_id AND earlier.id <> conversation.id
            WHERE conversation.id = page.conversation_id
              AND earlier.closed_at > :affine_since AND earlier.agent_id IS NOT NULL
            ORDER BY earlier.opened_at DESC
            LIMIT 1
        ) END AS last_agent_id
    FROM page
"""
WAITING_LOCKED = sql(WAITING.format(order=", ".join(ORDER), locking="FOR UPDATE SKIP LOCKED"))
WAITING_NOW = sql(WAITING.format(order=", ".join(ORDER), locking=""))

# This runs for every new wait. Mostly nobody is logged in, or no choice is unacknowledged.
WORK = b"""
    SELECT ARRAY(
        SELECT id FROM account WHERE EXISTS (
            SELECT FROM queue_entry
            WHERE queue_entry.account_id = account.id AND assigned_agent_id IS NULL
        ) AND EXISTS (
            SELECT FROM agent
            WHERE agent.account_id = account.id AND state <> 'offline' AND retired_at IS NULL
        )
    ), EXISTS (
        SELECT FROM queue_entry
        WHERE assigned_agent_id IS NOT NULL AND signalled_at < now() - %(older_than)s
    )
"""

# If others wait too, or nobody is logged in, the router is notified: it serves the queue in order.
WAITS_ALONE = b"""
    SELECT waits_alone, CASE WHEN NOT waits_alone
        THEN pg_notify(%(channel)s, %(account_id)s)::text END
    FROM (
        SELECT EXISTS (
            SELECT FROM agent
            WHERE account_id = %(account_id)s AND state <> 'offline' AND retired_at IS NULL
        ) AND NOT EXISTS (
            SELECT FROM queue_entry
            WHERE account_id = %(account_id)s AND assigned_agent_id IS NULL
              AND conversation_id <> %(conversation_id)s
        ) AS waits_alone
    ) AS look
"""
WAKE = b"SELECT pg_notify(%(channel)s, %(account_id)s)"

CHOOSE = sql("""
    UPDATE queue_entry
    SET assigned_agent_id = chosen.agent_id, assigned_at = :at, signalled_at = :at,
        waiting_reason = NULL
    FROM unnest(CAST(:conversations AS uuid[]), CAST(:agents AS text[]))
      AS chosen (conversation_id, agent_id)
    WHERE queue_entry.conversation_id = chosen.conversation_id
    RETURNING queue_entry.workflow_id, queue_entry.conversation_id
""")

# An acknowledged offer is in the conversation's row; an acknowledged assignment left the queue.
UNACKNOWLEDGED = """
    SELECT conversation.id AS conversation_id, conversation.sequence, entry.workflow_id,
        entry.ticket, agent.id AS agent_id, agent.name AS agent_name, account.accept_mode
    FROM queue_entry AS entry JOIN conversation ON conversation.id = entry.conversation_id
    JOIN agent ON agent.id = entry.assigned_agent_id
    JOIN account ON account.id = agent.account_id
    WHERE entry.signalled_at < now() - :older_than
      AND conversation.offered_agent_id IS DISTINCT FROM entry.assigned_agent_id
"""
CLAIM_UNACKNOWLEDGED = claiming(UNACKNOWLEDGED)


@dataclass(frozen=True)
class Assignment:
    """The agent chosen for a conversation, as signalled to its workflow."""

    workflow_id: str
    conversation_id: UUID
    ticket: int
    agent_id: str
    agent_name: str
    accept_mode: str
    """`domain.routing.matching.kinds.AcceptMode`: assigned to the agent, or offered."""


ASSIGNMENT = tuple(Assignment.__dataclass_fields__)


@dataclass(frozen=True)
class Work:
    """The router's work: accounts where conversations wait and agents are logged in."""

    accounts: Sequence[str]
    has_unheard: bool
    """Some choices were not acknowledged by their conversations."""


async def find_work(direct: Direct, *, older_than: timedelta) -> Work:
    """Return the work. `older_than`: how long a conversation may take to acknowledge a choice."""
    row = await direct.fetch_one(WORK, {"older_than": older_than})
    return Work(*row) if row else Work([], has_unheard=False)


async def waits_alone(direct: Direct, account_id: str, conversation_id: UUID) -> bool:
    """Say whether no other conversation waits and an agent is logged in; else wake the router."""
    values = {"account_id": account_id, "conversation_id": conversation_id, "channel": CHANNEL_WORK}
    row = await direct.fetch_one(WAITS_ALONE, values)
    return bool(row and row[0])


async def wake_router(direct: Direct, account_id: str) -> None:
    """Notify the router that a conversation waits."""
    await direct.fetch_one(WAKE, {"account_id": account_id, "channel": CHANNEL_WORK})


async def accounts_that_wait(session: AsyncSession) -> list[str]:
    """Return the accounts where a conversation waits without a chosen agent."""
    waits = select(QueueEntry.account_id).where(QueueEntry.assigned_agent_id.is_(None)).distinct()
    return list(await session.scalars(waits))


async def lead(session: AsyncSession, account_id: str) -> bool:
    """Become the only router of an account until the transaction ends; False if another is."""
    return bool(await session.scalar(LEADER_LOCK, {"key": f"routing/{account_id}"}))


async def waiting_for(
    session: AsyncSession,
    account_id: str,
    staffing: Staffing,
    free: Sequence[Candidate],
    *,
    seen: Sequence[str],
    now: datetime,
    is_locked: bool = True,
) -> list[Waiting]:
    """Return the next conversations that an agent with a free slot may take, in order; lock them.

    Returns one for each free slot at most, without those already seen. When locking, a conversation
    whose own step is changing it is left for the next round.
    """
    skills = {skill for agent in free for skill in agent.skills}
    values = {
        "account_id": account_id,
        "seen": [UUID(one) for one in seen],
        "free": [agent.agent_id for agent in free],
        "skills": sorted(skills),
        "stood_in": [own for own, other in staffing.stand_ins.items() if other in skills],
        "affine_since": now - staffing.rules.affinity,
        "limit": min(sum(agent.free_slots for agent in free), MOST_CONVERSATIONS),
    }
    query = WAITING_LOCKED if is_locked else WAITING_NOW
    return [_waiting(row, staffing) for row in await session.execute(query, values)]


def _waiting(row: Row[*tuple[Any, ...]], staffing: Staffing) -> Waiting:
    fallback = staffing.fallback(row.skill_id, row.was_assigned, row.may_fall_back)
    return Waiting(
        conversation_id=str(row.conversation_id),
        ticket=row.ticket,
        skill_id=row.skill_id,
        entered_at=row.entered_at,
        priority=row.priority,
        due_at=row.due_at,
        requested_agent_id=row.requested_agent_id,
        avoided_agent_id=row.avoided_agent_id,
        avoided_was_silent=row.avoided_was_silent,
        not_accepted_by=frozenset(row.not_accepted_by),
        last_offered_at=row.last_offered_at,
        fallback_skill_id=fallback.skill_id,
        barred_fallback_id=fallback.barred_id,
        last_agent_id=row.last_agent_id,
    )


async def write_choices(
    session: AsyncSession, matches: Sequence[Match], staffing: Staffing, at: datetime
) -> list[Assignment]:
    """Write choices to the queue, where they count as load until they are acknowledged."""
    agents = [one.agent.agent_id for one in matches]
    conversations = [UUID(one.waiting.conversation_id) for one in matches]
    values = {"conversations": conversations, "agents": agents, "at": at}
    workflows = {
        str(row.conversation_id): row.workflow_id for row in await session.execute(CHOOSE, values)
    }
    busy = update(Agent).where(Agent.id.in_(set(agents))).values(last_assigned_at=at)
    await session.execute(busy)
    return [
        Assignment(
            workflow_id=workflows[one.waiting.conversation_id],
            conversation_id=UUID(one.waiting.conversation_id),
            ticket=one.waiting.ticket,
            agent_id=one.agent.agent_id,
            agent_name=one.agent.name,
            accept_mode=staffing.rules.accept_mode.value,
        )
        for one in matches
    ]


async def claim_unacknowledged(
    session: AsyncSession, *, older_than: timedelta, limit: int
) -> list[Assignment]:
    """Return unacknowledged choices, so that exactly one caller signals them again."""
    values = {"older_than": older_than, **terms(News.agent_chosen, limit)}
    rows = (await session.execute(CLAIM_UNACKNOWLEDGED, values)).mappings()
    return [Assignment(**{name: row[name] for name in ASSIGNMENT}) for row in rows]
