"""Surveys: what consumers are asked after a conversation, tried out on the phone beside it."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from domain.errors import Invalid
from services.configuring import surveys
from web.admin import survey_forms, survey_pages, survey_scope
from web.admin.scopes import Brand, BrandDep, RowId
from web.admin.survey_pages import SurveyPageQuery
from web.forms import Filled, FilledDep
from web.frame import AdminsFrame, Frame
from web.route import PageRoute, go, is_part, refused_beside

router = APIRouter(prefix=survey_pages.PATH, route_class=PageRoute)


@router.get("")
async def show_survey(
    frame: AdminsFrame, brand: BrandDep, of: str = "", language: str = "", saved: bool = False
) -> HTMLResponse:
    """Show the survey of the account, a connector or a line, to be changed."""
    return await survey_pages.answer(
        frame, brand, SurveyPageQuery.of(brand, of, language), saved=saved
    )


@router.post("")
async def set_survey(
    request: Request, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Set a survey."""
    query = _query(filled, brand)
    await survey_scope.put(frame, query.scope, survey_forms.design(filled))
    return go(request, query.saved)


@router.post("/preview")
async def preview(
    request: Request, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> HTMLResponse:
    """Show a survey on the phone before it is saved, and how an answer is read."""
    try:
        return await _preview(request, filled, frame, brand)
    except Invalid as error:
        return refused_beside(request, error)


@router.post("/{row}/remove")
async def remove_survey(
    request: Request, row: RowId, filled: FilledDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Remove a survey: what is less specific holds again."""
    await surveys.remove(frame.caller, frame.session, row)
    return go(request, _query(filled, brand).saved)


def _query(filled: Filled, brand: Brand) -> SurveyPageQuery:
    return SurveyPageQuery.of(brand, filled.text("of"), filled.text("language"))


async def _preview(request: Request, filled: Filled, frame: Frame, brand: Brand) -> HTMLResponse:
    query, given = _query(filled, brand), filled.text("answer")
    # A browser without scripts sends the answer alone: it is tried on what is set.
    draft = survey_forms.design(filled) if "scale" in filled.data else None
    if is_part(request):
        return await survey_pages.tried(frame, brand, query, draft, given)
    return await survey_pages.answer(frame, brand, query, draft=draft, given=given)
