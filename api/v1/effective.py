"""The settings that apply on a line, and where each comes from."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.app_state import SessionDep
from api.caller import CallerDep
from api.problems import documented
from api.schemas.automatic import EffectiveTexts
from api.schemas.effective import EffectiveSettings
from api.schemas.shared import Language, SlugText
from api.schemas.surveys import EffectiveSurvey
from api.scopes import needs
from domain.errors import NotFound
from domain.people.token_scopes import Area
from services.configuring import automatic_messages

router = APIRouter(
    tags=["automatic messages"], responses=documented(NotFound), dependencies=[needs(Area.settings)]
)

LineQuery = Annotated[SlugText, Query(description="The line.")]
SkillQuery = Annotated[
    SlugText | None, Query(description="The skill. Default: the one its texts go to.")
]
LanguageQuery = Annotated[
    Language | None, Query(description="The consumer's language. Default: the line's.")
]


@router.get("/automatic-messages/effective")
async def show_effective_messages(
    caller: CallerDep,
    session: SessionDep,
    line: LineQuery,
    skill: SkillQuery = None,
    language: LanguageQuery = None,
) -> EffectiveTexts:
    """Show the automatic messages of a line: each text, when it is sent, and who set it."""
    held = await automatic_messages.load_effective(
        caller, session, line, skill_id=skill, language=language
    )
    return EffectiveTexts.of(held)


@router.get("/settings/effective")
async def show_effective_settings(
    caller: CallerDep,
    session: SessionDep,
    line: LineQuery,
    skill: SkillQuery = None,
    language: LanguageQuery = None,
) -> EffectiveSettings:
    """Show times, hours, priority and transfer targets of a line with a skill, and who set them."""
    held = await automatic_messages.load_effective(
        caller, session, line, skill_id=skill, language=language
    )
    return EffectiveSettings.of(held)


@router.get("/surveys/effective")
async def show_effective_survey(
    caller: CallerDep, session: SessionDep, line: LineQuery, language: LanguageQuery = None
) -> EffectiveSurvey:
    """Show the survey of a line: its design, its texts, and who set them."""
    held = await automatic_messages.load_effective(caller, session, line, language=language)
    return EffectiveSurvey.of(held)
