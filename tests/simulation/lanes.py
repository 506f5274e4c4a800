"""Lanes: stand-ins for the statements that pace a line."""

from datetime import datetime, timedelta
from typing import Any

from database.queries import lanes
from tests.simulation.database import Answer, Database, Values


def _give_time(db: Database, values: Values) -> list[tuple[Any, ...]]:
    """Give a text that somebody waits for the next free time of its line."""
    lane = db.tables.line_lane.get(values["line_id"], {})
    times = (lane.get("taken_until"), lane.get("throttled_until"), values["earliest"])
    free_at: datetime = max(at for at in times if at is not None)
    db.tables.line_lane[values["line_id"]] = lane | {"taken_until": free_at + values["cost"]}
    key = str(values["message_id"])
    if key not in db.tables.message:
        return []
    db.tables.message[key] = db.tables.message[key] | {"leaves_at": free_at}
    return [(free_at,)]


def _throttle(db: Database, values: Values) -> list[tuple[Any, ...]]:
    """Pause a line: twice as long as before if its last pause is not long over."""
    lane, now = db.tables.line_lane.get(values["line_id"], {}), values["now"]
    before: datetime | None = lane.get("throttled_until")
    is_on = before is not None and before > now
    is_slow = before is not None and before > now - values["slow_for"]
    seconds = values["first"]
    if is_on:
        seconds = lane["pause_seconds"]
    elif is_slow:
        seconds = min(lane["pause_seconds"] * 2, values["longest"])
    until = now + (values["wish"] or timedelta(seconds=seconds))
    if before is not None:
        until = before if is_on and values["wish"] is None else max(before, until)
    paused = {"throttled_until": until, "pause_seconds": seconds}
    db.tables.line_lane[values["line_id"]] = lane | paused
    return [(until, is_slow)]


LANES: dict[bytes, Answer] = {lanes.GIVE_TIME: _give_time, lanes.THROTTLE: _throttle}
