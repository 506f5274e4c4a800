"""Parts of consumers' long texts: stored as they arrive, and joined in the text's own row.

That row is made with the first part, so that the text stands where it began. It is handed over when
it no longer waits, as every text is.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.inbound import InboundOrigin, LineRoute
from domain.conversation.effects import MediaRef
from domain.conversation.inputs import ReceivedText
from domain.text.cards import without_digits
from domain.text.joining import LATE_FOR, MOST_CANDIDATES, UTF_16, LongText, Part

IS_KNOWN = sql("""
    SELECT EXISTS (
        SELECT FROM inbound_part
        WHERE connector_id = :connector_id AND provider_message_id = :provider_message_id
    ) OR EXISTS (
        SELECT FROM inbound_key
        WHERE connector_id = :connector_id AND provider_message_id = :provider_message_id
    )
""")

# Locked, because a sweeper may end the wait of a text at the same moment. A text from the future is
# one from before the clock was set back: it counts as new.
CANDIDATES = sql("""
    SELECT inbound.id, inbound.part_total,
        ARRAY(SELECT number FROM inbound_part WHERE inbound_id = inbound.id AND NOT is_copy),
        (
            SELECT content FROM inbound_part
            WHERE inbound_id = inbound.id AND number = :number AND NOT is_copy
        ),
        inbound.joining_until IS NOT NULL,
        inbound.joining_until IS NOT NULL OR inbound.received_at > clock_timestamp() - :window
    FROM inbound
    WHERE line_id = :line_id AND consumer_id = :consumer_id AND part_reference = :reference
      AND part_total = :total AND received_at > clock_timestamp() - :late_for
    ORDER BY arrival DESC
    LIMIT :limit
    FOR UPDATE OF inbound
""")

COUNT_WAITING = sql("""
    SELECT count(*) FROM inbound
    WHERE line_id = :line_id AND consumer_id = :consumer_id AND handed_over_at IS NULL
      AND joining_until IS NOT NULL
""")

BEGIN = sql("""
    WITH new AS (
        INSERT INTO inbound_key (connector_id, provider_message_id, received_at, is_part)
        VALUES (:connector_id, :provider_message_id, clock_timestamp(), true)
        RETURNING received_at
    )
    INSERT INTO inbound (id, account_id, connector_id, line_id, consumer_id, provider_message_id,
        text, raw, received_at, part_reference, part_total, joining_until)
    SELECT :id, :account_id, :connector_id, :line_id, :consumer_id, :provider_message_id,
        '', CAST(:raw AS jsonb), received_at, :reference, :total, received_at + :window
    FROM new
""")

ADD = sql("""
    INSERT INTO inbound_part (connector_id, provider_message_id, inbound_id, number, content, media,
        is_copy, late_id, raw, received_at)
    VALUES (:connector_id, :provider_message_id, :inbound_id, :number, :content,
        CAST(:media AS jsonb), :is_copy, :late_id, CAST(:raw AS jsonb), clock_timestamp())
""")

CONTENTS = sql("""
    SELECT number, content, media FROM inbound_part
    WHERE inbound_id = :inbound_id AND NOT is_copy AND late_id IS NULL
    ORDER BY number
""")

CONTENTS_KEPT = sql("SELECT id, content FROM inbound_part WHERE inbound_id = :inbound_id")
MASK_PART = sql("UPDATE inbound_part SET content = :content, raw = '{}' WHERE id = :id")

FINISH = sql("""
    WITH finished AS (
        UPDATE inbound SET text = :text, is_truncated = :is_truncated,
            media = CAST(:media AS jsonb), keyword = :keyword,
            provider_handled = :provider_handled, wants_opt_out = :wants_opt_out,
            joining_until = NULL
        WHERE id = :id
        RETURNING id, account_id, connector_id, received_at
    ), files AS (
        INSERT INTO media_file
            (id, account_id, connector_id, message_id, url, announced_type, state, try_at)
        SELECT file_id, finished.account_id, finished.connector_id, finished.id, url, content_type,
            'pending', clock_timestamp()
        FROM finished, jsonb_to_recordset(CAST(:media AS jsonb))
            AS file (file_id uuid, url text, content_type text)
    )
    SELECT received_at FROM finished
""")

# When the clock was set back, a text from the future would wait for as long as that.
DUE = sql("""
    SELECT inbound.id, account_id, part_total, masks_cards
    FROM inbound JOIN account ON account.id = inbound.account_id
    WHERE joining_until IS NOT NULL
      AND (joining_until <= clock_timestamp() OR received_at > clock_timestamp())
    ORDER BY joining_until
    LIMIT :limit
    FOR UPDATE OF inbound SKIP LOCKED
""")

WAITING = sql("""
    SELECT inbound.id, account_id, part_total, masks_cards
    FROM inbound JOIN account ON account.id = inbound.account_id
    WHERE line_id = :line_id AND consumer_id = :consumer_id AND handed_over_at IS NULL
      AND joining_until IS NOT NULL
    ORDER BY arrival
    FOR UPDATE OF inbound
""")

RECEIVED = sql("""
    SELECT inbound.id, inbound.part_total, count(part.id)
    FROM inbound
    LEFT JOIN inbound_part AS part
        ON part.inbound_id = inbound.id AND NOT part.is_copy AND part.late_id IS NULL
    WHERE inbound.id = ANY(:ids) AND inbound.part_total IS NOT NULL
    GROUP BY inbound.id, inbound.part_total
""")

LATE = sql("""
    SELECT late_id, inbound_id FROM inbound_part WHERE late_id = ANY(:ids)
""")


@dataclass(frozen=True)
class UnfinishedText:
    """A long text that waits for parts, locked until the transaction ends."""

    id: UUID
    account_id: str
    total: int
    masks_cards: bool = False


@dataclass(frozen=True)
class JoinedText:
    """How much of a consumer's long text arrived in time."""

    parts: int
    parts_received: int


@dataclass(frozen=True)
class LongTexts:
    """Which consumers' texts were joined from parts, and which are late parts of which text."""

    joined: Mapping[UUID, JoinedText]
    late_parts: Mapping[UUID, UUID]


NO_LONG_TEXTS = LongTexts({}, {})


@dataclass(frozen=True)
class NewPart:
    """A part to be stored. `late_id`: the text of its own that it became."""

    part: Part
    reference: str
    media: Sequence[MediaRef]
    origin: InboundOrigin
    is_copy: bool = False
    late_id: UUID | None = None


async def is_known(session: AsyncSession, connector_id: str, provider_message_id: str) -> bool:
    """Say whether the provider delivered a part before, whatever the setting was then."""
    ids = {"connector_id": connector_id, "provider_message_id": provider_message_id}
    return bool(await session.scalar(IS_KNOWN, ids))


async def candidates(
    session: AsyncSession, at: LineRoute, consumer_id: UUID, new: NewPart
) -> list[LongText]:
    """Return the texts that a part may belong to, oldest first, and lock them."""
    who = {"line_id": at.line_id, "consumer_id": consumer_id}
    rows = (await session.execute(CANDIDATES, who | sought_values(at, new))).all()
    return [long_text(*row) for row in reversed(rows)]


async def count_waiting(session: AsyncSession, at: LineRoute, consumer_id: UUID) -> int:
    """Return how many of a consumer's texts on a line wait for parts."""
    who = {"line_id": at.line_id, "consumer_id": consumer_id}
    return await session.scalar(COUNT_WAITING, who) or 0


async def begin(
    session: AsyncSession, at: LineRoute, consumer_id: UUID, text_id: UUID, new: NewPart
) -> None:
    """Store a long text's first part, and the row in which the text waits for the others."""
    await session.execute(BEGIN, new_text_values(at, text_id, new) | {"consumer_id": consumer_id})
    await add(session, at, text_id, new)


async def add(session: AsyncSession, at: LineRoute, text_id: UUID, new: NewPart) -> None:
    """Store a part of a long text."""
    values = {"inbound_id": text_id, "late_id": new.late_id}
    await session.execute(ADD, part_values(at, new) | values)


async def contents(
    session: AsyncSession, text_id: UUID
) -> tuple[Mapping[int, str], tuple[MediaRef, ...]]:
    """Return the parts of a text by number, and everything attached to them."""
    rows = (await session.execute(CONTENTS, {"inbound_id": text_id})).all()
    media = [MediaRef.model_validate(item) for row in rows for item in row.media]
    return {row.number: read_content(row.content) for row in rows}, tuple(media)


async def finish(session: AsyncSession, text_id: UUID, text: ReceivedText) -> datetime:
    """End the wait of a long text, which becomes `text`. Returns when its first part arrived."""
    values = finished_values(text_id, text)
    received_at: datetime = (await session.execute(FINISH, values)).scalar_one()
    return received_at


async def mask(session: AsyncSession, text_id: UUID) -> None:
    """Mask all digits in the parts of a text: a number that is split cannot be told in them."""
    rows = (await session.execute(CONTENTS_KEPT, {"inbound_id": text_id})).all()
    masked = [(id_, without_digits(read_content(content))) for id_, content in rows]
    for id_, words in masked:
        content = words.encode(UTF_16, "surrogatepass")
        await session.execute(MASK_PART, {"id": id_, "content": content})


async def lock_due(session: AsyncSession, *, limit: int) -> list[UnfinishedText]:
    """Lock and return texts whose window has ended, except those that another process has."""
    rows = await session.execute(DUE, {"limit": limit})
    return [UnfinishedText(*row) for row in rows]


async def lock_waiting(
    session: AsyncSession, line_id: str, consumer_id: UUID
) -> list[UnfinishedText]:
    """Lock and return a thread's texts that wait for parts, in order of arrival."""
    rows = await session.execute(WAITING, {"line_id": line_id, "consumer_id": consumer_id})
    return [UnfinishedText(*row) for row in rows]


async def long_texts(session: AsyncSession, ids: Collection[UUID]) -> LongTexts:
    """Return what is known about parts of these texts."""
    wanted = {"ids": list(ids)}
    received = (await session.execute(RECEIVED, wanted)).all()
    late = (await session.execute(LATE, wanted)).all()
    return LongTexts(
        {id_: JoinedText(total, count) for id_, total, count in received},
        {late_id: text_id for late_id, text_id in late},  # noqa: C416 - rows are no pairs
    )


def window(at: LineRoute) -> timedelta:
    """Return how long a text of a line waits for its parts."""
    return timedelta(seconds=at.join_window_seconds)


def sought_values(at: LineRoute, new: NewPart) -> dict[str, object]:
    """Return what the texts that a part may belong to are found by, besides line and consumer."""
    return {
        "reference": new.reference,
        "number": new.part.number,
        "total": new.part.total,
        "limit": MOST_CANDIDATES,
        "window": window(at),
        "late_for": LATE_FOR,
    }


def new_text_values(at: LineRoute, text_id: UUID, new: NewPart) -> dict[str, object]:
    """Return the values of the row in which a long text waits."""
    return {
        "id": text_id,
        "account_id": at.account_id,
        "connector_id": at.connector_id,
        "line_id": at.line_id,
        "provider_message_id": new.origin.provider_message_id,
        "raw": json.dumps(dict(new.origin.raw)),
        "reference": new.reference,
        "total": new.part.total,
        "window": window(at),
    }


def part_values(at: LineRoute, new: NewPart) -> dict[str, object]:
    """Return the values of a part's row."""
    return {
        "connector_id": at.connector_id,
        "provider_message_id": new.origin.provider_message_id,
        "number": new.part.number,
        "content": new.part.content.encode(UTF_16, "surrogatepass"),
        "media": _json_of(new.media),
        "is_copy": new.is_copy,
        "raw": json.dumps(dict(new.origin.raw)),
    }


def finished_values(text_id: UUID, text: ReceivedText) -> dict[str, object]:
    """Return what a long text's row gets when its wait ends."""
    return {
        "id": text_id,
        "text": text.text,
        "is_truncated": text.is_truncated,
        "media": _json_of(text.media),
        "keyword": text.keyword,
        "provider_handled": text.provider_handled,
        "wants_opt_out": text.wants_opt_out,
    }


def long_text(
    id_: UUID,
    total: int,
    numbers: Sequence[int],
    same_place: bytes | None,
    is_waiting: bool,
    is_new: bool,
) -> LongText:
    """Return a row as the rules see it."""
    there = None if same_place is None else read_content(same_place)
    return LongText(id_, total, frozenset(numbers), there, is_waiting, is_new)


def read_content(content: bytes) -> str:
    """Return the words of a part as they are stored."""
    return content.decode(UTF_16, "surrogatepass")


def _json_of(media: Sequence[MediaRef]) -> str:
    return json.dumps([item.model_dump() for item in media])
