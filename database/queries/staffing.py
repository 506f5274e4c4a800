"""The staffing of an account: its logged-in agents with their load, and its routing rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Account, Skill
from domain.conversation.kinds import PendingSide
from domain.people.roles import AgentState
from domain.routing import load
from domain.routing.kinds import AcceptMode, CapacityMode, FallbackWhen
from domain.routing.matching import Candidate, stand_ins

LOGGED_IN = """
    SELECT agent.id, agent.name, agent.state, agent.online_since, agent.last_assigned_at,
           coalesce(agent.capacity, account.default_capacity) AS capacity,
           ARRAY(SELECT skill_id FROM agent_skill WHERE agent_id = agent.id) AS skills
    FROM agent JOIN account ON account.id = agent.account_id
    WHERE agent.account_id = :account_id AND agent.state <> 'offline' AND agent.retired_at IS NULL
    ORDER BY agent.id
"""
# The lock keeps an agent from logging out before the choice is written.
LOGGED_IN_LOCKED = sql(LOGGED_IN + " FOR NO KEY UPDATE OF agent")
LOGGED_IN_NOW = sql(LOGGED_IN)

# What an agent has snoozed leaves room for other work until it comes back.
# One statement counts assigned and chosen conversations: between two statements, a conversation
# that is being acknowledged would count in neither.
COUNTED = sql("""
    SELECT agent_id, count(*) AS load
    FROM (
        SELECT agent_id FROM conversation
        WHERE agent_id = ANY(:agents) AND status = 'assigned' AND snoozed_at IS NULL
        UNION ALL
        SELECT assigned_agent_id FROM queue_entry WHERE assigned_agent_id = ANY(:agents)
    ) AS work
    GROUP BY agent_id
""")
HELD = sql("""
    SELECT conversation.agent_id, conversation.pending_side, conversation.consumer_texted_at,
           skill.idle_after_seconds, skill.idle_weight
    FROM conversation LEFT JOIN skill ON skill.id = conversation.skill_id
    WHERE conversation.agent_id = ANY(:agents) AND conversation.status = 'assigned'
      AND conversation.snoozed_at IS NULL
    UNION ALL
    SELECT assigned_agent_id, 'agent', NULL, 0, 1
    FROM queue_entry WHERE assigned_agent_id = ANY(:agents)
""")


@dataclass(frozen=True)
class Rules:
    """An account's settings for the router."""

    accept_mode: AcceptMode
    capacity_mode: CapacityMode
    fallback_when: FallbackWhen
    affinity: timedelta
    has_warm_up: bool


@dataclass(frozen=True)
class Fallback:
    """A conversation's fallback skill, or the one that a transfer bars."""

    skill_id: str | None = None
    barred_id: str | None = None


@dataclass(frozen=True)
class Staffing:
    """The logged-in agents with their load, and the account's skills.

    `skills`: names by id. `stand_ins`: by skill, the fallback that takes its conversations while it
    has no agents.
    """

    rules: Rules
    agents: Sequence[Candidate]
    skills: Mapping[str, str]
    stand_ins: Mapping[str, str]

    def fallback(self, skill_id: str, was_assigned: bool, may_fall_back: bool) -> Fallback:
        """Return the fallback skill for a conversation, if there is one and it is allowed."""
        other = self.stand_ins.get(skill_id)
        if was_assigned and not may_fall_back:
            return Fallback(barred_id=other)
        return Fallback(skill_id=other)


async def load_staffing(
    session: AsyncSession, account_id: str, now: datetime, *, is_locked: bool = False
) -> Staffing:
    """Return the current staffing; when locked, no agent logs out until the transaction ends."""
    rules = await _rules(session, account_id)
    query = LOGGED_IN_LOCKED if is_locked else LOGGED_IN_NOW
    rows = (await session.execute(query, {"account_id": account_id})).all()
    loads = await _loads(session, [row.id for row in rows], rules.capacity_mode, now)
    agents = [
        Candidate(
            agent_id=row.id,
            name=row.name,
            skills=frozenset(row.skills),
            capacity=row.capacity,
            load=loads.get(row.id, 0),
            last_assigned_at=row.last_assigned_at,
            state=AgentState(row.state),
            mode=rules.capacity_mode,
            warm_capacity=_warm_capacity(rules, row.capacity, row.online_since, now),
        )
        for row in rows
    ]
    skills = select(Skill.id, Skill.name, Skill.fallback_skill_id)
    known = (await session.execute(skills.where(Skill.account_id == account_id))).all()
    fallbacks = {skill.id: skill.fallback_skill_id for skill in known}
    return Staffing(
        rules=rules,
        agents=agents,
        skills={skill.id: skill.name for skill in known},
        stand_ins=stand_ins(fallbacks, _staffed(agents, rules.fallback_when)),
    )


async def _rules(session: AsyncSession, account_id: str) -> Rules:
    account = (await session.scalars(select(Account).where(Account.id == account_id))).one()
    return Rules(
        accept_mode=AcceptMode(account.accept_mode),
        capacity_mode=CapacityMode(account.capacity_mode),
        fallback_when=FallbackWhen(account.fallback_when),
        affinity=timedelta(seconds=account.affinity_seconds),
        has_warm_up=account.has_warm_up,
    )


async def _loads(
    session: AsyncSession, agent_ids: Sequence[str], mode: CapacityMode, now: datetime
) -> Mapping[str, float]:
    if mode is CapacityMode.plain:
        counted = await session.execute(COUNTED, {"agents": agent_ids})
        return {row.agent_id: row.load for row in counted}
    held: dict[str, list[load.HeldConversation]] = {}
    for row in await session.execute(HELD, {"agents": agent_ids}):
        held.setdefault(row.agent_id, []).append(
            load.HeldConversation(
                pending_side=PendingSide(row.pending_side),
                consumer_texted_at=row.consumer_texted_at,
                idle_after=load.idle_after(row.idle_after_seconds),
                idle_weight=load.IDLE_WEIGHT if row.idle_weight is None else row.idle_weight,
            )
        )
    return {agent_id: load.weighted(work, now) for agent_id, work in held.items()}


def _warm_capacity(
    rules: Rules, capacity: int, online_since: datetime | None, now: datetime
) -> int | None:
    return load.warmed_up(capacity, online_since, now) if rules.has_warm_up else None


def _staffed(agents: Sequence[Candidate], when: FallbackWhen) -> frozenset[str]:
    there = agents
    if when is FallbackWhen.nobody_online:
        there = [one for one in agents if one.is_online]
    return frozenset(skill for one in there for skill in one.skills)
