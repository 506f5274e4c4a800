"""Events: appended in an order that is safe to resume from, and read from any of them on.

Ids are assigned under a lock per account that is held until the commit. So an account's events
become visible in the order of their ids, and a reader that remembers the last id misses none (ADR
0004). Append last in a transaction: it must take no other lock afterwards.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Event

WRITING = ("message_added", "text_scheduled")
"""Kinds of events whose message id is of a message the command wrote, not one it refers to."""

CHANNEL_EVENTS = "switchboard_events"
"""NOTIFY with the account's id: its live stream has new events."""
CHANNEL_WORK = "switchboard_work"
"""NOTIFY with the account's id: the router may have a conversation to assign."""
CHANNEL_INBOUND = "switchboard_inbound"
"""NOTIFY with the account's id: a text is pending hand-over."""
CHANNEL_READING = "switchboard_reading"
"""NOTIFY with JSON that says whose pages show a conversation as read or unread. No event: it is
nobody else's business, and the next list says the same."""
CHANNEL_OPT_OUTS = "switchboard_opt_outs"
"""NOTIFY with a consumer's id: they opted out, so their open conversations must close."""

# One statement, because all writers of the account wait for the lock, and each extra round trip
# would make them wait longer. Ids are assigned only after the lock is held.
APPEND = sql("""
    WITH locked AS MATERIALIZED (
        SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))
    ), added AS (
        INSERT INTO event (account_id, conversation_id, agent_id, kind, data, command_key, at)
        SELECT :account_id, conversation_id, agent_id, kind, data, command_key, at
        FROM locked, ROWS FROM (
            jsonb_to_recordset(CAST(:events AS jsonb)) AS (
                conversation_id uuid, agent_id text, kind text, data jsonb, command_key text,
                at timestamptz
            )
        ) WITH ORDINALITY
        ORDER BY ordinality
    )
    SELECT pg_notify(:channel, :account_id)
""")


@dataclass(frozen=True)
class NewEvent:
    """An event to append. `data` holds ids and words, never texts or numbers."""

    kind: str
    at: datetime
    conversation_id: UUID | None = None
    agent_id: str | None = None
    data: dict[str, Any] | None = None
    command_key: str | None = None


async def append(session: AsyncSession, account_id: str, events: Sequence[NewEvent]) -> None:
    """Append an account's events, and notify their followers at commit."""
    if not events:
        return
    await session.execute(
        APPEND,
        {
            "key": lock_key(account_id),
            "account_id": account_id,
            "channel": CHANNEL_EVENTS,
            "events": events_json(events),
        },
    )


LOCK_PREFIX = "events/"


def lock_key(account_id: str) -> str:
    """Return the name of the lock that orders an account's events."""
    return LOCK_PREFIX + account_id


def events_json(events: Sequence[NewEvent]) -> str:
    """Return events as JSON for the appending statement."""
    return json.dumps([_written(event) for event in events])


def _written(event: NewEvent) -> dict[str, object]:
    return {
        "conversation_id": str(event.conversation_id) if event.conversation_id else None,
        "agent_id": event.agent_id,
        "kind": event.kind,
        "data": event.data or {},
        "command_key": event.command_key,
        "at": event.at.isoformat(),
    }


async def notify(session: AsyncSession, channel: str, payload: str) -> None:
    """Send a notification when the transaction commits."""
    await session.execute(select(func.pg_notify(channel, payload)))


async def after(
    session: AsyncSession, account_id: str, last_id: int, *, limit: int = 200
) -> Sequence[Event]:
    """Return an account's events after `last_id`, oldest first."""
    query = (
        select(Event)
        .where(Event.account_id == account_id, Event.id > last_id)
        .order_by(Event.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def latest_id(session: AsyncSession, account_id: str) -> int:
    """Return the id of an account's newest event, 0 when there is none."""
    newest = select(func.max(Event.id)).where(Event.account_id == account_id)
    return (await session.scalar(newest)) or 0
