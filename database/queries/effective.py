"""What holds for a line with a skill and a language, with where it was set: for people."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import within
from database.queries import account_rows, accounts, surveys, wordings
from database.queries.opening import skill_at_opening
from database.queries.policy import spoken
from database.tables import Connector, Line, Skill, Survey
from domain.automatic.kinds import Automatic
from domain.automatic.outcome import TimerOutcome, timer_outcomes
from domain.automatic.wordings import TextOutcome, Tongue, text_outcomes
from domain.language_settings import TextsFirst
from domain.survey.design import SurveyDesign, policy_of


@dataclass(frozen=True)
class Effective:
    """Texts and timers with the rows they come from, None for the product's defaults."""

    line: Line
    skill: Skill
    prefix: str
    language: str
    survey: Survey | None
    design: SurveyDesign
    texts: list[tuple[TextOutcome, int | None]]
    timers: dict[Automatic, tuple[TimerOutcome, int | None]]


async def effective(
    session: AsyncSession,
    account_id: str,
    line_id: str,
    skill_id: str | None = None,
    language: str | None = None,
) -> Effective:
    """Return what holds; without a skill for the one that texts go to. Raises `NotFound`."""
    account = await accounts.find(session, account_id)
    line = await account_rows.find(session, Line, account_id, line_id)
    wanted = (
        skill_id or (await skill_at_opening(within(session), account_id, line_id, None)).skill_id
    )
    skill = await account_rows.find(session, Skill, account_id, wanted)
    connector = await account_rows.find(session, Connector, account_id, line.connector_id)
    kept = await surveys.holding(session, line)
    design = SurveyDesign.model_validate(kept.definition if kept else {})
    spoken_language = spoken(language, line, account)
    tongue = Tongue(spoken_language, account.language, TextsFirst(account.texts_first))
    of = wordings.Setting.of(line, skill.id)
    return Effective(
        line=line,
        skill=skill,
        prefix=connector.prefix,
        language=spoken_language,
        survey=kept,
        design=design,
        texts=await _texts(session, of, tongue, design),
        timers=await _timers(session, of),
    )


async def _texts(
    session: AsyncSession,
    of: wordings.Setting,
    tongue: Tongue,
    design: SurveyDesign,
) -> list[tuple[TextOutcome, int | None]]:
    ids = {wordings.wording(row): row.id for row in await wordings.texts_for(session, of)}
    outcomes = text_outcomes(ids, tongue, policy_of(design).scale)
    return [(one, ids[one.setting] if one.setting else None) for one in outcomes]


async def _timers(
    session: AsyncSession, of: wordings.Setting
) -> dict[Automatic, tuple[TimerOutcome, int | None]]:
    ids = {wordings.timing(row): row.id for row in await wordings.timers_for(session, of)}
    outcomes = timer_outcomes(list(ids))
    return {
        event: (one, ids[one.setting] if one.setting else None) for event, one in outcomes.items()
    }
