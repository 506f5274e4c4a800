"""The timers of automatic messages that an account has set."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import AutomaticTimer
from domain.automatic.message_timers import TimerSetting
from domain.errors import NotFound


async def listed(session: AsyncSession, account_id: str) -> Sequence[AutomaticTimer]:
    """Return an account's timers, in the order of events."""
    query = select(AutomaticTimer).where(AutomaticTimer.account_id == account_id)
    return (await session.scalars(query.order_by(AutomaticTimer.event, AutomaticTimer.id))).all()


async def put(session: AsyncSession, account_id: str, setting: TimerSetting) -> AutomaticTimer:
    """Set a timer, replacing the one in the same scope."""
    table = AutomaticTimer
    values = {
        "delay_seconds": round(setting.timer.delay.total_seconds()),
        "repeats": setting.timer.repeats,
    }
    statement = insert(table).values(
        account_id=account_id,
        line_id=setting.line_id,
        skill_id=setting.skill_id,
        event=str(setting.event),
        **values,
    )
    scope = [table.account_id, table.line_id, table.skill_id, table.event]
    changed = statement.on_conflict_do_update(index_elements=scope, set_=values)
    refreshed = changed.returning(table).execution_options(populate_existing=True)
    return (await session.scalars(refreshed)).one()


async def remove(session: AsyncSession, account_id: str, row: int) -> None:
    """Remove a timer, so that a less specific one or the default applies. Raises `NotFound`."""
    found = await session.get(AutomaticTimer, row)
    if found is None or found.account_id != account_id:
        raise NotFound
    await session.delete(found)
