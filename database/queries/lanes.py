"""The budget of each paced line, in segments a second, shared by all workers.

A text is given a time at which the line has room for it (`message.leaves_at`), and leaves then.
Each conversation asks for one text at a time, so conversations take turns. A proactive text asks
once more at its time: if replies have taken up the line meanwhile, it is given a later one.

`now` is the time of all processes, `Sessions.clock`, throughout.
"""

from datetime import datetime, timedelta

from database.direct import Direct
from database.queries.sending import Departure
from domain.delivery.pacing import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_WISH,
    SLOW_FOR,
    cost,
    credit,
)

# greatest() ignores null
GIVE_TIME = b"""
    WITH lane AS (
        INSERT INTO line_lane AS lane (line_id, taken_until)
        VALUES (%(line_id)s, %(earliest)s + %(cost)s)
        ON CONFLICT (line_id) DO UPDATE SET taken_until = greatest(
            lane.taken_until, lane.throttled_until, %(earliest)s) + %(cost)s
        RETURNING taken_until - %(cost)s AS free_at
    )
    UPDATE message SET leaves_at = lane.free_at FROM lane
    WHERE message.id = %(message_id)s RETURNING leaves_at
"""
GIVE_PROACTIVE_TIME = b"""
    WITH lane AS (
        INSERT INTO line_lane AS lane (line_id, proactive_until)
        VALUES (%(line_id)s, %(now)s + %(cost)s)
        ON CONFLICT (line_id) DO UPDATE SET proactive_until = greatest(
            lane.taken_until, lane.proactive_until, lane.throttled_until, %(now)s) + %(cost)s
        RETURNING proactive_until - %(cost)s AS free_at
    )
    UPDATE message SET leaves_at = lane.free_at FROM lane
    WHERE message.id = %(message_id)s RETURNING leaves_at
"""
TAKE_ROOM = b"""
    UPDATE line_lane SET taken_until = greatest(taken_until, %(earliest)s) + %(cost)s
    WHERE line_id = %(line_id)s AND coalesce(taken_until, %(now)s) <= %(now)s
    RETURNING true
"""
# Texts that were in the call together are throttled together: that counts once.
THROTTLE = b"""
    WITH before AS (
        SELECT throttled_until, pause_seconds FROM line_lane WHERE line_id = %(line_id)s FOR UPDATE
    ), pause AS (
        SELECT coalesce(before.throttled_until > %(now)s, false) AS is_on,
            coalesce(before.throttled_until > %(now)s - %(slow_for)s, false) AS is_slow,
            CASE
                WHEN before.throttled_until > %(now)s THEN before.pause_seconds
                WHEN before.throttled_until > %(now)s - %(slow_for)s
                    THEN least(before.pause_seconds * 2, %(longest)s)
                ELSE %(first)s
            END AS seconds
        FROM (SELECT) AS one LEFT JOIN before ON true
    )
    INSERT INTO line_lane AS lane (line_id, throttled_until, pause_seconds)
    SELECT %(line_id)s, %(now)s + coalesce(%(wish)s, make_interval(secs => seconds)), seconds
    FROM pause
    ON CONFLICT (line_id) DO UPDATE
    SET pause_seconds = excluded.pause_seconds, throttled_until = CASE
        WHEN (SELECT is_on FROM pause) AND %(wish)s::interval IS NULL THEN lane.throttled_until
        ELSE greatest(lane.throttled_until, excluded.throttled_until)
    END
    RETURNING throttled_until, (SELECT is_slow FROM pause)
"""


async def give_time(direct: Direct, text: Departure, pace: float, now: datetime) -> datetime:
    """Give a text the next free time of its line, and commit; a time that is past means now."""
    values = _values(text, pace, now)
    statement = GIVE_PROACTIVE_TIME if text.is_proactive else GIVE_TIME
    row = await direct.fetch_one(statement, values)
    return row[0] if row else now


async def take_room(direct: Direct, text: Departure, pace: float, now: datetime) -> bool:
    """Take up the line for a proactive text whose time has come, if it is free, and commit."""
    return await direct.fetch_one(TAKE_ROOM, _values(text, pace, now)) is not None


async def throttle(
    direct: Direct, line_id: str, retry_after: float | None, now: datetime
) -> tuple[datetime, bool]:
    """Hold a line's texts back, because its provider says it sends too fast.

    Returns until when, and whether the line was throttled within the last minute already.
    """
    wish = None if not retry_after else min(timedelta(seconds=retry_after), LONGEST_WISH)
    values = {
        "line_id": line_id,
        "now": now,
        "wish": wish,
        "slow_for": SLOW_FOR,
        "first": FIRST_PAUSE.total_seconds(),
        "longest": LONGEST_PAUSE.total_seconds(),
    }
    row = await direct.fetch_one(THROTTLE, values)
    return (row[0], row[1]) if row else (now, False)


def _values(text: Departure, pace: float, now: datetime) -> dict[str, object]:
    return {
        "line_id": text.line_id,
        "message_id": text.message_id,
        "cost": cost(text.segments, pace),
        "now": now,
        "earliest": now - credit(pace),
    }
