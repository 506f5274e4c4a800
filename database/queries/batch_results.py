"""What became of a batch's recipients: in figures, and one by one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

# A text whose row a restored database has lost counts as waiting.
OUTCOME = """
    CASE
        WHEN recipient.status = 'left_out' THEN 'left_out'
        WHEN recipient.status = 'waiting' OR message.id IS NULL
            THEN CASE WHEN recipient.not_before > :now THEN 'held' ELSE 'waiting' END
        WHEN message.status = 'queued'
            THEN CASE WHEN message.look_up_at > :soon THEN 'held' ELSE 'queued' END
        WHEN message.status IN ('sending', 'unknown') THEN 'in_progress'
        WHEN message.status IN ('failed', 'undelivered') THEN 'failed'
        ELSE message.status
    END
"""
# A STOP within the look-back of the text, on its line. One whose text went with its month counts as
# one on this line, so that results stay.
OPTED_OUT_AFTER = """
    EXISTS (
        SELECT FROM consent_event AS told LEFT JOIN inbound ON inbound.id = told.inbound_id
        WHERE told.consumer_id = invitation.consumer_id AND told.kind = 'opted_out'
          AND coalesce(inbound.line_id = invitation.line_id, told.inbound_id IS NOT NULL)
          AND told.at >= message.attempted_at
          AND told.at <= message.attempted_at
              + make_interval(secs => invitation.look_back_seconds)
    )
"""
HELD_UNTIL = """
    CASE WHEN recipient.status = 'waiting' THEN recipient.not_before ELSE message.look_up_at END
"""
JOINED = """
    batch_recipient AS recipient LEFT JOIN message ON message.id = recipient.message_id
    LEFT JOIN invitation ON invitation.message_id = message.id
"""
COUNTS = sql(f"""
    SELECT {OUTCOME} AS outcome, coalesce(recipient.left_out, message.failure_code) AS reason,
        count(*) AS recipients, sum(coalesce(message.segments, recipient.segments)) AS segments,
        count(invitation.answered_at) AS answered,
        CASE WHEN {OUTCOME} = 'held' THEN {HELD_UNTIL} END AS until
    FROM {JOINED}
    WHERE recipient.batch_id = :batch_id
    GROUP BY outcome, reason, until
""")  # noqa: S608 - our own words
OPTED_OUT = sql(f"""
    SELECT count(*) FROM {JOINED}
    WHERE recipient.batch_id = :batch_id AND recipient.status = 'under_way' AND {OPTED_OUT_AFTER}
""")  # noqa: S608 - our own words
RESULTS = sql(f"""
    SELECT * FROM (
        SELECT recipient.place, recipient.number, recipient.consumer_id, recipient.message_id,
            {OUTCOME} AS outcome, recipient.left_out,
            {HELD_UNTIL} AS held_until,
            message.failure_code, message.failure_sentence, message.provider_code,
            message.attempted_at AS sent_at, message.status_at, message.segments,
            invitation.answered_at, invitation.conversation_id,
            coalesce({OPTED_OUT_AFTER}, false) AS opted_out
        FROM {JOINED}
        WHERE recipient.batch_id = :batch_id AND recipient.place > :after
    ) AS result
    WHERE CAST(:wanted AS text) IS NULL OR outcome = :wanted
       OR (:wanted = 'answered' AND answered_at IS NOT NULL)
       OR (:wanted = 'opted_out' AND opted_out)
    ORDER BY place LIMIT :limit
""")  # noqa: S608 - our own words


async def counts(
    session: AsyncSession, batch_id: UUID, now: datetime, soon: datetime
) -> Sequence[Mapping[str, Any]]:
    """Return counts by outcome, reason and end of a hold.

    `soon`: texts that wait for longer are held.
    """
    values = {"batch_id": batch_id, "now": now, "soon": soon}
    return [dict(row) for row in (await session.execute(COUNTS, values)).mappings()]


async def opted_out(session: AsyncSession, batch_id: UUID) -> int:
    """Count the recipients who texted STOP within the look-back of their text."""
    return await session.scalar(OPTED_OUT, {"batch_id": batch_id}) or 0


async def page(
    session: AsyncSession,
    batch_id: UUID,
    wanted: str | None,
    after: int,
    limit: int,
    times: tuple[datetime, datetime],
) -> Sequence[Mapping[str, Any]]:
    """Return recipients with what became of them, in order. `times`: now, and soon."""
    of_page = {"batch_id": batch_id, "wanted": wanted, "after": after, "limit": limit}
    values = {**of_page, "now": times[0], "soon": times[1]}
    return [dict(row) for row in (await session.execute(RESULTS, values)).mappings()]


FIRST_TEXT = sql("""
    SELECT text FROM batch_recipient WHERE batch_id = :batch_id ORDER BY place LIMIT 1
""")


async def first_text(session: AsyncSession, batch_id: UUID) -> str | None:
    """Return the text of a batch's first recipient; None: it has none."""
    text: str | None = await session.scalar(FIRST_TEXT, {"batch_id": batch_id})
    return text
