"""Finds and counts inconsistencies, which the sweeps heal and operators watch.

Each query is limited, and only finds what has been inconsistent for some time: work in progress is
normal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from database.direct import Direct
from database.statuses import listed
from domain.delivery.statuses import UNSENT

HEALED_AFTER = timedelta(minutes=2)
"""An inconsistency this old is healed; at half that age it is counted. Ours."""
COUNTED_AFTER = HEALED_AFTER / 2
FAR_BACK = timedelta(days=30)
"""Texts handed over longer ago are not checked; the longer range is checked only rarely. Ours."""
NEAR = timedelta(hours=1)
MOST = 500
"""Inconsistencies of each kind that one sweep heals. Ours."""

THREAD = """
    conversation.id AS conversation_id, conversation.workflow_id, conversation.account_id,
    conversation.line_id, conversation.consumer_id, conversation.skill_id, conversation.sequence,
    consumer.number || ' on ' || line.name AS summary
"""
WITH_NAMES = """
    JOIN consumer ON consumer.id = conversation.consumer_id
    JOIN line ON line.id = conversation.line_id
"""

THREAD_OF = f"SELECT {THREAD} FROM conversation {WITH_NAMES} WHERE conversation.id = %(id)s"  # noqa: S608
THREADS_OF = f"""
    SELECT {THREAD} FROM conversation {WITH_NAMES}
    WHERE conversation.id = ANY(%(ids)s) ORDER BY array_position(%(ids)s, conversation.id)
"""  # noqa: S608
IS_OPEN = b"SELECT true FROM conversation WHERE id = %(id)s AND status <> 'closed'"
# A closed conversation with texts to carry over counts as open: only a workflow opens the next one.
OPEN_THREADS = f"""
    SELECT {THREAD} FROM conversation {WITH_NAMES}
    WHERE status <> 'closed' OR texts_to_carry > 0 AND NOT EXISTS (
        SELECT FROM conversation AS later
        WHERE later.line_id = conversation.line_id
          AND later.consumer_id = conversation.consumer_id
          AND later.number > conversation.number
    )
    ORDER BY conversation.workflow_id
"""  # noqa: S608
# In turns: what stays overdue, however often it is told, leaves room for the others.
OVERDUE = f"""
    SELECT {THREAD} FROM conversation {WITH_NAMES}
    WHERE conversation.status <> 'closed' AND (
        SELECT min(value::timestamptz) FROM jsonb_each_text(conversation.deadlines)
    ) < now() - %(age)s
    ORDER BY random() LIMIT %(most)s
"""  # noqa: S608
STILL_OPEN = b"""
    SELECT id FROM conversation
    WHERE id = ANY(%(ids)s) AND (status <> 'closed' OR texts_to_carry > 0)
"""
# Workflows that rightly run: their thread has an open conversation by now, or one that has just
# closed, or awaits something, as that a text is settled (`outgoing.sender`).
AT_WORK = f"""
    SELECT conversation.workflow_id
    FROM conversation JOIN latest_step ON latest_step.conversation_id = conversation.id
    WHERE conversation.workflow_id = ANY(%(ids)s) AND (
        conversation.status <> 'closed' OR conversation.closed_at > now() - %(age)s
        OR (latest_step.state #>> '{{survey,late_until}}')::timestamptz > now() OR EXISTS (
            SELECT FROM message WHERE message.conversation_id = conversation.id
              AND message.status IN ({listed(UNSENT)}) AND message.provider_message_id IS NULL
              AND (message.status <> 'unknown' OR message.look_up_at IS NOT NULL)
        )
    )
"""  # noqa: S608
UNTAKEN = """
    FROM inbound WHERE handed_over_at > now() - %(look_back)s
      AND NOT EXISTS (SELECT FROM message WHERE message.id = inbound.id)
"""
# One that is handed over again stays lost until a transcript has it, and waits longer each time.
LOST = f"{UNTAKEN} AND (handed_over_at < now() - %(age)s OR hand_overs > 1)"
COUNT_LOST = f"SELECT count(*) {LOST} AND handed_over_at <= now() - %(before)s"
LOST_TEXTS = f"""
    SELECT id, account_id, line_id, consumer_id, received_at, hand_overs {LOST}
    ORDER BY arrival LIMIT %(most)s
"""
TO_GIVE_BACK = f"""
    SELECT inbound.id {UNTAKEN} AND handed_over_at < now() - %(age)s * power(2, hand_overs - 1)
    ORDER BY arrival LIMIT %(most)s
"""
GIVE_BACK_ONE = b"""
    UPDATE inbound SET handed_over_at = NULL
    WHERE id = %(id)s AND handed_over_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM message WHERE message.id = inbound.id)
    RETURNING account_id
"""
GIVE_BACK = f"""
    UPDATE inbound SET handed_over_at = NULL WHERE id IN ({TO_GIVE_BACK}) RETURNING id
"""  # noqa: S608
HEALED = b"""
    SELECT (
        SELECT coalesce(sum(adoptions), 0) FROM latest_step WHERE adoptions > 0
    ), (
        SELECT count(*) FROM event WHERE kind = 'history_missing'
    )
"""


@dataclass(frozen=True)
class WatchedThread:
    """A conversation and its thread: everything needed to reach its workflow, or start it."""

    conversation_id: UUID
    workflow_id: str
    account_id: str
    line_id: str
    consumer_id: UUID
    skill_id: str | None
    sequence: int
    summary: str


@dataclass(frozen=True)
class HealedCounts:
    """What was inconsistent and healed. All are 0 in normal operation."""

    steps_adopted: int
    """Decisions that were dropped for the recorded one, ever."""
    gaps_marked: int
    """Conversations written again to a database that had lost steps of them, ever."""


@dataclass(frozen=True)
class LostText:
    """A consumer's text that was handed over and is in no transcript."""

    id: UUID
    account_id: str
    line_id: str
    consumer_id: UUID
    received_at: datetime
    hand_overs: int


async def thread_of(direct: Direct, conversation_id: UUID) -> WatchedThread | None:
    """Return a conversation's thread, None when the conversation does not exist."""
    row = await direct.fetch_one(THREAD_OF.encode(), {"id": conversation_id})
    return WatchedThread(*row) if row else None


async def threads_of(direct: Direct, conversation_ids: Sequence[UUID]) -> list[WatchedThread]:
    """Return the threads of conversations, in their order."""
    rows = await direct.fetch_all(THREADS_OF.encode(), {"ids": list(conversation_ids)})
    return [WatchedThread(*row) for row in rows]


async def is_open(direct: Direct, conversation_id: UUID) -> bool:
    """Say whether pages show a conversation as open."""
    return await direct.fetch_one(IS_OPEN, {"id": conversation_id}) is not None


async def open_threads(direct: Direct) -> list[WatchedThread]:
    """Return the threads of all open conversations, and of those with texts to carry over."""
    return [WatchedThread(*row) for row in await direct.fetch_all(OPEN_THREADS.encode(), {})]


async def overdue_threads(direct: Direct) -> list[WatchedThread]:
    """Return conversations with a deadline that passed some time ago; if many, others each time."""
    values = {"age": HEALED_AFTER, "most": MOST}
    return [WatchedThread(*row) for row in await direct.fetch_all(OVERDUE.encode(), values)]


async def still_open(direct: Direct, conversation_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of some conversations that are open, or have texts to carry over."""
    rows = await direct.fetch_all(STILL_OPEN, {"ids": list(conversation_ids)})
    return {row[0] for row in rows}


async def at_work(direct: Direct, workflow_ids: Sequence[str]) -> set[str]:
    """Return those of some workflows that have an open conversation, or work left after one.

    For two minutes after a conversation closed, its workflow counts as completing.
    """
    values = {"ids": list(workflow_ids), "age": HEALED_AFTER}
    rows = await direct.fetch_all(AT_WORK.encode(), values)
    return {row[0] for row in rows}


async def give_back_lost(direct: Direct, look_back: timedelta = FAR_BACK) -> int:
    """Mark texts that are in no transcript as pending again; returns how many.

    The wait doubles with each hand-over of a text.
    """
    values = {"look_back": look_back, "age": HEALED_AFTER, "most": MOST}
    return len(await direct.fetch_all(GIVE_BACK.encode(), values))


async def lost_texts(direct: Direct) -> list[LostText]:
    """Return consumers' texts that were handed over more than a minute ago, or more than once, and
    are in no transcript.
    """
    values = {"look_back": FAR_BACK, "age": COUNTED_AFTER, "most": MOST}
    return [LostText(*row) for row in await direct.fetch_all(LOST_TEXTS.encode(), values)]


async def count_lost(
    direct: Direct, look_back: timedelta, *, before: timedelta = timedelta(0)
) -> int:
    """Count the same, of those that were handed over within `look_back` and not since `before`."""
    values = {"look_back": look_back, "age": COUNTED_AFTER, "before": before}
    row = await direct.fetch_one(COUNT_LOST.encode(), values)
    return row[0] if row else 0


async def give_back_one(direct: Direct, inbound_id: UUID) -> str | None:
    """Mark one such text as pending again; returns its account, None if there is nothing to do."""
    row = await direct.fetch_one(GIVE_BACK_ONE, {"id": inbound_id})
    return row[0] if row else None


async def healed(direct: Direct) -> HealedCounts:
    """Count inconsistencies that were healed so far."""
    row = await direct.fetch_one(HEALED, {})
    if row is None:
        raise AssertionError("there is always one row")
    return HealedCounts(*(int(number) for number in row))
