"""Reads the settings of a line with a skill as plain values; `domain.settings` resolves them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from database.queries import automatic_rows, hours
from database.queries.surveys import design
from database.tables import (
    Account,
    AutomaticMessage,
    AutomaticTimer,
    Bot,
    Connector,
    Line,
    Skill,
    SkillBot,
    SkillTransferTarget,
    Survey,
)
from domain.bots.kinds import BotMode
from domain.language_settings import TextPrecedence
from domain.policy.effective import (
    AccountPart,
    BotPart,
    CourtesyRules,
    Effective,
    LinePart,
    ResponseTimes,
    SkillPart,
    StoredSettings,
    effective,
    policy,
)
from domain.policy.policy import AgentSilentPolicy, Policy
from domain.settings.kinds import TransferTargets
from domain.settings.scope import Scope


class UnknownSkill(Exception):
    """The account has no such line and skill."""


async def load_policy(
    session: AsyncSession,
    account_id: str,
    line_id: str,
    skill_id: str,
    now: datetime,
    language: str | None = None,
) -> Policy:
    """Return the policy of a line with a skill, with working hours from `now` on.

    Texts are in `language`, the consumer's; None: in the line's or else the account's language.
    Raises `UnknownSkill`.
    """
    return policy(await load_effective(session, account_id, line_id, skill_id, language), now)


async def load_effective(
    session: AsyncSession, account_id: str, line_id: str, skill_id: str, language: str | None = None
) -> Effective:
    """Return the effective settings of a line with a skill, and their scopes.

    Raises `UnknownSkill`.
    """
    return effective(await load_settings(session, account_id, line_id, skill_id), language)


async def load_settings(
    session: AsyncSession, account_id: str, line_id: str, skill_id: str
) -> StoredSettings:
    """Return all settings that can apply to a line with a skill. Raises `UnknownSkill`."""
    query = (
        select(Account, Connector, Line, Skill)
        .join(Line, Line.account_id == Account.id)
        .join(Connector, Connector.id == Line.connector_id)
        .join(Skill, Skill.id == skill_id)
        .where(Account.id == account_id, Line.id == line_id, Skill.account_id == account_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise UnknownSkill
    account, connector, line, skill = row
    around = Scope(line.id, skill.id, connector.id)
    return StoredSettings(
        account=_account(account),
        line=LinePart(
            line.id,
            connector.id,
            line.language,
            line.priority,
            connector.prefix,
            line.smart_encoding,
        ),
        skill=_skill(skill, await _targets(session, skill)),
        texts=tuple(map(automatic_rows.wording, await _texts(session, account_id, around))),
        timers=tuple(map(automatic_rows.timing, await _timers(session, account_id, around))),
        surveys=tuple(map(design, await _surveys(session, account_id, around))),
        hours=tuple(await hours.set_for(session, account, skill)),
        bot=await _bot(session, skill),
    )


async def _texts(
    session: AsyncSession, account_id: str, around: Scope
) -> Sequence[AutomaticMessage]:
    table = AutomaticMessage
    query = select(table).where(
        table.account_id == account_id,
        _reaches(table.line_id, around.line_id),
        _reaches(table.skill_id, around.skill_id),
        _reaches(table.connector_id, around.connector_id),
    )
    return (await session.scalars(query)).all()


async def _timers(
    session: AsyncSession, account_id: str, around: Scope
) -> Sequence[AutomaticTimer]:
    table = AutomaticTimer
    query = select(table).where(
        table.account_id == account_id,
        _reaches(table.line_id, around.line_id),
        _reaches(table.skill_id, around.skill_id),
    )
    return (await session.scalars(query)).all()


async def _surveys(session: AsyncSession, account_id: str, around: Scope) -> Sequence[Survey]:
    query = select(Survey).where(
        Survey.account_id == account_id,
        _reaches(Survey.line_id, around.line_id),
        _reaches(Survey.connector_id, around.connector_id),
    )
    return (await session.scalars(query)).all()


def _reaches(column: InstrumentedAttribute[str | None], wanted: str | None) -> ColumnElement[bool]:
    """Return the condition of `domain.settings.scope.reaches` for one column; tested against it."""
    return or_(column.is_(None), column == wanted)


async def _targets(session: AsyncSession, skill: Skill) -> tuple[str, ...]:
    table = SkillTransferTarget
    query = select(table.target_id).where(table.skill_id == skill.id).order_by(table.target_id)
    return tuple(await session.scalars(query))


async def _bot(session: AsyncSession, skill: Skill) -> BotPart | None:
    query = (
        select(Bot)
        .join(SkillBot, SkillBot.bot_id == Bot.id)
        .where(SkillBot.skill_id == skill.id, Bot.retired_at.is_(None))
    )
    row = await session.scalar(query)
    if row is None:
        return None
    return BotPart(
        id=row.id,
        name=row.name,
        mode=BotMode(row.mode),
        fallback_skill_id=row.fallback_skill_id,
        deadline=timedelta(seconds=row.deadline_seconds),
        disclosures=row.disclosures if row.discloses else None,
        texts=row.texts_most,
        turns=row.turns_most,
        turns_per_minute=row.turns_per_minute,
    )


def _account(row: Account) -> AccountPart:
    return AccountPart(
        brand=row.brand,
        language=row.language,
        text_precedence=TextPrecedence(row.text_precedence),
        times=_times(row),
        courtesies=_courtesies(row),
        auto_close=timedelta(seconds=row.auto_close_seconds),
        agent_silent=AgentSilentPolicy(
            nudge=_span(row.agent_silent_nudge_seconds),
            reroute=_span(row.agent_silent_reroute_seconds),
        ),
        agent_transfer_fallback=timedelta(seconds=row.agent_transfer_fallback_seconds),
        ring_timeout=timedelta(seconds=row.ring_timeout_seconds),
    )


def _skill(row: Skill, targets: tuple[str, ...]) -> SkillPart:
    return SkillPart(
        id=row.id,
        name=row.name,
        priority=row.priority,
        times=_times(row),
        courtesies=_courtesies(row),
        auto_close=_span(row.auto_close_seconds),
        transfer_targets=TransferTargets(row.transfer_targets),
        targets=targets,
        survey_after_auto_close=row.survey_after_auto_close,
    )


def _times(row: Account | Skill) -> ResponseTimes:
    return ResponseTimes(_span(row.response_seconds), _span(row.first_response_seconds))


def _courtesies(row: Account | Skill) -> CourtesyRules:
    return CourtesyRules(
        shown_within=_span(row.thanks_shown_seconds),
        need_answer=row.thanks_need_answer,
        answers_within=_span(row.automatic_replies_seconds),
    )


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
