"""Public holidays of a country, taken over as special days of working hours."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.clock import utc_now
from api.schemas.hours import HoursOut
from api.schemas.shared import SlugText
from domain.errors import Invalid
from domain.hours import public_holidays
from domain.hours.calendars import SpecialHours
from domain.hours.public_holidays import Holiday
from services.configuring import hours
from translations.reader import reader
from web import choices
from web.forms import FormFieldsDep
from web.frame import AdminsFrame
from web.route import PageRoute, is_part, redirect

PATH = "/admin/hours"
AHEAD = timedelta(days=548)
"""A year and a half: whoever looks in autumn sees all of next year."""

router = APIRouter(prefix=PATH, route_class=PageRoute)

Code = Annotated[str, Query(max_length=20)]
OfSkill = Annotated[SlugText | None, Query(alias="skill")]


@router.get("/holidays")
async def show_holidays(
    request: Request,
    frame: AdminsFrame,
    country: Code = "",
    region: Code = "",
    skill_id: OfSkill = None,
) -> HTMLResponse:
    """Show a country's regions and coming holidays, to choose from."""
    if not country:
        raise Invalid("Choose a country.")
    held = HoursOut.of(await hours.show(frame.caller, frame.session, skill_id), utc_now())
    regions = public_holidays.regions(country)
    known = region if region in regions else ""  # of the country chosen before
    template = "admin/holidays.html" if is_part(request) else "admin/holidays_page.html"
    return frame.answer(
        template,
        is_part=is_part(request),
        country=country,
        country_name=dict(choices.countries([country]))[country],
        regions=sorted(regions.items(), key=lambda one: one[1].casefold()),
        region=known,
        skill_id=skill_id,
        holidays=_coming(country, known),
        taken={one.day for one in held.special_days},
    )


@router.post("/holidays")
async def take_holidays(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, skill_id: OfSkill = None
) -> Response:
    """Be closed on the holidays that are ticked."""
    ticked = set(form.every("days"))
    coming = _coming(form.text("country"), form.text("region"))
    closed = [SpecialHours(one.day, (), one.name[:80]) for one in coming if str(one.day) in ticked]
    if not closed:
        raise Invalid("Tick the holidays on which you are closed.")
    await hours.add_special(frame.caller, frame.session, closed, skill_id)
    of = f"skill={skill_id}&" if skill_id else ""
    return redirect(request, f"{PATH}?{of}saved=true")


def _coming(country: str, region: str) -> list[Holiday]:
    today: date = utc_now().date()
    language = reader().language
    return public_holidays.between(country, region or None, today, today + AHEAD, language)
