"""Makes the facts of what happens beside conversations: texts without one, and consent."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports import alone, local_time
from database.queries.reports.alone import AloneRow
from database.queries.reports.consents import ConsentRow
from database.queries.reports.facts import Owned
from database.tables import Event
from domain.conversation.kinds import EventKind
from domain.ids import is_uuid
from domain.reporting.alone import facts_alone
from domain.reporting.consents import consent_facts
from reporting.facts import keep


async def read_texts(session: AsyncSession, account_id: str, batch: Iterable[Event]) -> None:
    """Write the facts of texts without a conversation of which some events tell."""
    ids = {
        UUID(one)
        for event in batch
        if event.kind == EventKind.message_status
        if is_uuid(one := str(event.data.get("message_id")))
    }
    if ids and (found := await alone.of_ids(session, account_id, ids)):
        await write_texts(session, account_id, found)


async def write_texts(session: AsyncSession, account_id: str, rows: Sequence[AloneRow]) -> None:
    """Write the facts of texts without a conversation."""
    clock = await local_time.load(session, account_id)
    owned = [
        Owned(
            list(facts_alone(row.text, clock)),
            made_from=f"text/{row.place.id}",
            line_id=row.line_id,
            source=row.source,
        )
        for row in rows
    ]
    await keep(session, account_id, owned, clock)


async def write_consents(
    session: AsyncSession, account_id: str, rows: Sequence[ConsentRow]
) -> None:
    """Write the facts of entries of the ledger of consent."""
    clock = await local_time.load(session, account_id)
    owned = [
        Owned(
            list(consent_facts(row.entry)),
            conversation_id=row.conversation_id,
            made_from=f"consent/{row.id}",
            line_id=row.line_id,
            source=row.source,
        )
        for row in rows
    ]
    await keep(session, account_id, owned, clock)
