"""Rows of exports as lines of CSV or JSON Lines."""

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from enum import Enum
from io import StringIO
from uuid import UUID

from domain.exporting.kinds import ExportFormat
from domain.text.formulas import harmless

MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""

Cell = object
Row = Sequence[Cell]


def beginning(form: ExportFormat, columns: Sequence[str]) -> str:
    """Return what a file begins with: the heading of CSV; nothing of JSON Lines."""
    if form is ExportFormat.jsonl:
        return ""
    return MARK + _csv([list(columns)])


def written(form: ExportFormat, columns: Sequence[str], rows: Sequence[Row], zone: tzinfo) -> str:
    """Return rows as lines. Times are ISO 8601 in `zone`, with what that is away from UTC."""
    plain = [[_plain(cell, zone) for cell in row] for row in rows]
    if form is ExportFormat.csv:
        return _csv([[_cell(one) for one in row] for row in plain])
    lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) for row in plain)
    return "".join(f"{line}\n" for line in lines)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _plain(cell: Cell, zone: tzinfo) -> object:
    match cell:
        case datetime():
            return cell.astimezone(zone).isoformat()
        case date():
            return cell.isoformat()
        case UUID():
            return str(cell)
        case Enum():
            return cell.value
        case float():
            return round(cell, 2)
        case _:
            return cell


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return harmless(value)
        case list() | tuple() if all(isinstance(one, str) for one in value):
            return harmless("; ".join(value))
        case dict() | list() | tuple():
            return harmless(json.dumps(value, ensure_ascii=False))
        case _:
            return str(value)
