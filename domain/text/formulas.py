"""Cells of tables that a spreadsheet would run as formulas.

A cell is dangerous where it begins and where a spreadsheet may see another cell begin: in many
countries Excel parts cells at a semicolon, knows the quotes of no cell that comes after the first
comma, and so ends a row at a line break, too.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import re

# What a formula begins with stands in both; the wide signs count in East Asian spreadsheets.
_BEGINS = re.compile(r"((?:^|[;\n\r\t]) *+)(?=[=+\-@\t\r＝＋－＠])")
_DEFUSED = re.compile(r"((?:^|[;\n\r\t]) *+)'(?=[=+\-@\t\r＝＋－＠])")


def harmless(cell: str) -> str:
    """Return a cell of an export: what a spreadsheet would run gets a quote before it."""
    return _BEGINS.sub(r"\1'", cell)


def as_written(cell: str) -> str:
    """Return a cell without the quotes that `harmless` put into it."""
    return _DEFUSED.sub(r"\1", cell)
