"""The effective settings of a line with a skill, who set each, and the policy made from them.

The workflow's policy, the settings pages and the API all use these values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting, resolve_timers
from domain.automatic.wordings import Text, TextLanguages, Wording, other_languages, resolve_texts
from domain.bots.disclosure import disclosure
from domain.bots.kinds import BotMode
from domain.bots.policy import BotPolicy
from domain.courtesies.policy import ANSWERS_WITHIN, SHOWN_WITHIN, CourtesyPolicy
from domain.hours.calendars import Calendar, open_hours
from domain.language_settings import TextPrecedence
from domain.languages import stand_ins
from domain.policy.policy import AgentSilentPolicy, Policy
from domain.settings.kinds import TransferTargets
from domain.settings.resolution import Resolved, Setting, Source, of_skill_or_account, resolve
from domain.settings.scope import Origin, Scope
from domain.survey.design import SurveyDesign, policy_of

TRANSFERS_IN_A_ROW = 5
"""Ours: a conversation that was transferred this often without a message goes round in circles."""


@dataclass(frozen=True)
class ResponseTimes:
    """Response times of an account or a skill; None: not set there."""

    response: timedelta | None = None
    first_response: timedelta | None = None


@dataclass(frozen=True)
class CourtesyRules:
    """What an account or a skill says about thanks and automatic replies; None: not set there."""

    shown_within: timedelta | None = None
    need_answer: bool | None = None
    answers_within: timedelta | None = None


@dataclass(frozen=True)
class AccountPart:
    """Settings of an account for all its conversations."""

    brand: str
    language: str
    text_precedence: TextPrecedence
    times: ResponseTimes
    courtesies: CourtesyRules
    auto_close: timedelta
    agent_silent: AgentSilentPolicy
    agent_transfer_fallback: timedelta
    ring_timeout: timedelta


@dataclass(frozen=True)
class LinePart:
    """Settings of a line; `prefix` is its connector's."""

    id: str
    connector_id: str
    language: str | None
    priority: int
    prefix: str
    smart_encoding: bool = False


@dataclass(frozen=True)
class SkillPart:
    """Settings of a skill. `targets`: the skills on its list of transfer targets."""

    id: str
    name: str
    priority: int
    times: ResponseTimes
    courtesies: CourtesyRules
    auto_close: timedelta | None
    transfer_targets: TransferTargets
    targets: tuple[str, ...]
    survey_after_auto_close: bool


@dataclass(frozen=True)
class BotPart:
    """The bot that serves a skill. `disclosures`: own words by language; None: it tells nothing."""

    id: str
    name: str
    mode: BotMode
    fallback_skill_id: str
    deadline: timedelta
    disclosures: Mapping[str, str] | None
    texts: int
    turns: int
    turns_per_minute: int


@dataclass(frozen=True)
class StoredSettings:
    """All stored settings that reach a line with a skill, as their rows hold them."""

    account: AccountPart
    line: LinePart
    skill: SkillPart
    texts: tuple[Wording, ...]
    timers: tuple[TimerSetting, ...]
    surveys: tuple[Setting[SurveyDesign], ...]
    hours: tuple[Setting[Calendar], ...]
    bot: BotPart | None = None


@dataclass(frozen=True)
class Effective:
    """The settings that hold, each with who set it. `targets` are the skill's."""

    settings: StoredSettings
    language: Resolved[str]
    priority: int
    """Minutes: the sum of the line's and the skill's priority."""
    texts: Mapping[Automatic, Resolved[Text]]
    timers: Mapping[Automatic, Resolved[Timer]]
    survey: Resolved[SurveyDesign]
    hours: Resolved[Calendar]
    response_time: Resolved[timedelta | None]
    first_response_time: Resolved[timedelta | None]
    auto_close_after: Resolved[timedelta]
    thanks_shown: Resolved[timedelta]
    thanks_need_answer: Resolved[bool]
    automatic_replies: Resolved[timedelta]
    targets: tuple[str, ...]


def effective(settings: StoredSettings, language: str | None = None) -> Effective:
    """Resolve stored settings for a consumer who writes `language`; None: it is not known."""
    account, line, skill = settings.account, settings.line, settings.skill
    language_read = language_of_texts(language, line, account)
    languages = TextLanguages(language_read.value, account.language, account.text_precedence)
    survey = resolve(settings.surveys, SurveyDesign())

    def timed(
        of_skill: timedelta | None, of_account: timedelta | None
    ) -> Resolved[timedelta | None]:
        return of_skill_or_account(skill.id, of_skill, of_account, None)

    return Effective(
        settings=settings,
        language=language_read,
        priority=line.priority + skill.priority,
        texts=resolve_texts(settings.texts, languages, policy_of(survey.value).scale),
        timers=resolve_timers(settings.timers),
        survey=survey,
        hours=resolve(settings.hours, Calendar()),
        response_time=timed(skill.times.response, account.times.response),
        first_response_time=timed(skill.times.first_response, account.times.first_response),
        auto_close_after=of_skill_or_account(
            skill.id, skill.auto_close, account.auto_close, account.auto_close
        ),
        thanks_shown=of_skill_or_account(
            skill.id, skill.courtesies.shown_within, account.courtesies.shown_within, SHOWN_WITHIN
        ),
        thanks_need_answer=of_skill_or_account(
            skill.id, skill.courtesies.need_answer, account.courtesies.need_answer, False
        ),
        automatic_replies=of_skill_or_account(
            skill.id,
            skill.courtesies.answers_within,
            account.courtesies.answers_within,
            ANSWERS_WITHIN,
        ),
        targets=skill.targets if skill.transfer_targets is TransferTargets.listed else (),
    )


def language_of_texts(language: str | None, line: LinePart, account: AccountPart) -> Resolved[str]:
    """Return the language of a line's texts for a consumer who writes `language`, if it is known.

    A language without a region becomes the brand's regional one: `pt` if its texts are `pt-BR`.
    """
    own = [Setting(account.language, Source.of(Scope()))]
    if line.language:
        own.append(Setting(line.language, Source.of(Scope(line_id=line.id))))
    if language is None:
        return resolve(own, account.language)
    kinds = [setting for setting in own if language in stand_ins(setting.value)]
    return Resolved(resolve(kinds, language).value, Source(Origin.consumer))


def policy(resolved: Effective, now: datetime) -> Policy:
    """Return the policy of a conversation; its working hours are known from `now` on."""
    account, line, skill = (
        resolved.settings.account,
        resolved.settings.line,
        resolved.settings.skill,
    )
    texts = {event: text.value for event, text in resolved.texts.items() if text.value.enabled}
    language, after_auto_close = resolved.language.value, skill.survey_after_auto_close
    return Policy(
        brand=account.brand,
        skill_id=skill.id,
        skill_name=skill.name,
        priority=resolved.priority,
        prefix=line.prefix,
        smart_encoding=line.smart_encoding,
        language=language,
        texts={event: text.text for event, text in texts.items()},
        text_languages=other_languages(texts, language),
        timers={event: timer.value for event, timer in resolved.timers.items() if event in texts},
        survey=policy_of(resolved.survey.value, after_auto_close=after_auto_close),
        hours=open_hours(resolved.hours.value, now),
        auto_close_after=resolved.auto_close_after.value,
        agent_transfer_fallback=account.agent_transfer_fallback,
        ring_timeout=account.ring_timeout,
        response_time=resolved.response_time.value,
        first_response_time=resolved.first_response_time.value,
        agent_silent=account.agent_silent,
        courtesies=CourtesyPolicy(
            shown_within=resolved.thanks_shown.value,
            need_answer=resolved.thanks_need_answer.value,
            answers_within=resolved.automatic_replies.value,
        ),
        transfer_targets=skill.transfer_targets,
        allowed_targets=resolved.targets,
        bot=_bot(resolved.settings.bot, language, account.language),
        transfers_in_a_row=TRANSFERS_IN_A_ROW,
    )


def _bot(bot: BotPart | None, language: str, otherwise: str) -> BotPolicy | None:
    if bot is None:
        return None
    own = bot.disclosures
    return BotPolicy(
        id=bot.id,
        name=bot.name,
        mode=bot.mode,
        fallback_skill_id=bot.fallback_skill_id,
        deadline=bot.deadline,
        disclosure=None if own is None else disclosure(own, language, otherwise),
        texts=bot.texts,
        turns=bot.turns,
        turns_per_minute=bot.turns_per_minute,
    )
