"""Exchanges with providers: written many at a time, read by message, deleted when they are old."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.tables import Exchange, Inbound, InboundPart, Line, Message, WebhookRefusal
from domain.delivery import exchanges as domain
from domain.errors import NotFound

Position = tuple[datetime, UUID]
"""Where a list of exchanges goes on: the time and the id of the last one shown."""

COLUMNS = """
    id uuid, account_id text, connector_id text, line_id text, message_id uuid,
    provider_message_id text, kind text, at timestamptz, milliseconds int, method text, url text,
    request text, status int, answer text, outcome text
"""
ADD = f"""
    INSERT INTO exchange (
        id, account_id, connector_id, line_id, message_id, provider_message_id, kind, at,
        milliseconds, method, url, request, status, answer, outcome
    )
    SELECT * FROM jsonb_to_recordset(CAST(%(rows)s AS jsonb)) AS kept ({COLUMNS})
    ON CONFLICT (id) DO NOTHING
""".encode()  # noqa: S608 - names of our own columns
COUNT = b"""
    INSERT INTO webhook_refusal AS counted (line_id, first_at, last_at, times, reason, request)
    SELECT * FROM jsonb_to_recordset(CAST(%(rows)s AS jsonb)) AS kept (
        line_id text, first_at timestamptz, last_at timestamptz, times bigint, reason text,
        request text
    ) WHERE EXISTS (SELECT FROM line WHERE line.id = kept.line_id)
    ON CONFLICT (line_id) DO UPDATE SET
        last_at = greatest(counted.last_at, excluded.last_at),
        times = counted.times + excluded.times,
        reason = excluded.reason, request = excluded.request
"""
FORGET = b"""
    WITH old AS (
        SELECT id FROM exchange WHERE at < %(before)s ORDER BY at LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM exchange USING old WHERE exchange.id = old.id RETURNING exchange.id
    )
    SELECT count(*) FROM gone
"""
FORGET_REFUSALS = b"DELETE FROM webhook_refusal WHERE last_at < %(before)s"
MOST_SHOWN = 200
"""Exchanges shown of one message. Ours: a text has three to ten."""


@dataclass(frozen=True)
class CountedRefusals:
    """Refused webhooks of one line, counted since `first_at`. `request`: the last one, redacted."""

    line_id: str
    first_at: datetime
    last_at: datetime
    times: int
    reason: str
    request: str


async def add(direct: Direct, kept: Sequence[domain.Exchange]) -> None:
    """Write exchanges, each once even if this is repeated, in one statement."""
    await direct.fetch_one(ADD, {"rows": _rows([asdict(one) for one in kept])})


async def count_refusals(direct: Direct, counted: Collection[CountedRefusals]) -> None:
    """Add to the counts of lines' refused webhooks."""
    await direct.fetch_one(COUNT, {"rows": _rows([asdict(one) for one in counted])})


async def forget(direct: Direct, before: datetime, limit: int) -> int:
    """Delete the oldest exchanges from before a time, at most `limit`; returns how many."""
    row = await direct.fetch_one(FORGET, {"before": before, "limit": limit})
    return int(row[0]) if row else 0


async def forget_refusals(direct: Direct, before: datetime) -> None:
    """Delete the counts of lines that have refused nothing since a time."""
    await direct.fetch_one(FORGET_REFUSALS, {"before": before})


async def of_message(
    session: AsyncSession,
    account_id: str,
    message_id: UUID,
    *,
    after: Position | None = None,
    limit: int = MOST_SHOWN,
) -> tuple[Message, Sequence[Exchange]]:
    """Return a message of an account, and its exchanges, oldest first. Raises `NotFound`.

    A webhook belongs to it by the provider's id: it may not say ours. Each part of a joined text
    came in a webhook of its own.
    """
    found = await session.get(Message, message_id)
    if found is None or found.account_id != account_id:
        raise NotFound
    line = await session.get_one(Line, found.line_id)
    inbound = select(Inbound.provider_message_id).where(Inbound.id == message_id)
    parts = select(InboundPart.provider_message_id).where(
        InboundPart.connector_id == line.connector_id,
        (InboundPart.inbound_id == message_id) & InboundPart.late_id.is_(None)
        | (InboundPart.late_id == message_id),
    )
    theirs = (Exchange.connector_id == line.connector_id) & (
        (Exchange.provider_message_id == found.provider_message_id)
        | Exchange.provider_message_id.in_(inbound.union(parts))
    )
    query = (
        select(Exchange)
        .where(Exchange.account_id == account_id, or_(Exchange.message_id == message_id, theirs))
        .order_by(Exchange.at, Exchange.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Exchange.at, Exchange.id) > tuple_(*after))
    return found, (await session.scalars(query)).all()


async def of_connector(
    session: AsyncSession, connector_id: str, *, before: Position | None, limit: int
) -> Sequence[Exchange]:
    """Return a connector's latest exchanges about no message, newest first: checks, and webhooks
    that could not be read.
    """
    query = (
        select(Exchange)
        .where(
            Exchange.connector_id == connector_id,
            Exchange.message_id.is_(None),
            Exchange.provider_message_id.is_(None),
        )
        .order_by(Exchange.at.desc(), Exchange.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(Exchange.at, Exchange.id) < tuple_(*before))
    return (await session.scalars(query)).all()


async def refusals_of_lines(
    session: AsyncSession, line_ids: Collection[str]
) -> dict[str, WebhookRefusal]:
    """Return the counted refusals of lines that have any."""
    query = select(WebhookRefusal).where(WebhookRefusal.line_id.in_(line_ids))
    return {row.line_id: row for row in await session.scalars(query)}


async def refusals_of_account(
    session: AsyncSession, account_id: str
) -> Sequence[tuple[str, WebhookRefusal]]:
    """Return the counted refusals of an account's active lines with their names, newest first."""
    query = (
        select(Line.name, WebhookRefusal)
        .join(Line, Line.id == WebhookRefusal.line_id)
        .where(Line.account_id == account_id, Line.retired_at.is_(None))
        .order_by(WebhookRefusal.last_at.desc())
    )
    return [(name, row) for name, row in (await session.execute(query)).all()]


def _rows(rows: Sequence[Mapping[str, object]]) -> str:
    return json.dumps(rows, default=str)
