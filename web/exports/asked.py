"""What the form of a new export asks for."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from domain.errors import Invalid, NotFound
from domain.exporting.kinds import ExportKind
from domain.reporting.kinds import SplitBy
from domain.reporting.local_time import LocalTime
from services.history import views
from services.history.filters import HistoryFilters
from web.export_links import ONLY, ORDER
from web.exports.limits import limits_in
from web.forms import FormFields
from web.frame import Frame
from web.words import _

PATH = "/exports"
Word = Annotated[str, Field(max_length=120)]
TIMES = ("opened_from", "opened_until", "opened_days")


class ExportAsked(HistoryFilters):
    """The address of a new export: what, and the filters of all conversations; or of figures, the
    days, what has a row each, and what limits them.
    """

    kind: ExportKind = ExportKind.conversations
    first_day: Word = ""
    last_day: Word = ""
    by: SplitBy = SplitBy.day
    only_skill: Word = ""
    only_agent: Word = ""
    only_team: Word = ""
    only_line: Word = ""
    only_source: Word = ""
    only_label: Word = ""

    @property
    def filters(self) -> dict[str, Any]:
        """Return the filters as a form carries them."""
        return kept_filters(self)

    @property
    def report(self) -> dict[str, str]:
        """Return what figures are limited to."""
        given = {
            SplitBy.skill: self.only_skill,
            SplitBy.agent: self.only_agent,
            SplitBy.team: self.only_team,
            SplitBy.line: self.only_line,
            SplitBy.source: self.only_source,
            SplitBy.label: self.only_label,
        }
        return {str(by): key for by, key in given.items() if key}


async def chosen_filters(frame: Frame, form: FormFields) -> dict[str, Any]:
    """Return the filters of a form: those it carries, a view's, or none.

    Raises `Invalid` for filters that are none, and `NotFound` for a view.
    """
    match form.text("view"):
        case "":
            return _carried(form)
        case "none":
            return {}
        case view_id:
            view = await views.find(frame.caller, frame.session, _id(view_id))
            return kept_filters(view.filters)


def kept_filters(filters: HistoryFilters) -> dict[str, Any]:
    """Return filters as forms carry them, without the order of their list."""
    names = HistoryFilters.model_fields.keys() - ORDER
    return filters.model_dump(mode="json", include=set(names), exclude_defaults=True)


async def filter_choices(frame: Frame, *, carries: bool) -> Sequence[tuple[str, str]]:
    """Return what filters a form offers. `carries`: it has some already."""
    shared = await views.listed(frame.caller, frame.session)
    own = [("", _("As below"))] if carries else []
    every = ("none" if carries else "", _("None: all conversations"))
    named = [(str(one.view.id), _("As the view {name}", name=one.view.name)) for one in shared]
    return [*own, every, *named]


def without_times(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Return filters without when conversations were opened, which a schedule says itself."""
    return {name: value for name, value in filters.items() if name not in TIMES}


def export_values(form: FormFields, filters: Mapping[str, Any], zone: str) -> Mapping[str, object]:
    """Return what a form asks for. Raises `Invalid` for a day that is none."""
    kind = form.text("kind")
    first, last = _day(form, "first"), _day(form, "last")
    values: dict[str, object] = {"kind": kind, "format": form.text("format")}
    if kind == ExportKind.figures:
        if first is None or last is None:
            raise Invalid("Figures need a first and a last day.")
        days = {"first": form.text("first"), "last": form.text("last")}
        return {**values, "report": {**days, "by": form.text("by"), **limits_in(form)}}
    clock = LocalTime(ZoneInfo(zone))
    filters = without_times(filters) if first or last else dict(filters)
    if first:
        filters["opened_from"] = clock.begins(first).isoformat()
    if last:
        filters["opened_until"] = clock.begins(last + timedelta(days=1)).isoformat()
    return {**values, "filters": filters}


def schedule_link(asked: ExportAsked) -> str:
    """Return where the same export is made again and again."""
    limits = {f"{ONLY}{name}": key for name, key in asked.report.items()}
    of_figures = {"by": str(asked.by), **limits} if asked.kind is ExportKind.figures else {}
    kept = {"kind": str(asked.kind), **of_figures, **without_times(asked.filters)}
    return f"{PATH}/schedules/new?{urlencode(kept, doseq=True)}"


def _carried(form: FormFields) -> dict[str, Any]:
    try:
        carried = json.loads(form.maybe("filters") or "{}")
        return HistoryFilters.model_validate(carried).model_dump(mode="json", exclude_defaults=True)
    except (ValueError, ValidationError) as error:
        raise Invalid("These filters are none of a list. Go back to the list.") from error


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise NotFound from error


def _day(form: FormFields, name: str) -> date | None:
    written = form.maybe(name)
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Invalid("This is no day. Write it as 2026-11-30.") from error


def told(filters: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return filters with their values, by the names of the API."""
    return [
        (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in filters.items()
    ]
