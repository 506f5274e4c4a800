"""Addresses at which an export of a list begins, for the button beside that list."""

from urllib.parse import urlencode

from domain.exporting.kinds import ExportKind
from services.history.filters import HistoryFilters

ORDER = {"sort", "direction"}
EVERYTHING = HistoryFilters()


def export_link(kind: ExportKind, filters: HistoryFilters = EVERYTHING) -> str:
    """Return the address of the form of a new export with the filters of a list."""
    kept = filters.model_dump(mode="json", exclude=ORDER, exclude_defaults=True)
    return f"/exports/new?{urlencode({'kind': str(kind), **kept}, doseq=True)}"
