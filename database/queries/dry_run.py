"""Who would get a text now: what the router would decide, without anything happening."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import within
from database.queries.floor import Floor, load_floor
from database.queries.opening import SkillChoice, skill_at_opening
from database.tables import Consumer, Conversation, Line, QueueEntry, Skill
from domain.explaining import Considered, Explanation, explain_fallback, explain_wait, explained
from domain.folding import first_word
from domain.routing import Waiting, choose
from domain.words import Status


@dataclass(frozen=True)
class DryRun:
    """What would become of a text: its skill, its agent (None: it would wait), and why."""

    skill_id: str
    skill_name: str
    skill_reason: str
    agent_id: str | None
    agent_name: str | None
    reason: str
    candidates: tuple[Considered, ...]
    fallback_skill_id: str | None
    """The skill that would stand in."""
    waiting_before: int
    """Conversations of the skill that wait already and are served first."""
    open_conversation_id: UUID | None
    """The text would belong to this conversation, and nobody would be chosen."""


async def dry_run(
    session: AsyncSession, account_id: str, line_id: str, phone: str, text: str, now: datetime
) -> DryRun:
    """Decide about a text to a line from a phone's key. Raises `UnknownSkill`: no such line."""
    skill = await skill_at_opening(within(session), account_id, line_id, first_word(text))
    floor = await load_floor(session, account_id, now)
    known = await _last_agent(session, account_id, phone, now, floor)
    waiting = Waiting(
        conversation_id="",
        ticket=1,
        skill_id=skill.skill_id,
        entered_at=now,
        fallback_skill_id=floor.stand_ins.get(skill.skill_id),
        last_agent_id=known,
    )
    return _decided(
        skill,
        floor,
        waiting,
        now,
        waiting_before=await _waiting_before(session, line_id, skill.skill_id),
        open_conversation_id=await _open_with(session, account_id, line_id, phone),
    )


def _decided(
    skill: SkillChoice,
    floor: Floor,
    waiting: Waiting,
    now: datetime,
    *,
    waiting_before: int,
    open_conversation_id: UUID | None,
) -> DryRun:
    chosen = None
    if open_conversation_id is None:
        chosen = choose(floor.agents, waiting, now)
    why = (
        explained(floor.agents, waiting, chosen, floor.skills)
        if chosen
        else explain_wait(floor.agents, waiting, floor.skills, now)
    )
    return DryRun(
        skill_id=skill.skill_id,
        skill_name=floor.skills.get(skill.skill_id, ""),
        skill_reason=skill.reason,
        agent_id=chosen.agent_id if chosen else None,
        agent_name=chosen.name if chosen else None,
        reason=_reason(why, waiting, floor, joins=open_conversation_id is not None),
        candidates=why.candidates,
        fallback_skill_id=waiting.fallback_skill_id,
        waiting_before=waiting_before,
        open_conversation_id=open_conversation_id,
    )


def _reason(why: Explanation, waiting: Waiting, floor: Floor, *, joins: bool) -> str:
    if joins:
        return "This consumer has an open conversation on this line: the text belongs to it."
    if waiting.fallback_skill_id:
        return f"{explain_fallback(waiting, floor.skills)} {why.sentence}"
    return why.sentence


async def _last_agent(
    session: AsyncSession, account_id: str, phone: str, now: datetime, floor: Floor
) -> str | None:
    query = (
        select(Conversation.agent_id)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(
            Consumer.account_id == account_id,
            Consumer.phone == phone,
            Conversation.closed_at > now - floor.rules.affinity,
            Conversation.agent_id.is_not(None),
        )
    )
    found: str | None = await session.scalar(query.order_by(Conversation.opened_at.desc()).limit(1))
    return found


async def _open_with(
    session: AsyncSession, account_id: str, line_id: str, phone: str
) -> UUID | None:
    open_now = (str(Status.waiting), str(Status.assigned))
    query = (
        select(Conversation.id)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(
            Consumer.account_id == account_id,
            Consumer.phone == phone,
            Conversation.line_id == line_id,
            Conversation.status.in_(open_now),
        )
    )
    found: UUID | None = await session.scalar(query)
    return found


async def _waiting_before(session: AsyncSession, line_id: str, skill_id: str) -> int:
    priority = (
        select(Line.priority + Skill.priority)
        .join(Skill, Skill.account_id == Line.account_id)
        .where(Line.id == line_id, Skill.id == skill_id)
        .scalar_subquery()
    )
    query = select(func.count()).where(
        QueueEntry.skill_id == skill_id,
        QueueEntry.assigned_agent_id.is_(None),
        or_(QueueEntry.due_at.is_not(None), QueueEntry.priority >= priority),
    )
    return (await session.scalar(query)) or 0
