"""Parts of long texts in two round trips: look, then store if nothing of the consumer came between.

Whatever stores a consumer's text changes `last_text_at`, so an unchanged one says that what was
read still holds. Only a sweeper and the clock change a text without it: the wait ends, and later
the time in which a repeated part is a copy. Both are checked too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation

from database.direct import Direct, Row
from database.queries.inbound import Arrived, LineRoute
from database.queries.parts import (
    NewPart,
    finished_values,
    long_text,
    new_text_values,
    part_values,
    read_content,
    sought_values,
    window,
)
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.numbers.phone_numbers import Address
from domain.text.joining import LongText

# One row for each text that the part may belong to, or one without a text. The contents are read
# only of a text that lacks one part.
LOOK = b"""
    SELECT consumer.last_text_at, EXISTS (
        SELECT FROM inbound_part
        WHERE connector_id = %(connector_id)s AND provider_message_id = %(provider_message_id)s
    ) OR EXISTS (
        SELECT FROM inbound_key
        WHERE connector_id = %(connector_id)s AND provider_message_id = %(provider_message_id)s
    ), (
        SELECT count(*) FROM inbound
        WHERE line_id = %(line_id)s AND consumer_id = consumer.id AND handed_over_at IS NULL
          AND joining_until IS NOT NULL
    ), long.contents, long.media, long.id, long.part_total, long.numbers, long.same_place,
        long.is_waiting, long.is_new
    FROM (SELECT) AS always
    LEFT JOIN consumer ON consumer.account_id = %(account_id)s AND consumer.phone = %(phone)s
    LEFT JOIN LATERAL (
        SELECT inbound.id, inbound.part_total, inbound.arrival, part.numbers,
            (
                SELECT content FROM inbound_part
                WHERE inbound_id = inbound.id AND number = %(number)s AND NOT is_copy
            ) AS same_place,
            inbound.joining_until IS NOT NULL AS is_waiting,
            inbound.joining_until IS NOT NULL
                OR inbound.received_at > clock_timestamp() - %(window)s AS is_new,
            CASE WHEN cardinality(part.numbers) + 1 = inbound.part_total THEN ARRAY(
                SELECT content FROM inbound_part
                WHERE inbound_id = inbound.id AND NOT is_copy ORDER BY number
            ) END AS contents,
            CASE WHEN cardinality(part.numbers) + 1 = inbound.part_total THEN ARRAY(
                SELECT media FROM inbound_part
                WHERE inbound_id = inbound.id AND NOT is_copy ORDER BY number
            ) END AS media
        FROM inbound, LATERAL (SELECT ARRAY(
            SELECT number FROM inbound_part
            WHERE inbound_id = inbound.id AND NOT is_copy ORDER BY number
        ) AS numbers) AS part
        WHERE inbound.line_id = %(line_id)s AND inbound.consumer_id = consumer.id
          AND inbound.part_reference = %(reference)s AND inbound.part_total = %(total)s
          AND inbound.received_at > clock_timestamp() - %(late_for)s
        ORDER BY inbound.arrival DESC
        LIMIT %(limit)s
    ) AS long ON true
    ORDER BY long.arrival
"""

# Locks the consumer's row, if no text of theirs came since it was read. A part that came before as
# a text of its own is refused here; one that came as a part breaks the unique constraint.
SENDER = """
    sender AS (
        INSERT INTO consumer (account_id, phone, number, last_text_at)
        SELECT %(account_id)s, %(phone)s, %(sender)s, clock_timestamp()
        WHERE NOT EXISTS (
            SELECT FROM inbound_key WHERE connector_id = %(connector_id)s
              AND provider_message_id = %(provider_message_id)s AND NOT is_part
        )
        ON CONFLICT (account_id, phone)
            DO UPDATE SET number = excluded.number, last_text_at = excluded.last_text_at
            WHERE consumer.last_text_at IS NOT DISTINCT FROM CAST(%(seen_at)s AS timestamptz)
        RETURNING id, last_text_at
    )
"""
PART = """
    INSERT INTO inbound_part (connector_id, provider_message_id, inbound_id, number, content, media,
        is_copy, raw, received_at)
    SELECT %(connector_id)s, %(provider_message_id)s, long.id, %(number)s, %(content)s,
        CAST(%(media)s AS jsonb), %(is_copy)s, CAST(%(raw)s AS jsonb), clock_timestamp()
    FROM long
    RETURNING inbound_id
"""

BEGIN = f"""
    WITH {SENDER}, new AS (
        INSERT INTO inbound_key (connector_id, provider_message_id, received_at, is_part)
        SELECT %(connector_id)s, %(provider_message_id)s, clock_timestamp(), true FROM sender
        RETURNING received_at
    ), long AS (
        INSERT INTO inbound (id, account_id, connector_id, line_id, consumer_id,
            provider_message_id, text, raw, received_at, part_reference, part_total, joining_until)
        SELECT %(id)s, %(account_id)s, %(connector_id)s, %(line_id)s, sender.id,
            %(provider_message_id)s, '', CAST(%(raw)s AS jsonb), new.received_at, %(reference)s,
            %(total)s, new.received_at + %(window)s
        FROM sender, new
        RETURNING id
    ), part AS ({PART})
    SELECT sender.last_text_at FROM sender, part
""".encode()  # noqa: S608 - our own words

ADD = f"""
    WITH {SENDER}, long AS (
        SELECT inbound.id FROM sender JOIN inbound ON inbound.id = %(inbound_id)s
        WHERE inbound.joining_until IS NOT NULL
           OR (%(is_copy)s AND inbound.received_at > clock_timestamp() - %(window)s)
        FOR UPDATE OF inbound
    ), part AS ({PART})
    SELECT sender.last_text_at FROM sender, part
""".encode()  # noqa: S608 - our own words

# Nothing is written when the account's keywords differ from those the text was read with.
FINISH = f"""
    WITH {SENDER}, long AS (
        UPDATE inbound SET text = %(text)s, is_truncated = %(is_truncated)s,
            media = CAST(%(all_media)s AS jsonb), wants_opt_out = %(wants_opt_out)s,
            joining_until = NULL
        FROM sender, account
        WHERE inbound.id = %(id)s AND inbound.joining_until IS NOT NULL
          AND account.id = %(account_id)s AND account.keywords = CAST(%(keywords)s AS jsonb)
        RETURNING inbound.id, inbound.consumer_id, inbound.received_at
    ), part AS ({PART}), files AS (
        INSERT INTO media_file
            (id, account_id, connector_id, message_id, url, announced_type, state, try_at)
        SELECT file_id, %(account_id)s, %(connector_id)s, long.id, url, content_type, 'pending',
            clock_timestamp()
        FROM long, jsonb_to_recordset(CAST(%(all_media)s AS jsonb))
            AS file (file_id uuid, url text, content_type text)
    )
    SELECT long.consumer_id, long.received_at, EXISTS (
        SELECT FROM inbound AS other
        WHERE other.line_id = %(line_id)s AND other.consumer_id = long.consumer_id
          AND other.handed_over_at IS NULL AND other.id <> long.id
    ) AS others_wait
    FROM long
""".encode()  # noqa: S608 - our own words

Contents = tuple[Mapping[int, str], tuple[MediaRef, ...]]
"""The parts of a text by number, and everything attached to them."""


@dataclass(frozen=True)
class Seen:
    """What was there before a part was stored. `waiting`: the consumer's texts that wait.

    `contents`: of the texts that lack one part.
    """

    last_text_at: datetime | None
    is_known: bool
    waiting: int
    texts: Sequence[LongText]
    contents: Mapping[UUID, Contents]


async def look(direct: Direct, at: LineRoute, sender: Address, new: NewPart) -> Seen:
    """Return what is known about a part's consumer and the texts it may belong to."""
    values = sought_values(at, new) | part_values(at, new) | _consumer(at, sender)
    rows = await direct.fetch_all(LOOK, values)
    last_text_at, is_known, waiting, *_ = rows[0]
    texts = [row for row in rows if row[5] is not None]
    contents = {row[5]: _contents(row) for row in texts if row[3] is not None}
    return Seen(last_text_at, is_known, waiting, [long_text(*row[5:]) for row in texts], contents)


async def begin(
    direct: Direct, at: LineRoute, sender: Address, seen: Seen, text_id: UUID, new: NewPart
) -> datetime | None:
    """Store a long text's first part; return `last_text_at`, None if something came in between."""
    values = new_text_values(at, text_id, new) | part_values(at, new)
    row = await _stored(direct, BEGIN, values | _consumer(at, sender, seen))
    return row[0] if row else None


async def add(
    direct: Direct, at: LineRoute, sender: Address, seen: Seen, text_id: UUID, new: NewPart
) -> datetime | None:
    """Store a part of a long text; return `last_text_at`, None if something came in between."""
    values = part_values(at, new) | {"inbound_id": text_id, "window": window(at)}
    row = await _stored(direct, ADD, values | _consumer(at, sender, seen))
    return row[0] if row else None


async def finish(
    direct: Direct, at: LineRoute, sender: Address, seen: Seen, text: ReceivedText, new: NewPart
) -> Arrived | None:
    """Store the last part, and end the wait of its text, which becomes `text` and is no keyword.

    None when something came in between, or the account's keywords changed.
    """
    values = finished_values(UUID(text.message_id), text)
    values["all_media"] = values.pop("media")
    values |= part_values(at, new) | _consumer(at, sender, seen)
    row = await _stored(direct, FINISH, values | {"keywords": json.dumps(at.keywords)})
    return Arrived(*row) if row else None


async def _stored(direct: Direct, statement: bytes, values: Mapping[str, object]) -> Row | None:
    try:
        return await direct.fetch_one(statement, values)
    except UniqueViolation:
        return None  # the same part, from somebody else or at the same moment


def _consumer(at: LineRoute, sender: Address, seen: Seen | None = None) -> dict[str, object]:
    return {
        "account_id": at.account_id,
        "line_id": at.line_id,
        "phone": sender.key,
        "sender": sender.written,
        "seen_at": seen.last_text_at if seen else None,
    }


def _contents(row: Row) -> Contents:
    contents, media, numbers = row[3], row[4], row[7]
    words = {number: read_content(one) for number, one in zip(numbers, contents, strict=True)}
    return words, tuple(MediaRef.model_validate(item) for items in media for item in items)
