"""What is written about conversations whenever something happened to them."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.conversation.kinds import EventKind
from reporting import records

NOT_OF_RECORDS = frozenset(
    {
        *(EventKind.message_status, EventKind.file_changed, EventKind.text_held),
        *(EventKind.bot_asked, EventKind.consumer_changed),
        *(EventKind.consumers_merged, EventKind.consumers_parted),
    }
)
"""What changes nothing in a record: what is known of consumers is looked up where they are."""

Write = Callable[[AsyncSession, str, Collection[UUID]], Awaitable[None]]


@dataclass(frozen=True)
class Writer:
    """Makes what is kept of some conversations anew from the database, in one transaction.

    `write` gets the account and its conversations, and may be called for the same ones again.
    `passes_over`: kinds of events that change nothing of it.
    """

    write: Write
    passes_over: frozenset[EventKind] = frozenset()


WRITERS = (Writer(records.write, NOT_OF_RECORDS),)
