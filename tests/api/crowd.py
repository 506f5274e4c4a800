"""Conversations as rows, where no workflow is needed: many, and in every state."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from database.queries.words import stored_words
from database.tables import Consumer, Conversation, Message, Participation
from domain.searching.words import words_of
from reporting import records
from tests.api.conftest import Office

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def add_conversation(
    office: Office, number: str, *texts: str, name: str | None = None, **values: Any
) -> str:
    """Add a conversation, as the journal would have written it; returns its id."""
    brand, account = office.brand, {"account_id": office.brand.account_id}
    ids: dict[str, Any] = {"line_id": brand.line_id, "consumer_id": uuid4()} | account
    row = ids | {
        "id": uuid4(),
        "workflow_id": f"w{uuid4()}",
        "number": 1,
        "sequence": 1,
        "status": "assigned",
        "pending_side": "agent",
        "skill_id": brand.support,
        "opened_by": "consumer",
        "opened_at": NOON,
    }
    row |= values
    consumer = account | {"id": ids["consumer_id"], "number": number, "name": name}
    known = stored_words(brand.account_id, words_of(name)) if name else None
    async with office.sessions.begin() as session:
        await session.execute(insert(Consumer).values(**consumer, words=known))
        await session.execute(insert(Conversation).values(row))
        if row.get("agent_id"):
            took_part = {"conversation_id": row["id"], "agent_id": row["agent_id"]}
            await session.execute(insert(Participation).values(took_part))
    for position, text in enumerate(texts, start=1):
        await add_text(office, row, position, text)
    return str(row["id"])


async def add_text(
    office: Office, row: dict[str, Any], position: int, text: str, **values: Any
) -> UUID:
    """Add a text of the consumer, or what `values` say, to a conversation."""
    message = {
        "id": uuid4(),
        "conversation_id": row["id"],
        "position": position,
        "author": "consumer",
        "text": text,
        "written_at": row["opened_at"] + timedelta(minutes=position),
        "status": "received",
    } | {name: row[name] for name in ("account_id", "line_id", "consumer_id")}
    message |= values
    async with office.sessions.begin() as session:
        await session.execute(insert(Message).values(message))
        await records.write(session, office.brand.account_id, [UUID(str(row["id"]))])
    return UUID(str(message["id"]))
