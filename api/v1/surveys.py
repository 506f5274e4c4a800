"""The closing survey: how consumers are asked, for the account, a connector or a line."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.list_cursors import SettingsLimit, part_of
from api.problems import documented
from api.schemas.shared import Cursor
from api.schemas.surveys import SurveyIn, SurveySetting, SurveySettings
from api.scopes import needs
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from domain.survey.design import SurveyDesign
from domain.survey.scales import READY
from services.configuring import surveys

router = APIRouter(prefix="/surveys", tags=["surveys"], dependencies=[needs(Area.settings)])


@router.get("")
async def list_surveys(
    caller: CallerDep, session: SessionDep, cursor: Cursor = None, limit: SettingsLimit = None
) -> SurveySettings:
    """Show the surveys the account has set, the default one, and the ready scales."""
    rows, follows = part_of(await surveys.listed(caller, session), cursor, limit)
    return SurveySettings(
        set=[SurveySetting.of(row) for row in rows],
        next=follows,
        default=SurveyDesign(),
        scales=list(READY.values()),
    )


@router.put("", responses=documented(NotAllowed, NotFound, Conflict))
async def set_survey(wanted: SurveyIn, caller: AdminDep, session: SessionDep) -> SurveySetting:
    """Set a whole survey: fields left out get their default. Its texts are automatic messages.

    Open conversations keep the old one until they are transferred.
    """
    row = await surveys.put(
        caller, session, wanted.design, line_id=wanted.line, connector_id=wanted.connector
    )
    return SurveySetting.of(row)


@router.delete("/{survey_id}", status_code=204, responses=documented(NotAllowed, NotFound))
async def remove_survey(
    survey_id: Annotated[int, Path(ge=1, le=2**63 - 1)], caller: AdminDep, session: SessionDep
) -> None:
    """Remove a survey: a less specific one or the default applies again."""
    await surveys.remove(caller, session, survey_id)
