"""Whose a number is here, where several accounts know it."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import line_health
from database.tables import Line
from domain.errors import Conflict

ELSEWHERE = "Texts of {address} already go to a line of another account here."


async def check_nobody_elses(session: AsyncSession, line: Line) -> None:
    """Raise `Conflict` if another account has a line's number here. A line that was made by hand
    or from a file proves nothing: only at its provider is it seen that the number is ours.
    """
    if await line_health.is_elsewhere(session, line.account_id, line.address):
        raise Conflict(ELSEWHERE.format(address=line.address))
