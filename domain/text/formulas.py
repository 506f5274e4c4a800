"""Cells of tables that a spreadsheet would run as formulas.

A cell is dangerous where it begins and where a spreadsheet may see another cell begin: in many
countries Excel parts cells at a semicolon, knows the quotes of no cell that comes after the first
comma, and so ends a row at a line break, too.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import re

FORMULA = "=+\\-@\t\r＝＋－＠"
"""How a cell begins that a spreadsheet runs; the wide ones in East Asian ones."""
_BEGINS = re.compile(rf"((?:^|[;\n\r\t]) *+)(?=[{FORMULA}])")
_DEFUSED = re.compile(rf"((?:^|[;\n\r\t]) *+)'(?=[{FORMULA}])")


def harmless(cell: str) -> str:
    """Return a cell of an export: what a spreadsheet would run gets a quote before it."""
    return _BEGINS.sub(r"\1'", cell)


def as_written(cell: str) -> str:
    """Return a cell without the quotes that `harmless` put into it."""
    return _DEFUSED.sub(r"\1", cell)
