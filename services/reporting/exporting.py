"""A report's table as CSV."""

import csv
from collections.abc import Sequence
from io import StringIO

from sqlalchemy.ext.asyncio import AsyncSession

from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.text.formulas import harmless
from services import auditing
from services.caller import Caller

MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""

Cell = str | float | None


async def export(
    caller: Caller, session: AsyncSession, name: str, rows: Sequence[Sequence[Cell]]
) -> str:
    """Return a table as CSV, and keep in the audit log that it was exported.

    `name`: what was exported, such as its days. Words that a spreadsheet would run as a formula get
    a quote before them; numbers stay numbers, an empty cell is one that has none.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.reports_read)
    await auditing.note_export(caller, session, "report", name)
    written = StringIO()
    csv.writer(written).writerows([_cell(one) for one in row] for row in rows)
    return MARK + written.getvalue()


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return harmless(value)
    if value is None:
        return ""
    return str(round(value, 2)) if value % 1 else f"{value:.0f}"
