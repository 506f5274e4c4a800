"""Events: appended in an order that is safe to resume from, and read on from any of them.

Ids are drawn under a lock that is held until the commit, one per account, so an account's events
become visible in the order of their ids and a reader that remembers the last id it saw misses
none (ADR 0004). Append last in a transaction: nothing else may be locked after it.
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
"""Kinds of events with the id of a message that a command wrote, and not only spoke of."""

CHANNEL_EVENTS = "switchboard_events"
"""NOTIFY with the account's id: its live stream has something new."""
CHANNEL_WORK = "switchboard_work"
"""NOTIFY with the account's id: the router may have something to match."""
CHANNEL_INBOUND = "switchboard_inbound"
"""NOTIFY with the account's id: a text waits to be handed over."""
CHANNEL_OPT_OUTS = "switchboard_opt_outs"
"""NOTIFY with a consumer's id: what is open with them is to close."""

# One statement, because the lock keeps out everybody who writes for the account: each round trip
# more would be waited for by all of them. Ids are drawn for rows that the lock let through.
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
    """Append an account's events and wake whoever follows them, at commit."""
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
    """Return what the lock that orders an account's events is called."""
    return LOCK_PREFIX + account_id


def events_json(events: Sequence[NewEvent]) -> str:
    """Return events as the appending statement reads them."""
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


async def notify(session: AsyncSession, channel: str, account_id: str) -> None:
    """Send a notification when the transaction commits."""
    await session.execute(select(func.pg_notify(channel, account_id)))


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
