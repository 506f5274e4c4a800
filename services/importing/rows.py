"""Rows of a file of consumers, read in order, each number once."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.batches.kinds import BAD_BECAUSE
from domain.batches.numbers import UnreadNumber, listed_phone
from domain.consumers.imports import Columns, Details, read_details
from domain.errors import DomainError, Invalid
from domain.numbers.phone_numbers import Address
from domain.text.cards import has_card

MOST_ROWS = 100_000
"""Rows of a file. Ours: as many as recipients of a batch."""
TOO_MANY = f"The file has more than {MOST_ROWS:,} rows. Split it, with the first line in each part."

HAS_CARD = "The line holds what looks like the number of a payment card."


@dataclass(frozen=True)
class ReadRow:
    """What a line says about whom."""

    line: int
    phone: Address
    details: Details


@dataclass(frozen=True)
class RefusedLine:
    """Why a line is not imported."""

    line: int
    error: str


@dataclass(frozen=True)
class Terms:
    """What rows are read by. `calling_code`: the country of numbers without one, if it is known."""

    columns: Columns
    calling_code: int | None
    refuses_cards: bool = False


def rows(lines: Any, terms: Terms) -> Iterator[ReadRow | RefusedLine]:
    """Yield what the rows of a file say. Blank lines are no rows."""
    seen: dict[str, int] = {}
    while True:
        line = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error:
            yield RefusedLine(line, "The line is no line of CSV.")
            continue
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        yield _read(line, cells, terms, seen)


def count_rows(lines: Any) -> None:
    """Raise `Invalid` for a file with too many rows, before any of them is taken."""
    count = 0
    while True:
        try:
            cells = next(lines, None)
        except csv.Error:
            count += 1
            continue
        if cells is None:
            return
        count += any(cell.strip() for cell in cells)
        if count > MOST_ROWS:
            raise Invalid(TOO_MANY)


def _read(line: int, cells: list[str], terms: Terms, seen: dict[str, int]) -> ReadRow | RefusedLine:
    number = cells[terms.columns.number] if terms.columns.number < len(cells) else ""
    try:
        phone = listed_phone(number, terms.calling_code)
        details = read_details(cells, terms.columns)
    except UnreadNumber as error:
        return RefusedLine(line, BAD_BECAUSE[error.reason])
    except DomainError as error:
        return RefusedLine(line, error.detail)
    others = (cell for place, cell in enumerate(cells) if place != terms.columns.number)
    if terms.refuses_cards and any(map(has_card, others)):
        return RefusedLine(line, HAS_CARD)
    if phone.key in seen:
        return RefusedLine(line, f"Line {seen[phone.key]} has the same number.")
    seen[phone.key] = line
    return ReadRow(line, phone, details)
