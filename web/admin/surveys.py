"""Surveys: what consumers are asked after a conversation, with a phone beside it to try it on."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from domain.errors import Invalid
from services.configuring import surveys
from web.admin import survey_forms, survey_pages, survey_scope
from web.admin.scopes import Brand, BrandDep, RowId, load_brand
from web.admin.survey_pages import SurveyPageQuery
from web.forms import FormFields, FormFieldsDep
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken
from web.route import PageRoute, is_part, redirect, refused_beside

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
    request: Request, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Set a survey."""
    query = _query(form, brand)

    async def present() -> str:
        latest = await load_brand(frame.caller, frame.session)
        return (await survey_scope.resolve_survey(frame, latest, query.scope)).version

    if told := await overtaken(request, frame, form, present):
        return told
    await survey_scope.put(frame, query.scope, survey_forms.design(form))
    return redirect(request, query.saved)


@router.post("/preview")
async def preview(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> HTMLResponse:
    """Show a survey on the phone before it is saved, and how an answer is read."""
    try:
        return await _preview(request, form, frame, brand)
    except Invalid as error:
        return refused_beside(request, error)


@router.post("/{row}/remove")
async def remove_survey(
    request: Request, row: RowId, form: FormFieldsDep, frame: AdminsFrame, brand: BrandDep
) -> Response:
    """Remove a survey: the less specific one applies again."""
    await surveys.remove(frame.caller, frame.session, row)
    return redirect(request, _query(form, brand).saved)


def _query(form: FormFields, brand: Brand) -> SurveyPageQuery:
    return SurveyPageQuery.of(brand, form.text("of"), form.text("language"))


async def _preview(request: Request, form: FormFields, frame: Frame, brand: Brand) -> HTMLResponse:
    query, given = _query(form, brand), form.text("answer")
    # A browser without scripts sends the answer alone: it is read by the saved survey.
    draft = survey_forms.design(form) if "scale" in form.data else None
    if is_part(request):
        return await survey_pages.answer_preview(frame, brand, query, draft, given)
    return await survey_pages.answer(frame, brand, query, draft=draft, given=given)
