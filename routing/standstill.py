"""What stands still, each with the reason and the command that frees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.engine import Sessions
from database.queries.standstill import lost_texts, unsent_texts
from domain.ids import ConsumerId, LineId, workflow_id
from routing.watches import unmatched
from temporal.conversations import ConversationClient
from temporal.failing import Failing, failing
from temporal.versions import Versions

REPAIR = "switchboard reconcile --repair"


@dataclass(frozen=True)
class Standstill:
    """Something that does not get on. `what`: what it is; `name`: its id."""

    what: str
    name: str
    since: datetime | None
    why: str
    frees: str
    """The command that frees it, or what to do."""


async def standing_still(
    sessions: Sessions, conversations: ConversationClient
) -> Sequence[Standstill]:
    """Return all that stands still, from what harms most. Raises `Unavailable`."""
    current = await Versions(conversations.client).current()
    found = [_failing(one, current) for one in await failing(conversations.client)]
    uneven = await unmatched(sessions.direct, conversations)
    for row in uneven.rows:
        name, why = str(row.conversation_id), "It is open, and its workflow does not run."
        found.append(Standstill("conversation", name, None, why, REPAIR))
    for text in await lost_texts(sessions.direct):
        line, _, consumer = (text.of or "").rpartition("/")
        thread = workflow_id(LineId(line), ConsumerId(consumer))
        why = f"It was handed over to {thread} {text.attempts} times, and is in no transcript."
        found.append(Standstill("consumer's text", str(text.message_id), text.since, why, REPAIR))
    for text in await unsent_texts(sessions.direct):
        found.append(_unsent(str(text.message_id), text.since, text.attempts, text.line_id))
    return found


def _failing(one: Failing, current: str | None) -> Standstill:
    on = f" on {one.version}" if one.version else ""
    why = f"The tasks of its workflow fail{on} ({one.attempts} attempts)."
    rolls = f"switchboard roll-over --from {one.version} --stuck"
    if one.version and current and one.version != current:
        frees = rolls
    elif one.version:
        frees = f"Deploy the fix. Or go back: switchboard make-current EARLIER, then {rolls}"
    elif one.conversation_id:
        frees = f"Deploy the fix. Or end it: switchboard end {one.conversation_id} --now"
    else:
        frees = "Deploy the fix."
    name = one.conversation_id or "conversation without a step"
    return Standstill("conversation", f"{name} ({one.workflow_id})", one.since, why, frees)


def _unsent(name: str, since: datetime, attempts: int, line_id: str) -> Standstill:
    if attempts == 0:
        why, frees = f"It waits on {line_id}, and no worker has tried to send it.", REPAIR
    else:
        why = f"It was tried {attempts} times on {line_id}."
        frees = "Look at the line's page: its provider refuses it, or does not answer."
    return Standstill("our text", name, since, why, frees)
