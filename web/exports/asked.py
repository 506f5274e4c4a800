"""What the form of a new export asks for."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from domain.errors import Invalid
from domain.exporting.kinds import ExportKind
from domain.reporting.local_time import LocalTime
from services.history.filters import HistoryFilters
from web.export_links import ORDER
from web.forms import FormFields

PATH = "/exports"
TIMES = ("opened_from", "opened_until", "opened_days")


class ExportAsked(HistoryFilters):
    """The address of a new export: what, and the filters of all conversations."""

    kind: ExportKind = ExportKind.conversations

    @property
    def filters(self) -> dict[str, Any]:
        """Return the filters as a form carries them."""
        left_out = {"kind", *ORDER}
        return self.model_dump(mode="json", exclude=left_out, exclude_defaults=True)


def export_values(form: FormFields, zone: str) -> Mapping[str, object]:
    """Return what a form asks for. Raises `Invalid` for a filter or a day that is none."""
    kind = form.text("kind")
    first, last = _day(form, "first"), _day(form, "last")
    values: dict[str, object] = {"kind": kind, "format": form.text("format")}
    if kind == ExportKind.figures:
        if first is None or last is None:
            raise Invalid("Figures need a first and a last day.")
        days = {"first": form.text("first"), "last": form.text("last")}
        return {**values, "report": {**days, "by": form.text("by")}}
    filters = _carried(form)
    clock = LocalTime(ZoneInfo(zone))
    if first or last:
        filters = {name: value for name, value in filters.items() if name not in TIMES}
    if first:
        filters["opened_from"] = clock.begins(first).isoformat()
    if last:
        filters["opened_until"] = clock.begins(last + timedelta(days=1)).isoformat()
    return {**values, "filters": filters}


def _carried(form: FormFields) -> dict[str, Any]:
    try:
        carried = json.loads(form.maybe("filters") or "{}")
        return HistoryFilters.model_validate(carried).model_dump(mode="json", exclude_defaults=True)
    except (ValueError, ValidationError) as error:
        raise Invalid("These filters are none of a list. Go back to the list.") from error


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
