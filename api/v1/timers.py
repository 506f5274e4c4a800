"""Timers of automatic messages: for the account, a line or a skill."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.app_state import SessionDep
from api.caller import AdminDep, CallerDep
from api.list_cursors import SettingsLimit, part_of
from api.problems import documented
from api.schemas.automatic import TimerDefault, TimerIn, TimerOut, Timers
from api.schemas.shared import Cursor
from api.scopes import needs
from domain.automatic.kinds import Timer
from domain.automatic.message_timers import DEFAULT_TIMERS
from domain.errors import Conflict, NotAllowed, NotFound
from domain.people.token_scopes import Area
from services.configuring import timers

router = APIRouter(
    prefix="/automatic-messages/timers",
    tags=["automatic messages"],
    dependencies=[needs(Area.settings)],
)


@router.get("")
async def list_timers(
    caller: CallerDep, session: SessionDep, cursor: Cursor = None, limit: SettingsLimit = None
) -> Timers:
    """Show the timers the account has set, and the defaults for the others."""
    rows, follows = part_of(await timers.listed(caller, session), cursor, limit)
    defaults = [
        TimerDefault(event=event, delay_seconds=seconds(timer), repeats=timer.repeats)
        for event, timer in DEFAULT_TIMERS.items()
    ]
    return Timers(
        set=[TimerOut.model_validate(row) for row in rows], next=follows, defaults=defaults
    )


@router.put("", responses=documented(NotAllowed, NotFound, Conflict))
async def set_timer(wanted: TimerIn, caller: AdminDep, session: SessionDep) -> TimerOut:
    """Set when a message is sent. Open conversations keep their timers until a transfer."""
    return TimerOut.model_validate(await timers.put(caller, session, wanted.setting))


@router.delete("/{timer_id}", status_code=204, responses=documented(NotAllowed, NotFound))
async def remove_timer(
    timer_id: Annotated[int, Path(ge=1, le=2**63 - 1)], caller: AdminDep, session: SessionDep
) -> None:
    """Remove a timer: a less specific one or the default applies again."""
    await timers.remove(caller, session, timer_id)


def seconds(timer: Timer) -> int:
    return round(timer.delay.total_seconds())
