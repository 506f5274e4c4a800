"""Addresses at which an export of a list begins, for the button beside that list."""

from collections.abc import Mapping
from urllib.parse import urlencode

from domain.exporting.kinds import ExportKind
from domain.reporting.kinds import SplitBy
from services.history.filters import HistoryFilters
from services.reporting.spans import Days

ORDER = {"sort", "direction"}
ONLY = "only_"
"""Before what limits figures: filters of conversations have some of the same names."""
EVERYTHING = HistoryFilters()


def figures_link(days: Days | None, by: SplitBy, only: Mapping[SplitBy, str]) -> str:
    """Return the address of the form of a new export of figures: of a report's days and limits."""
    span = {"first_day": days.first, "last_day": days.last} if days else {}
    limits = {f"{ONLY}{name}": key for name, key in only.items()}
    asked = {"kind": str(ExportKind.figures), **span, "by": str(by), **limits}
    return f"/exports/new?{urlencode(asked)}"


def export_link(kind: ExportKind, filters: HistoryFilters = EVERYTHING) -> str:
    """Return the address of the form of a new export with the filters of a list."""
    kept = filters.model_dump(mode="json", exclude=ORDER, exclude_defaults=True)
    return f"/exports/new?{urlencode({'kind': str(kind), **kept}, doseq=True)}"
