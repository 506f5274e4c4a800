"""What is written about conversations whenever something happened to them."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.tables import Event
from domain.conversation.kinds import EventKind
from reporting import beside, facts, records

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


NOT_OF_FACTS = frozenset(
    {
        *(EventKind.file_changed, EventKind.text_held, EventKind.bot_asked),
        *(EventKind.consumer_changed, EventKind.consumers_merged, EventKind.consumers_parted),
        *(EventKind.label_added, EventKind.label_removed, EventKind.priority_changed),
        *(EventKind.closing_reason_set, EventKind.mentioned),
    }
)
WRITERS = (Writer(facts.write, NOT_OF_FACTS), Writer(records.write, NOT_OF_RECORDS))
"""In order: records say what facts measured."""

Read = Callable[[AsyncSession, str, Sequence[Event]], Awaitable[None]]
READERS: Sequence[Read] = (facts.read_states, facts.read_labels, beside.read_texts)
"""What is written of events that change more, or other things, than their conversation."""
