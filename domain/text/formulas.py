"""Cells of tables that a spreadsheet would run as formulas."""

from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet runs."""


def harmless(cell: str) -> str:
    """Return a cell of an export: what a spreadsheet would run gets a quote before it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_written(cell: str) -> str:
    """Return a cell without the quote that `harmless` put before it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
