"""Dry run of the router: who would get a text now. Nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import in_session
from database.queries.opening import skill_at_opening
from database.queries.policy import load_policy
from database.queries.routing import waiting_for
from database.queries.staffing import Staffing, load_staffing
from database.tables import Consumer, Conversation, QueueEntry
from domain.conversation.kinds import Status
from domain.conversation.response_clock import time_set
from domain.origins.first_text import first_text_of
from domain.policy.entry_skill import SkillChoice
from domain.routing.explanations import Considered, explain_wait, explained, with_fallback
from domain.routing.matching import NOT_YET_OPENED, ORDER, Match, Waiting, after, match, order_key

JOINS = "This consumer has an open conversation on this line, and the text would join it."


@dataclass(frozen=True)
class DryRun:
    """What would happen with a text: its skill, its agent (None: it would wait), and why."""

    skill_id: str
    skill_name: str
    skill_reason: str
    agent_id: str | None
    agent_name: str | None
    reason: str
    candidates: tuple[Considered, ...]
    fallback_skill_id: str | None
    """The fallback skill that would take it."""
    waiting_before: int
    """Waiting conversations of the skill that are served first."""
    open_conversation_id: UUID | None
    """The text would join this conversation, and nobody would be chosen."""


@dataclass(frozen=True)
class ConsumerHistory:
    """A consumer's history. `last_agent_id`: their last agent, if within the affinity time."""

    is_first: bool
    last_agent_id: str | None
    open_conversation_id: UUID | None


async def dry_run(
    session: AsyncSession, account_id: str, line_id: str, phone: str, text: str, now: datetime
) -> DryRun:
    """Decide about a text to a line from a phone's key. Raises `UnknownSkill` for no such line."""
    skill = await skill_at_opening(in_session(session), account_id, line_id, first_text_of(text))
    policy = await load_policy(session, account_id, line_id, skill.skill_id, now)
    staffing = await load_staffing(session, account_id, now)
    seen = await _consumer(session, account_id, line_id, phone, now - staffing.rules.affinity)
    allowed = time_set(policy, is_first=seen.is_first)
    waiting = Waiting(
        conversation_id=NOT_YET_OPENED,
        ticket=1,
        skill_id=skill.skill_id,
        entered_at=now,
        priority=policy.priority,
        due_at=policy.hours.after(now, allowed) if allowed else None,
        fallback_skill_id=staffing.stand_ins.get(skill.skill_id),
        last_agent_id=seen.last_agent_id,
    )
    queue = await _queue_before(session, account_id, staffing, waiting, now)
    return _decided(
        skill,
        staffing,
        waiting,
        match([*queue, waiting], staffing.agents, now),
        now,
        waiting_before=await _waiting_before(session, waiting),
        open_conversation_id=seen.open_conversation_id,
    )


def _decided(
    skill: SkillChoice,
    staffing: Staffing,
    waiting: Waiting,
    matches: Sequence[Match],
    now: datetime,
    *,
    waiting_before: int,
    open_conversation_id: UUID | None,
) -> DryRun:
    mine = next((one for one in matches if one.waiting is waiting), None)
    then = mine.staffing if mine else after(staffing.agents, matches, now)
    why = (
        explained(then, waiting, mine.agent, staffing.skills)
        if mine
        else explain_wait(then, waiting, staffing.skills, now)
    )
    joins = open_conversation_id is not None
    return DryRun(
        skill_id=skill.skill_id,
        skill_name=staffing.skills.get(skill.skill_id, ""),
        skill_reason=skill.reason,
        agent_id=mine.agent.agent_id if mine and not joins else None,
        agent_name=mine.agent.name if mine and not joins else None,
        reason=JOINS if joins else with_fallback(why, waiting, staffing.skills).sentence,
        candidates=() if joins else why.candidates,
        fallback_skill_id=waiting.fallback_skill_id,
        waiting_before=waiting_before,
        open_conversation_id=open_conversation_id,
    )


async def _queue_before(
    session: AsyncSession, account_id: str, staffing: Staffing, waiting: Waiting, now: datetime
) -> list[Waiting]:
    """Return the conversations the router would serve first, as far as agents have free slots."""
    free = [agent for agent in staffing.agents if agent.has_room]
    page = await waiting_for(session, account_id, staffing, free, seen=(), now=now, is_locked=False)
    return [one for one in page if order_key(one) < order_key(waiting)]


async def _consumer(
    session: AsyncSession, account_id: str, line_id: str, phone: str, affine_since: datetime
) -> ConsumerHistory:
    of_phone = (
        select(Conversation)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .where(Consumer.account_id == account_id, Consumer.phone == phone)
        .order_by(Conversation.opened_at.desc())
    )
    last = of_phone.where(Conversation.closed_at > affine_since, Conversation.agent_id.is_not(None))
    open_now = (str(Status.waiting), str(Status.assigned))
    with_them = of_phone.where(Conversation.line_id == line_id, Conversation.status.in_(open_now))
    return ConsumerHistory(
        is_first=await session.scalar(_id_of(of_phone)) is None,
        last_agent_id=await session.scalar(last.with_only_columns(Conversation.agent_id).limit(1)),
        open_conversation_id=await session.scalar(_id_of(with_them)),
    )


def _id_of(query: Select[Conversation]) -> Select[UUID]:
    return query.with_only_columns(Conversation.id).limit(1)


async def _waiting_before(session: AsyncSession, waiting: Waiting) -> int:
    effective_due_at, entered_at, conversation_id = order_key(waiting)
    columns = tuple_(*(getattr(QueueEntry, column) for column in ORDER))
    query = select(func.count()).where(
        QueueEntry.skill_id == waiting.skill_id,
        QueueEntry.assigned_agent_id.is_(None),
        columns < (effective_due_at, entered_at, UUID(conversation_id)),
    )
    return (await session.scalar(query)) or 0
