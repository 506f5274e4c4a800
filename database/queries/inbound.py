"""Stores received texts, and reads them for hand-over. The hot path: plain statements, no ORM."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from domain.consent.keyword import Keyword
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.numbers.phone_numbers import Address
from domain.text.joining import WINDOW_SECONDS, Segments

LINE_ROUTE = sql("""
    SELECT line.account_id, line.id AS line_id, line.name AS line_name, line.kind AS line_kind,
           line.address AS line_address, line.entry_skill_id,
           connector.id AS connector_id, connector.provider, connector.secret, connector.api_url,
           account.keywords, connector.segments, connector.join_window_seconds,
           account.masks_cards
    FROM line JOIN connector ON connector.id = line.connector_id
    JOIN account ON account.id = line.account_id
    WHERE line.id = :line_id AND line.retired_at IS NULL AND connector.retired_at IS NULL
""")

# Locks the consumer's row, so that their texts are stored one after another.
CONSUMER = sql("""
    INSERT INTO consumer (account_id, phone, number, last_text_at)
    VALUES (:account_id, :phone, :number, now())
    ON CONFLICT (account_id, phone)
        DO UPDATE SET number = excluded.number, last_text_at = now()
    RETURNING id
""")

# Partitions have no key in common, so `inbound_key` says what was delivered before: it is written
# first, and only whoever writes it writes the text.
# A separate statement after the lock, so that it sees the consumer's earlier texts. It uses
# clock_timestamp, because now() is the start of the transaction and not in order of arrival.
ARRIVAL = sql("""
    WITH new AS (
        INSERT INTO inbound_key (connector_id, provider_message_id, received_at)
        VALUES (:connector_id, :provider_message_id, clock_timestamp())
        ON CONFLICT (connector_id, provider_message_id) DO NOTHING
        RETURNING received_at
    ), arrived AS (
        INSERT INTO inbound (id, account_id, connector_id, line_id, consumer_id,
            provider_message_id, text, is_truncated, media, keyword, provider_handled,
            wants_opt_out, raw, sent_at, is_filed, received_at)
        SELECT :id, :account_id, :connector_id, :line_id, :consumer_id,
            :provider_message_id, :text, :is_truncated, CAST(:media AS jsonb), :keyword,
            :provider_handled, :wants_opt_out, CAST(:raw AS jsonb),
            :sent_at, :is_filed, new.received_at
        FROM new
        RETURNING received_at
    ), files AS (
        INSERT INTO media_file
            (id, account_id, connector_id, message_id, url, announced_type, state, try_at)
        SELECT file_id, :account_id, :connector_id, :id, url, content_type, 'pending', received_at
        FROM arrived, jsonb_to_recordset(CAST(:media AS jsonb))
            AS file (file_id uuid, url text, content_type text)
    )
    SELECT received_at, EXISTS (
        SELECT FROM inbound
        WHERE line_id = :line_id AND consumer_id = :consumer_id AND handed_over_at IS NULL
    ) AS earlier_waits
    FROM arrived
""")

# The same in one round trip, for a consumer with no other text at this moment. Another transaction
# that wrote the consumer's row meanwhile has changed last_text_at or added the row: PostgreSQL then
# checks the condition again with the new row, and nothing is written. Nothing is written either
# when the account's keywords differ from those the text was read with.
ARRIVAL_ALONE = b"""
    WITH known AS MATERIALIZED (
        SELECT id, last_text_at FROM consumer
        WHERE account_id = %(account_id)s AND phone = %(phone)s
    ), reading AS (
        SELECT FROM account
        WHERE id = %(account_id)s AND keywords = CAST(%(keywords)s AS jsonb)
    ), added AS (
        INSERT INTO consumer (account_id, phone, number, last_text_at)
        SELECT %(account_id)s, %(phone)s, %(number)s, clock_timestamp()
        WHERE NOT EXISTS (SELECT FROM known) AND EXISTS (SELECT FROM reading)
        ON CONFLICT (account_id, phone) DO NOTHING
        RETURNING id
    ), alone AS (
        UPDATE consumer SET number = %(number)s, last_text_at = clock_timestamp() FROM known
        WHERE consumer.id = known.id
          AND consumer.last_text_at IS NOT DISTINCT FROM known.last_text_at
          AND EXISTS (SELECT FROM reading)
        RETURNING consumer.id
    ), sender AS (
        SELECT id FROM alone UNION ALL SELECT id FROM added
    ), new AS (
        INSERT INTO inbound_key (connector_id, provider_message_id, received_at)
        SELECT %(connector_id)s, %(provider_message_id)s, clock_timestamp()
        FROM sender
        WHERE NOT EXISTS (
            SELECT FROM inbound_part
            WHERE connector_id = %(connector_id)s AND provider_message_id = %(provider_message_id)s
        )
        ON CONFLICT (connector_id, provider_message_id) DO NOTHING
        RETURNING received_at
    ), arrived AS (
        INSERT INTO inbound (id, account_id, connector_id, line_id, consumer_id,
            provider_message_id, text, is_truncated, media, wants_opt_out, raw, received_at)
        SELECT %(id)s, %(account_id)s, %(connector_id)s, %(line_id)s, sender.id,
            %(provider_message_id)s, %(text)s, %(is_truncated)s, CAST(%(media)s AS jsonb),
            %(wants_opt_out)s, CAST(%(raw)s AS jsonb), new.received_at
        FROM sender, new
        RETURNING received_at
    ), files AS (
        INSERT INTO media_file
            (id, account_id, connector_id, message_id, url, announced_type, state, try_at)
        SELECT file_id, %(account_id)s, %(connector_id)s, %(id)s, url, content_type, 'pending',
            received_at
        FROM arrived, jsonb_to_recordset(CAST(%(media)s AS jsonb))
            AS file (file_id uuid, url text, content_type text)
    )
    SELECT sender.id AS consumer_id, received_at, EXISTS (
        SELECT FROM inbound
        WHERE line_id = %(line_id)s AND consumer_id = sender.id AND handed_over_at IS NULL
    ) AS earlier_waits
    FROM sender LEFT JOIN arrived ON true
"""

MARK = b"""
    UPDATE inbound SET handed_over_at = clock_timestamp(), hand_overs = hand_overs + 1
    WHERE id = ANY(%(ids)s) AND handed_over_at IS NULL
      AND received_at BETWEEN %(since)s AND %(until)s
"""
AROUND = timedelta(days=1)
"""Their times are known, so only their partitions are looked through."""

# A text that waits for its parts holds up the thread's later texts, and nobody else's.
WAITING_THREADS = sql("""
    SELECT inbound.account_id, inbound.line_id, line.name AS line_name, line.entry_skill_id,
           inbound.consumer_id, consumer.number
    FROM inbound
    JOIN line ON line.id = inbound.line_id
    JOIN consumer ON consumer.id = inbound.consumer_id
    WHERE inbound.handed_over_at IS NULL
      AND (inbound.received_at < now() - :older_than OR inbound.account_id = ANY(:accounts))
      AND NOT EXISTS (
          SELECT FROM inbound AS long
          WHERE long.line_id = inbound.line_id AND long.consumer_id = inbound.consumer_id
            AND long.handed_over_at IS NULL AND long.joining_until IS NOT NULL
            AND long.arrival <= inbound.arrival
      )
    GROUP BY inbound.account_id, inbound.line_id, line.name, line.entry_skill_id,
             inbound.consumer_id, consumer.number
    ORDER BY min(inbound.arrival)
    LIMIT :limit
""")

TEXTS_OF = b"""
    SELECT id, text, received_at, keyword, provider_handled, is_truncated, media, wants_opt_out,
           hand_overs > 0 AS again, sent_at, is_filed
    FROM inbound
    WHERE line_id = %(line_id)s AND consumer_id = %(consumer_id)s AND handed_over_at IS NULL
      AND NOT EXISTS (
          SELECT FROM inbound AS long
          WHERE long.line_id = inbound.line_id AND long.consumer_id = inbound.consumer_id
            AND long.handed_over_at IS NULL AND long.joining_until IS NOT NULL
            AND long.arrival <= inbound.arrival
      )
    ORDER BY arrival
    LIMIT %(limit)s
"""

TRY_THREAD_LOCK = sql("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True)
class LineRoute:
    """A line and its connector: what is needed to authenticate a webhook."""

    account_id: str
    line_id: str
    line_name: str
    line_kind: str
    line_address: str
    entry_skill_id: str
    connector_id: str
    provider: str
    secret: bytes
    api_url: str | None
    keywords: Mapping[str, Sequence[str]]
    """The account's own keywords, as stored: see `database.queries.account_keywords`."""
    segments: str = Segments.separate
    """What happens to parts of long texts."""
    join_window_seconds: int = WINDOW_SECONDS
    masks_cards: bool = False
    """Whether numbers of payment cards are masked before a text is stored."""


@dataclass(frozen=True)
class InboundOrigin:
    """The provider's id of a text, and the stored fields of its webhook."""

    provider_message_id: str
    raw: Mapping[str, str]


@dataclass(frozen=True)
class Arrived:
    """A stored text: its consumer and time, and whether earlier texts of its thread are pending."""

    consumer_id: UUID
    received_at: datetime
    earlier_waits: bool


@dataclass(frozen=True)
class PendingThread:
    """A line and a consumer with texts pending hand-over."""

    account_id: str
    line_id: str
    line_name: str
    entry_skill_id: str
    consumer_id: UUID
    number: str


async def line_route(session: AsyncSession, line_id: str) -> LineRoute | None:
    """Return a line in service with its connector."""
    row = (await session.execute(LINE_ROUTE, {"line_id": line_id})).one_or_none()
    return LineRoute(*row) if row else None


async def locked_consumer(session: AsyncSession, account_id: str, sender: Address) -> UUID:
    """Return the id of a consumer, created if new; locks their row until the transaction ends."""
    who = {"account_id": account_id, "phone": sender.key, "number": sender.written}
    consumer_id: UUID = (await session.execute(CONSUMER, who)).scalar_one()
    return consumer_id


async def arrive(
    session: AsyncSession,
    at: LineRoute,
    consumer_id: UUID,
    text: ReceivedText,
    origin: InboundOrigin,
) -> Arrived | None:
    """Store a consumer's text; None when the provider delivered it before."""
    keyword = {"keyword": text.keyword, "provider_handled": text.provider_handled}
    late = {"sent_at": text.sent_at, "is_filed": text.is_filed}
    row = await session.execute(
        ARRIVAL, {"consumer_id": consumer_id, **keyword, **late, **_written(at, text, origin)}
    )
    arrived = row.one_or_none()
    return Arrived(consumer_id, *arrived) if arrived else None


async def arrive_alone(
    direct: Direct, at: LineRoute, sender: Address, text: ReceivedText, origin: InboundOrigin
) -> Arrived | Literal["known", "not alone"]:
    """Store a text that is no keyword, and its consumer if they are new, in one statement.

    "known": the provider delivered it before. "not alone": nothing was stored, because another text
    of the consumer arrived at the same moment, or the account's keywords changed.
    """
    who = {"phone": sender.key, "number": sender.written, "keywords": json.dumps(at.keywords)}
    row = await direct.fetch_one(ARRIVAL_ALONE, who | _written(at, text, origin))
    if row is None:
        return "not alone"
    consumer_id, received_at, earlier_waits = row
    return Arrived(consumer_id, received_at, earlier_waits) if received_at else "known"


def _written(at: LineRoute, text: ReceivedText, origin: InboundOrigin) -> dict[str, object]:
    return {
        "id": UUID(text.message_id),
        "account_id": at.account_id,
        "connector_id": at.connector_id,
        "line_id": at.line_id,
        "provider_message_id": origin.provider_message_id,
        "text": text.text,
        "is_truncated": text.is_truncated,
        "wants_opt_out": text.wants_opt_out,
        "media": json.dumps([item.model_dump() for item in text.media]),
        "raw": json.dumps(dict(origin.raw)),
    }


async def mark_handed_over(direct: Direct, texts: Sequence[ReceivedText]) -> None:
    """Mark texts as handed over to their conversations."""
    ids, times = [UUID(text.message_id) for text in texts], [text.received_at for text in texts]
    if not texts:
        return
    around = {"since": min(times) - AROUND, "until": max(times) + AROUND}
    await direct.fetch_one(MARK, {"ids": ids, **around})


async def waiting_threads(
    session: AsyncSession, *, older_than: timedelta, accounts: Sequence[str], limit: int
) -> list[PendingThread]:
    """Return threads with pending texts, oldest first: of some accounts, and all overdue ones."""
    rows = await session.execute(
        WAITING_THREADS, {"older_than": older_than, "accounts": list(accounts), "limit": limit}
    )
    return [PendingThread(*row) for row in rows]


async def try_lock_thread(session: AsyncSession, line_id: str, consumer_id: UUID) -> bool:
    """Lock a thread's hand-over until the transaction ends; False when it is locked already."""
    key = f"inbound/{line_id}/{consumer_id}"
    return bool(await session.scalar(TRY_THREAD_LOCK, {"key": key}))


async def texts_of(
    direct: Direct, line_id: str, consumer_id: UUID, *, limit: int
) -> list[ReceivedText]:
    """Return a thread's pending texts, in order of arrival."""
    values = {"line_id": line_id, "consumer_id": consumer_id, "limit": limit}
    return [_received(*row) for row in await direct.fetch_all(TEXTS_OF, values)]


def _received(
    id_: UUID,
    text: str,
    received_at: datetime,
    keyword: str | None,
    provider_handled: bool,
    is_truncated: bool,
    media: Sequence[dict[str, str]],
    wants_opt_out: bool,
    again: bool,
    sent_at: datetime | None,
    is_filed: bool,
) -> ReceivedText:
    return ReceivedText(
        message_id=str(id_),
        text=text,
        received_at=received_at,
        keyword=Keyword(keyword) if keyword else None,
        provider_handled=provider_handled,
        is_truncated=is_truncated,
        media=tuple(MediaRef.model_validate(item) for item in media),
        wants_opt_out=wants_opt_out,
        again=again,
        sent_at=sent_at,
        is_filed=is_filed,
    )
