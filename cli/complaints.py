"""What is wrong with the installation's processes, in the words of the status page."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from database.clock import database_time
from database.engine import Sessions
from database.queries.operating.processes import ProcessKind
from domain.errors import Unavailable
from services.operating import processes
from services.operating.processes import Complaint, Processes, Seen
from temporal.conversations import ConversationClient
from temporal.pollers import polled_at
from web.operator.sentences import COMPLAINTS, KINDS

KEYS_FIRST = (
    "Restart these processes with the key before you end, heal or repair anything: without it they "
    "cannot read what others stored, so workflows fail that then go on by themselves."
)
"""What comes before all other advice."""


async def look(sessions: Sessions, conversations: ConversationClient | None) -> Processes:
    """Return the processes as the status page sees them. Raises the errors of the database."""
    now = await database_time(sessions.direct.fetch_one)
    return await processes.look(sessions, await _polled(conversations), now)


async def _polled(conversations: ConversationClient | None) -> Mapping[str, datetime] | None:
    if conversations is not None:
        with suppress(Unavailable):
            return await polled_at(conversations.client, conversations.task_queue)
    return None


def told(found: Processes) -> Sequence[str]:
    """Return a sentence for each complaint, but that nothing is written: it has a check."""
    together = [one for one in found.complaints if one is not Complaint.read_only]
    own = [_told(one, complaint) for one in found.seen for complaint in one.complaints]
    return [*(COMPLAINTS[one] for one in together), *own]


def told_of_keys(found: Processes) -> Sequence[str]:
    """Return which processes lack a key, and that this comes first; nothing if none does."""
    lacking = [one for one in found.seen if Complaint.keys in one.complaints]
    return [*(_told(one, Complaint.keys) for one in lacking), KEYS_FIRST] if lacking else []


def _told(one: Seen, complaint: Complaint) -> str:
    process = one.process
    name = f"{KINDS[ProcessKind(process.kind)]} {process.name} ({process.identity})"
    return f"{name}: {COMPLAINTS[complaint]}"
