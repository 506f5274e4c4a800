"""Bots: what a turn needs to be asked, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.events import NewEvent, append
from database.tables import (
    Bot,
    BotRecord,
    Consumer,
    Conversation,
    Message,
    Skill,
    SkillBot,
    SkillTransferTarget,
)
from domain.bots.health import BotHealth, after
from domain.bots.kinds import BotProblem
from domain.conversation.kinds import Author, EventKind, Status
from domain.settings.kinds import TransferTargets


@dataclass(frozen=True)
class Surroundings:
    """A conversation as a bot learns of it, and the skills it may be transferred to."""

    conversation: Conversation
    consumer: Consumer
    skill: Skill | None
    targets: Sequence[Skill]


@dataclass(frozen=True)
class BotOutcome:
    """What a journalled step says of a bot. `problem`: None: it answered its turn."""

    account_id: str
    bot_id: str
    problem: BotProblem | None
    at: datetime


@dataclass(frozen=True)
class BotAtWork:
    """A bot on the board. `conversations`: those it has now."""

    id: str
    name: str
    conversations: int
    paused_until: datetime | None


async def find(session: AsyncSession, bot_id: str) -> tuple[Bot, BotRecord | None] | None:
    """Return a bot that is in use, with its record; None when it was deleted."""
    query = (
        select(Bot, BotRecord)
        .outerjoin(BotRecord, BotRecord.bot_id == Bot.id)
        .where(Bot.id == bot_id, Bot.retired_at.is_(None))
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def surroundings(session: AsyncSession, conversation_id: UUID) -> Surroundings | None:
    """Return a conversation with consumer and skill; None if the database lost it."""
    query = (
        select(Conversation, Consumer, Skill)
        .join(Consumer, Consumer.id == Conversation.consumer_id)
        .outerjoin(Skill, Skill.id == Conversation.skill_id)
        .where(Conversation.id == conversation_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    conversation, consumer, skill = row
    targets = await _targets(session, skill) if skill else []
    return Surroundings(conversation, consumer, skill, targets)


async def _targets(session: AsyncSession, skill: Skill) -> Sequence[Skill]:
    if skill.transfer_targets == TransferTargets.none:
        return []
    query = select(Skill).where(
        Skill.account_id == skill.account_id, Skill.retired_at.is_(None), Skill.id != skill.id
    )
    if skill.transfer_targets == TransferTargets.listed:
        listed = select(SkillTransferTarget.target_id).where(
            SkillTransferTarget.skill_id == skill.id
        )
        query = query.where(Skill.id.in_(listed))
    return (await session.scalars(query.order_by(Skill.id))).all()


async def entries(
    session: AsyncSession, conversation_id: UUID, *, after: int, up_to: int, limit: int
) -> list[Message]:
    """Return the last entries of a part of a transcript, oldest first, without notes."""
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.position > after,
            Message.position <= up_to,
            Message.author != str(Author.note),
        )
        .order_by(Message.position.desc())
        .limit(limit)
    )
    return list(reversed((await session.scalars(query)).all()))


async def count(session: AsyncSession, outcome: BotOutcome) -> None:
    """Count an outcome, and tell followers when the bot is paused or answers again."""
    await session.execute(upsert(BotRecord).values(bot_id=outcome.bot_id).on_conflict_do_nothing())
    found = select(BotRecord).where(BotRecord.bot_id == outcome.bot_id).with_for_update()
    record = (await session.scalars(found)).one()
    if outcome.problem:
        record.passed_on += 1
    else:
        record.answered, record.last_answer_at = record.answered + 1, outcome.at
    is_failure = outcome.problem is not None and outcome.problem.is_failure
    if outcome.problem is None or is_failure:
        await _keep_health(session, record, outcome, is_failure=is_failure)


async def _keep_health(
    session: AsyncSession, record: BotRecord, outcome: BotOutcome, *, is_failure: bool
) -> None:
    before = BotHealth(record.failures, record.paused_until)
    health = after(before, is_failure=is_failure, now=outcome.at)
    record.failures, record.paused_until = health.failures, health.paused_until
    if is_failure and outcome.problem:
        record.last_failure_at, record.last_problem = outcome.at, outcome.problem.value
    await session.flush()
    if (before.paused_until is None) is not (health.paused_until is None):
        kind = EventKind.bot_paused if health.paused_until else EventKind.bot_resumed
        event = NewEvent(kind=kind.value, at=outcome.at, data={"bot_id": outcome.bot_id})
        await append(session, outcome.account_id, [event])


async def resume(session: AsyncSession, bot: Bot, now: datetime) -> None:
    """Ask a paused bot again at once."""
    ended = (
        update(BotRecord)
        .where(BotRecord.bot_id == bot.id, BotRecord.paused_until.is_not(None))
        .values(paused_until=None, failures=0)
        .returning(BotRecord.bot_id)
    )
    if await session.scalar(ended):
        event = NewEvent(kind=EventKind.bot_resumed.value, at=now, data={"bot_id": bot.id})
        await append(session, bot.account_id, [event])


async def records(session: AsyncSession, bot_ids: Sequence[str]) -> Mapping[str, BotRecord]:
    """Return the records of bots that have been asked."""
    query = select(BotRecord).where(BotRecord.bot_id.in_(bot_ids))
    return {row.bot_id: row for row in await session.scalars(query)}


async def skills_of(session: AsyncSession, bot_ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the skills in use that each bot serves."""
    found: dict[str, list[str]] = {bot_id: [] for bot_id in bot_ids}
    query = (
        select(SkillBot.bot_id, SkillBot.skill_id)
        .join(Skill, Skill.id == SkillBot.skill_id)
        .where(SkillBot.bot_id.in_(bot_ids), Skill.retired_at.is_(None))
        .order_by(SkillBot.skill_id)
    )
    for bot_id, skill_id in await session.execute(query):
        found[bot_id].append(skill_id)
    return found


async def bots_of(session: AsyncSession, skill_ids: Sequence[str]) -> Mapping[str, str]:
    """Return the bot of each skill that has one."""
    query = (
        select(SkillBot.skill_id, SkillBot.bot_id)
        .join(Bot, Bot.id == SkillBot.bot_id)
        .where(SkillBot.skill_id.in_(skill_ids), Bot.retired_at.is_(None))
    )
    return {row.skill_id: row.bot_id for row in await session.execute(query)}


async def serve(session: AsyncSession, skill: Skill, bot_id: str | None) -> None:
    """Have a skill served by a bot; None: by people."""
    await session.execute(delete(SkillBot).where(SkillBot.skill_id == skill.id))
    if bot_id is not None:
        session.add(SkillBot(skill_id=skill.id, account_id=skill.account_id, bot_id=bot_id))
    await session.flush()


async def forget(session: AsyncSession, bot: Bot) -> None:
    """Leave the skills of a bot to people."""
    await session.execute(delete(SkillBot).where(SkillBot.bot_id == bot.id))


async def with_bots(session: AsyncSession, account_id: str) -> Mapping[str, int]:
    """Return how many conversations each bot of an account has now."""
    query = (
        select(Conversation.bot_id, func.count().label("held"))
        .where(
            Conversation.account_id == account_id,
            Conversation.status == str(Status.waiting),
            Conversation.bot_id.is_not(None),
        )
        .group_by(Conversation.bot_id)
    )
    return {row.bot_id: row.held for row in await session.execute(query)}


async def at_work(session: AsyncSession, account_id: str) -> list[BotAtWork]:
    """Return the bots of an account that are in use, by name."""
    query = (
        select(Bot, BotRecord.paused_until)
        .outerjoin(BotRecord, BotRecord.bot_id == Bot.id)
        .where(Bot.account_id == account_id, Bot.retired_at.is_(None))
        .order_by(Bot.name, Bot.id)
    )
    held = await with_bots(session, account_id)
    return [
        BotAtWork(bot.id, bot.name, held.get(bot.id, 0), paused_until)
        for bot, paused_until in await session.execute(query)
    ]
