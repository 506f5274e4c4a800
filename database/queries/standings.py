"""What is known of consumers' wishes for texts, of one or of many in one statement."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from domain.consent.gates import Standing

# Scopes as in `database.queries.consent`.
OPTED_OUT = """
    EXISTS (
        SELECT FROM consent
        WHERE consent.consumer_id = consumer.id AND consent.is_opted_out
          AND consent.scope IN ('account', 'line:' || line.id, 'connector:' || line.connector_id)
    )
"""
CONSENTED = """
    EXISTS (
        SELECT FROM conversation JOIN message ON message.conversation_id = conversation.id
        WHERE conversation.consumer_id = consumer.id AND message.author = 'consumer'
    ) OR EXISTS (
        SELECT FROM consent_event AS told
        WHERE told.consumer_id = consumer.id AND told.kind = 'opted_in'
          AND told.scope IN ('account', 'line:' || line.id, 'connector:' || line.connector_id)
    )
"""
KNOWN = "EXISTS (SELECT FROM conversation WHERE conversation.consumer_id = consumer.id)"
STANDINGS = sql(f"""
    SELECT consumer.id, {OPTED_OUT}, consumer.blocked_at IS NOT NULL, {CONSENTED}, NOT {KNOWN}
    FROM consumer, line
    WHERE consumer.id = ANY(:consumers) AND line.id = :line_id
      AND consumer.account_id = line.account_id
""")  # noqa: S608 - our own words


async def of_all(
    session: AsyncSession, line_id: str, consumers: Sequence[UUID]
) -> dict[UUID, Standing]:
    """Return the standing of consumers of the line's account."""
    values = {"line_id": line_id, "consumers": list(consumers)}
    rows = await session.execute(STANDINGS, values)
    return {row[0]: Standing(*row) for row in rows}


async def of_one(session: AsyncSession, line_id: str, consumer_id: UUID) -> Standing:
    """Return the standing of one consumer of the line's account."""
    return (await of_all(session, line_id, [consumer_id]))[consumer_id]
