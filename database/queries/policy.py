"""What an account wants of a conversation: the policy of a line with a skill."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.hours import open_hours
from database.queries.surveys import survey_set
from database.queries.wordings import Setting, texts_for, timers_for, timing, wording
from database.tables import (
    Account,
    Connector,
    Line,
    Skill,
    SkillTransferTarget,
)
from domain.automatic.message_timers import resolve_timers
from domain.automatic.wordings import Tongue, choose, other_languages
from domain.language_settings import TextsFirst
from domain.languages import stand_ins
from domain.settings.kinds import TransferTargets
from domain.settings.policy import AgentSilentPolicy, Policy
from domain.survey.design import SurveyDesign, policy_of

TRANSFERS_IN_A_ROW = 5
"""A conversation passed on so often, and never answered, goes round in circles."""


class UnknownSkill(Exception):
    """No such line and skill in this account."""


async def load_policy(
    session: AsyncSession,
    account_id: str,
    line_id: str,
    skill_id: str,
    now: datetime,
    language: str | None = None,
) -> Policy:
    """Return the policy of a line with a skill, its hours told from now. `UnknownSkill`.

    Texts are in `language`, of the consumer; None: in the line's, else in the account's.
    """
    query = (
        select(Account, Connector, Line, Skill, survey_set())
        .join(Line, Line.account_id == Account.id)
        .join(Connector, Connector.id == Line.connector_id)
        .join(Skill, Skill.id == skill_id)
        .where(Account.id == account_id, Line.id == line_id, Skill.account_id == account_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise UnknownSkill
    account, connector, line, skill, definition = row
    policy = _policy(account, connector, line, skill, definition or {}, language)
    tongue = Tongue(policy.language, account.language, TextsFirst(account.texts_first))
    said = await _said(session, Setting.of(line, skill_id), policy, tongue)
    reaching = {
        "hours": await open_hours(session, account_id, skill_id, now),
        "allowed_targets": await _targets(session, skill),
    }
    return policy.model_copy(update=said | reaching)


async def _said(
    session: AsyncSession, of: Setting, policy: Policy, tongue: Tongue
) -> dict[str, object]:
    """Return what a policy has of texts, in its language, and when they are sent."""
    texts = choose(map(wording, await texts_for(session, of)), tongue, policy.survey.scale)
    return {
        "texts": {event: one.text for event, one in texts.items()},
        "text_languages": other_languages(texts, policy.language),
        "timers": resolve_timers(map(timing, await timers_for(session, of)), texts),
    }


def spoken(language: str | None, line: Line, account: Account) -> str:
    """Return the language of a line's texts to a consumer who writes `language`, if it is known.

    One without a region is taken as the kind the brand has: `pt` where its texts are `pt-BR`.
    """
    own = [code for code in (line.language, account.language) if code]
    if language is None:
        return own[0]
    return next((code for code in own if language in stand_ins(code)), language)


async def _targets(session: AsyncSession, skill: Skill) -> tuple[str, ...]:
    if skill.transfer_targets != TransferTargets.listed:
        return ()
    table = SkillTransferTarget
    query = select(table.target_id).where(table.skill_id == skill.id).order_by(table.target_id)
    return tuple(await session.scalars(query))


def _policy(
    account: Account,
    connector: Connector,
    line: Line,
    skill: Skill,
    definition: dict[str, Any],
    language: str | None,
) -> Policy:
    design = SurveyDesign.model_validate(definition)
    auto_close = skill.auto_close_seconds or account.auto_close_seconds
    return Policy(
        brand=account.brand,
        skill_id=skill.id,
        skill_name=skill.name,
        priority=line.priority + skill.priority,
        prefix=connector.prefix,
        language=spoken(language, line, account),
        survey=policy_of(design, after_auto_close=skill.survey_after_auto_close),
        auto_close_after=timedelta(seconds=auto_close),
        agent_transfer_fallback=timedelta(seconds=account.agent_transfer_fallback_seconds),
        ring_timeout=timedelta(seconds=account.ring_timeout_seconds),
        response_time=_first_set(skill.response_seconds, account.response_seconds),
        first_response_time=_first_set(
            skill.first_response_seconds, account.first_response_seconds
        ),
        agent_silent=AgentSilentPolicy(
            nudge=_first_set(account.agent_silent_nudge_seconds),
            reroute=_first_set(account.agent_silent_reroute_seconds),
        ),
        transfer_targets=TransferTargets(skill.transfer_targets),
        transfers_in_a_row=TRANSFERS_IN_A_ROW,
    )


def _first_set(*seconds: int | None) -> timedelta | None:
    known = next((one for one in seconds if one is not None), None)
    return None if known is None else timedelta(seconds=known)
