"""Working hours of the account or of a skill: the week, and special days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.clock import utc_now
from api.schemas.hours import HoursIn, HoursOut, PeriodText, SpecialDayText, Week
from api.schemas.shared import SlugText
from domain.hours import public_holidays
from domain.hours.calendars import DAY, Period
from services.configuring import hours, open_now
from web import choices
from web.admin import skills
from web.datetimes import weekday
from web.forms import FieldsInvalid, FormFields, FormFieldsDep, Problem, parse
from web.frame import AdminsFrame, Frame
from web.overtaken import overtaken, version_of
from web.route import PageRoute, redirect
from web.words import _

PATH = "/admin/hours"
MOST_SPECIAL = 400
VOLATILE = ("time_zone", "is_open", "next_open_at")
"""What the page shows and its form does not set."""
SPARE = 2
"""Empty rows for more special days."""
PERIOD = re.compile(r"(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)")

router = APIRouter(prefix=PATH, route_class=PageRoute)

OfSkill = Annotated[SlugText | None, Query(alias="skill")]


@dataclass(frozen=True)
class DayRow:
    """A day of the week: its hours as text, and the open minutes to draw, with last night's."""

    name: str
    label: str
    written: str
    open: Sequence[tuple[int, int]]


@router.get("")
async def show_hours(
    frame: AdminsFrame, skill_id: OfSkill = None, saved: bool = False
) -> HTMLResponse:
    """Show working hours to edit."""
    shown = await _shown(frame, skill_id)
    special = [
        (one.day.isoformat(), one.name, periods_text(one.periods)) for one in shown.special_days
    ]
    return frame.answer(
        "admin/hours.html",
        hours=shown,
        seen=version_of(shown, VOLATILE),
        days=_days(shown.week),
        is_always_open=not any(shown.week.days),
        special=[*special, *[("", "", "")] * SPARE],
        skills=await skills.list_skills(frame),
        skill_id=skill_id,
        countries=choices.countries(public_holidays.countries()),
        open_now=await open_now.count(frame.caller, frame.session, skill_id),
        saved=saved,
    )


@router.post("")
async def set_hours(
    request: Request, form: FormFieldsDep, frame: AdminsFrame, skill_id: OfSkill = None
) -> Response:
    """Replace working hours."""

    async def present() -> str:
        return version_of(await _shown(frame, skill_id), VOLATILE)

    if told := await overtaken(request, frame, form, present):
        return told
    await hours.replace(frame.caller, frame.session, _hours(form).hours, skill_id)
    return redirect(
        request, f"{PATH}?skill={skill_id}&saved=true" if skill_id else f"{PATH}?saved=true"
    )


@router.post("/follow")
async def follow_account(request: Request, frame: AdminsFrame, skill_id: OfSkill) -> Response:
    """Make a skill follow the account's hours again."""
    await hours.follow_account(frame.caller, frame.session, skill_id or "")
    return redirect(request, f"{PATH}?skill={skill_id}&saved=true")


async def _shown(frame: Frame, skill_id: str | None) -> HoursOut:
    return HoursOut.of(await hours.show(frame.caller, frame.session, skill_id), utc_now())


def periods_text(periods: Sequence[PeriodText]) -> str:
    """Return periods as people write them: `09:00-12:00, 13:00-17:00`."""
    return ", ".join(f"{one.opens}-{one.closes}" for one in periods)


def read_periods(text: str, label: str, field: str = "") -> list[PeriodText]:
    """Return the periods somebody wrote in a field. Raises `FieldsInvalid`."""
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    return [_period(part, label, field) for part in parts]


def _period(part: str, label: str, field: str) -> PeriodText:
    found = PERIOD.fullmatch(part)
    if found is None:
        told = _("write hours such as 09:00-12:30, 13:00-17:00")
        raise FieldsInvalid([Problem.of(field, label, told)])
    opens, closes = (clock.zfill(5) for clock in found.groups())
    try:
        return PeriodText(opens=opens, closes=closes)
    except ValueError as error:
        told = _("{part} is not a time of day", part=part)
        raise FieldsInvalid([Problem.of(field, label, told)]) from error


def _hours(form: FormFields) -> HoursIn:
    labels = {name: weekday(at) for at, name in enumerate(Week.model_fields)}
    week = {name: read_periods(form.text(name), label, name) for name, label in labels.items()}
    values: dict[str, object] = {
        "week": parse(Week, week, labels),
        "special_days": [_special_day(form, row) for row in _special(form)],
    }
    return parse(HoursIn, values, {"special_days": _("Special days")})


def _special_day(form: FormFields, row: int) -> SpecialDayText:
    day, name = form.text(f"day-{row}"), form.text(f"name-{row}") or _("Special day")
    periods = read_periods(form.text(f"periods-{row}"), day, f"periods-{row}")
    which = _("Special day {day}", day=day)
    labels = {"day": which, "name": _("Special day {day}, name", day=day), "periods": which}
    try:
        return parse(SpecialDayText, {"day": day, "name": name, "periods": periods}, labels)
    except FieldsInvalid as error:  # its fields are those of one row
        here = [replace(one, field=f"{one.field}-{row}") for one in error.problems]
        raise FieldsInvalid(here) from error


def _special(form: FormFields) -> Iterator[int]:
    """Yield the rows that hold a day."""
    for row in range(MOST_SPECIAL + SPARE):
        name, text = form.text(f"name-{row}"), form.text(f"periods-{row}")
        if form.text(f"day-{row}"):
            yield row
        elif name or text:
            told = _("{name} needs a date", name=name or text)
            raise FieldsInvalid([Problem.of(f"day-{row}", _("Special days"), told)])


def _days(week: Week) -> list[DayRow]:
    return [
        DayRow(
            name, weekday(index), periods_text(getattr(week, name)), _open_minutes(week.days, index)
        )
        for index, name in enumerate(Week.model_fields)
    ]


def _open_minutes(days: Sequence[Sequence[Period]], index: int) -> list[tuple[int, int]]:
    """Return the open minutes of a day, with last night's. A week without hours is open."""
    if not any(days):
        return [(0, DAY)]
    return [
        *((0, one.closes - DAY) for one in days[index - 1] if one.closes > DAY),
        *((one.opens, min(one.closes, DAY)) for one in days[index]),
    ]
