"""What would be said and asked on a line: settings resolved, and where each comes from."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.automatic import HoldingTexts
from api.schemas.effective import HoldingSettings
from api.schemas.shared import Language, SlugText
from api.schemas.surveys import HoldingSurvey
from domain.errors import NotFound
from services.configuring import automatic_messages

router = APIRouter(tags=["automatic messages"], responses=documented(NotFound))

LineQuery = Annotated[SlugText, Query(description="On which line.")]
SkillQuery = Annotated[
    SlugText | None, Query(description="With which skill. Default: the one texts go to.")
]
LanguageQuery = Annotated[
    Language | None, Query(description="Of the consumer. Default: the line's.")
]


@router.get("/automatic-messages/effective")
async def show_effective_messages(
    caller: CallerDep,
    session: SessionDep,
    line: LineQuery,
    skill: SkillQuery = None,
    language: LanguageQuery = None,
) -> HoldingTexts:
    """Show what a consumer of a line is told on each event, when, and who set it so."""
    held = await automatic_messages.holding(
        caller, session, line, skill_id=skill, language=language
    )
    return HoldingTexts.of(held)


@router.get("/settings/effective")
async def show_effective_settings(
    caller: CallerDep,
    session: SessionDep,
    line: LineQuery,
    skill: SkillQuery = None,
    language: LanguageQuery = None,
) -> HoldingSettings:
    """Show the times, hours, priority and transfers of a line with a skill, and who set them."""
    held = await automatic_messages.holding(
        caller, session, line, skill_id=skill, language=language
    )
    return HoldingSettings.of(held)


@router.get("/surveys/effective")
async def show_effective_survey(
    caller: CallerDep, session: SessionDep, line: LineQuery, language: LanguageQuery = None
) -> HoldingSurvey:
    """Show how consumers of a line are asked to rate, in which words, and who set it so."""
    held = await automatic_messages.holding(caller, session, line, language=language)
    return HoldingSurvey.of(held)
