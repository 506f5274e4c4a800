"""People of an account: their skills and load, and the checks before they are retired."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import events, skills
from database.queries.events import CHANNEL_WORK
from database.tables import Agent, AgentSkill, Conversation, QueueEntry
from domain.conversation.kinds import Status
from domain.errors import Conflict
from domain.people.roles import Role


@dataclass(frozen=True)
class Working:
    """An agent with the skills they hold and how many conversations they hold now."""

    agent: Agent
    skills: tuple[str, ...]
    load: int


async def by_identity(
    session: AsyncSession, account_id: str, issuer: str, subject: str
) -> Agent | None:
    """Return the person, retired or not, whom an identity provider knows by this id."""
    query = select(Agent).where(
        Agent.account_id == account_id,
        Agent.sign_on_issuer == issuer,
        Agent.sign_on_subject == subject,
    )
    return (await session.scalars(query)).one_or_none()


async def was_retired(session: AsyncSession, account_id: str, email: str) -> bool:
    """Say whether somebody who logged in with this address was retired."""
    query = exists().where(
        Agent.account_id == account_id,
        Agent.email == email.strip().lower(),
        Agent.retired_at.is_not(None),
    )
    return bool(await session.scalar(select(query)))


async def by_email(
    session: AsyncSession, email: str, account_id: str | None, *, locked: bool = False
) -> Sequence[Agent]:
    """Return the people who log in with an e-mail address, in any case and account, not retired.

    Returns at most the ten oldest. A person in more accounts must name the account. `locked`:
    until the transaction ends, nobody else changes them.
    """
    query = select(Agent).where(Agent.email == email.strip().lower(), Agent.retired_at.is_(None))
    if account_id is not None:
        query = query.where(Agent.account_id == account_id)
    query = query.order_by(Agent.created_at, Agent.id).limit(10)
    if locked:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(query)).all()


async def as_it_stays(session: AsyncSession, agent_id: str) -> Agent:
    """Return a person whom nobody changes until the transaction ends. Several may hold one."""
    query = select(Agent).where(Agent.id == agent_id).with_for_update(read=True)
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def check_email_free(
    session: AsyncSession, account_id: str, email: str, agent_id: str | None = None
) -> None:
    """Raise `Conflict` when another person of the account logs in with this address.

    Other accounts are not checked: the same address may log in to several.
    """
    owner = await session.scalar(
        select(Agent.id).where(
            Agent.email == email, Agent.account_id == account_id, Agent.retired_at.is_(None)
        )
    )
    if owner is not None and owner != agent_id:
        raise Conflict("Another person already logs in with this e-mail address.")


async def working(session: AsyncSession, agents: Collection[Agent]) -> list[Working]:
    """Return agents with their skills and load, in the order given."""
    ids = [agent.id for agent in agents]
    skills_of: dict[str, list[str]] = {agent_id: [] for agent_id in ids}
    held = select(AgentSkill).where(AgentSkill.agent_id.in_(ids)).order_by(AgentSkill.skill_id)
    for row in await session.scalars(held):
        skills_of[row.agent_id].append(row.skill_id)
    load = await loads(session, ids)
    return [Working(agent, tuple(skills_of[agent.id]), load.get(agent.id, 0)) for agent in agents]


async def loads(session: AsyncSession, agent_ids: Collection[str]) -> dict[str, int]:
    """Return how many conversations agents work on, including those just assigned to them.

    Those they have snoozed do not count.
    """
    holding = select(Conversation.agent_id.label("agent_id")).where(
        Conversation.agent_id.in_(agent_ids),
        Conversation.status == str(Status.assigned),
        Conversation.snoozed_at.is_(None),
    )
    coming = select(QueueEntry.assigned_agent_id.label("agent_id")).where(
        QueueEntry.assigned_agent_id.in_(agent_ids)
    )
    both = union_all(holding, coming).subquery()
    query = select(both.c.agent_id, func.count().label("load")).group_by(both.c.agent_id)
    rows = await session.execute(query)
    return {row.agent_id: row.load for row in rows}


async def set_skills(session: AsyncSession, agent: Agent, skill_ids: Iterable[str]) -> None:
    """Give an agent exactly these skills of the account. Raises `Invalid` for unknown ones."""
    wanted = sorted(set(skill_ids))
    await skills.check_known(session, agent.account_id, wanted)
    await session.execute(delete(AgentSkill).where(AgentSkill.agent_id == agent.id))
    if wanted:
        rows = [{"agent_id": agent.id, "skill_id": skill_id} for skill_id in wanted]
        await session.execute(insert(AgentSkill), rows)


async def forget_skill(session: AsyncSession, skill_id: str) -> None:
    """Take a skill from all agents who have it."""
    await session.execute(delete(AgentSkill).where(AgentSkill.skill_id == skill_id))


async def work_changed(session: AsyncSession, account_id: str) -> None:
    """Wake the router: an agent may now take work they could not take before."""
    await events.notify(session, CHANNEL_WORK, account_id)


async def may_pick(session: AsyncSession, agent_id: str, conversation_id: UUID) -> bool:
    """Say whether an agent may pick a conversation: they have the right and its skill."""
    waits = exists().where(
        Conversation.id == conversation_id,
        Conversation.skill_id == AgentSkill.skill_id,
        AgentSkill.agent_id == Agent.id,
    )
    query = select(Agent.may_pick & waits).where(Agent.id == agent_id)
    return bool(await session.scalar(query))


async def check_nothing_held(session: AsyncSession, agent: Agent) -> None:
    """Raise `Conflict` while an open conversation is assigned, offered or promised to an agent."""
    holds = exists().where(
        Conversation.agent_id == agent.id, Conversation.status == str(Status.assigned)
    ) | exists().where(
        Conversation.offered_agent_id == agent.id, Conversation.status == str(Status.waiting)
    )
    promised = exists().where(
        (QueueEntry.requested_agent_id == agent.id) | (QueueEntry.assigned_agent_id == agent.id)
    )
    if await session.scalar(select(holds | promised)):
        raise Conflict(f"{agent.name} still has open conversations. Transfer or close them first.")


async def check_admin_remains(session: AsyncSession, agent: Agent) -> None:
    """Raise `Conflict` when this agent is the account's only admin.

    Take the account's turn before you lock the agent: two who retire each other would deadlock.
    """
    if agent.role != Role.admin:
        return
    others = (
        select(Agent.id)
        .where(
            Agent.account_id == agent.account_id,
            Agent.id != agent.id,
            Agent.role == str(Role.admin),
            Agent.retired_at.is_(None),
        )
        # Two admins who retire each other at the same time must not both succeed.
        .with_for_update(key_share=True)
    )
    if not (await session.scalars(others)).all():
        raise Conflict(f"{agent.name} is the account's only admin.")
