"""Who would get a text now, without sending one."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows
from database.queries.dry_run import DryRun, dry_run
from database.tables import Line
from domain.numbers.phone_numbers import phone_of
from services.caller import Caller
from services.clock import utc_now


async def try_routing(
    caller: Caller, session: AsyncSession, line_id: str, number: str, text: str
) -> DryRun:
    """Show who would get a text from a number to a line now, and why. Nothing is sent.

    It tells of conversations in all skills. Raises `NotAllowed` unless the caller manages the whole
    account, `NumberInvalid`, `NotFound` and `Conflict`.
    """
    caller.require_whole()
    phone = phone_of(number).key
    line = await account_rows.find_active(session, Line, caller.account_id, line_id)
    return await dry_run(session, caller.account_id, line.id, phone, text, utc_now())
