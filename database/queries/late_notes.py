"""Notes in closed conversations, which no workflow may hold any more.

The domain decides the note and the journal writes it as a further step, like every other. A
workflow that is still there, because a late rating may come, finds the step and goes on from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from database.direct import Direct
from database.engine import Sessions
from database.queries.journal import NewStep, apply_step
from domain.conversation.conversation import Conversation
from domain.conversation.inputs import Person
from domain.conversation.state import ConversationState
from domain.errors import ConversationClosed, Unavailable
from domain.policy.policy import Policy

TRIES = 5
"""Ours: each further one needs another step of a closed conversation in the same moment."""

CLOSED_STEP = b"""
    SELECT conversation.workflow_id, latest_step.state, latest_step.policy
    FROM conversation JOIN latest_step ON latest_step.conversation_id = conversation.id
    WHERE conversation.id = %(id)s AND conversation.status = 'closed'
"""


@dataclass(frozen=True)
class LateNote:
    """Who writes what under which key. `mentions`: ids of the colleagues it names."""

    person: Person
    text: str
    key: str
    mentions: Sequence[str] = ()


async def write(sessions: Sessions, conversation_id: UUID, note: LateNote) -> str:
    """Add a note to a closed conversation, which stays closed. Returns the message's id.

    Raises what refuses it, and `Unavailable` if other steps came first each time. The caller has
    looked whether a step with this key is there.
    """
    for _ in range(TRIES):
        workflow_id, core = await _found(sessions.direct, conversation_id)
        core.caused_by(note.key)
        now = await sessions.clock.now()
        message_id = core.notes.added_after_end(
            note.person, note.text, note.key, now, note.mentions
        )
        effects = core.take_effects()
        core.state.sequence += 1
        if await apply_step(sessions, NewStep(workflow_id, core.state, effects)):
            return message_id
    raise Unavailable


async def _found(direct: Direct, conversation_id: UUID) -> tuple[str, Conversation]:
    row = await direct.fetch_one(CLOSED_STEP, {"id": conversation_id})
    if row is None:  # the database was restored to a time when it was open
        raise ConversationClosed
    state, policy = ConversationState.model_validate(row[1]), Policy.model_validate(row[2])
    return row[0], Conversation(state, policy)
