"""Timers of automatic messages: for the account, a line or a skill."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, timers
from database.tables import AutomaticTimer, Line, Skill
from domain.automatic.message_timers import TimerSetting, check_timer
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller


async def listed(caller: Caller, session: AsyncSession) -> Sequence[AutomaticTimer]:
    """Return the timers the account has set."""
    caller.require(Role.agent)
    return await timers.listed(session, caller.account_id)


async def put(caller: Caller, session: AsyncSession, setting: TimerSetting) -> AutomaticTimer:
    """Set when a message is sent. Open conversations keep their timers until a transfer.

    Raises `Invalid` for an unfit timer; `NotFound`, `Conflict` for a line or a skill that
    does not exist or is retired.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    check_timer(setting)
    if setting.line_id:
        await account_rows.find_active(session, Line, caller.account_id, setting.line_id)
    if setting.skill_id:
        await account_rows.find_active(session, Skill, caller.account_id, setting.skill_id)
    return await timers.put(session, caller.account_id, setting)


async def remove(caller: Caller, session: AsyncSession, timer_id: int) -> None:
    """Remove a timer: a less specific one or the default applies again. Raises `NotFound`."""
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    await timers.remove(session, caller.account_id, timer_id)
