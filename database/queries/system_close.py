"""Closes conversations that no workflow will ever close.

The domain decides the close and the journal writes it, like every other step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.direct import Direct
from database.engine import Sessions
from database.queries.delivery import DeliveryFailure, give_up
from database.queries.journal import NewStep, apply_step
from domain.conversation.closing import UNSENT, UNSENT_CODE
from domain.conversation.conversation import Conversation
from domain.conversation.state import ConversationState
from domain.policy.policy import Policy

NOT_SENT = DeliveryFailure(UNSENT_CODE, UNSENT)

OPEN_STEP = b"""
    SELECT conversation.workflow_id, latest_step.state, latest_step.policy
    FROM conversation JOIN latest_step ON latest_step.conversation_id = conversation.id
    WHERE conversation.id = %(id)s AND conversation.status <> 'closed'
"""
EARLIER_OPEN = b"""
    SELECT id FROM conversation
    WHERE line_id = %(line_id)s AND consumer_id = %(consumer_id)s AND number < %(number)s
      AND status <> 'closed'
"""
QUEUED = b"SELECT id FROM message WHERE conversation_id = %(id)s AND status = 'queued'"


@dataclass(frozen=True)
class OpenConversation:
    """A conversation that pages show as open, after its newest step."""

    workflow_id: str
    core: Conversation


async def close_by_system(
    sessions: Sessions, conversation_id: UUID, *, is_last: bool = True
) -> bool:
    """Close a conversation as the system, and mark its unsent texts as failed.

    `is_last`: False when later conversations followed, which have taken over the texts its survey
    did not use. Returns False when it was closed already, or another step was written meanwhile.
    """
    now = await sessions.clock.now()
    found = await _opened(sessions.direct, conversation_id)
    if found is None:
        return False
    core = found.core
    core.caused_by("ended")
    core.ended_by_operator(now, has_later=not is_last)
    effects = core.take_effects()
    core.state.sequence += 1
    is_new = await apply_step(sessions, NewStep(found.workflow_id, core.state, effects))
    if is_new:
        await _fail_queued(sessions.direct, conversation_id, now)
    return is_new


async def close_earlier(sessions: Sessions, line_id: str, consumer_id: UUID, number: int) -> None:
    """Close conversations that a restored database shows as open although later ones followed."""
    values = {"line_id": line_id, "consumer_id": consumer_id, "number": number}
    for row in await sessions.direct.fetch_all(EARLIER_OPEN, values):
        await close_by_system(sessions, row[0], is_last=False)


async def _opened(direct: Direct, conversation_id: UUID) -> OpenConversation | None:
    row: Sequence[Any] | None = await direct.fetch_one(OPEN_STEP, {"id": conversation_id})
    if row is None:
        return None
    workflow_id, state, policy = row
    core = Conversation(ConversationState.model_validate(state), Policy.model_validate(policy))
    return OpenConversation(workflow_id, core)


async def _fail_queued(direct: Direct, conversation_id: UUID, now: datetime) -> None:
    for row in await direct.fetch_all(QUEUED, {"id": conversation_id}):
        await give_up(direct.fetch_one, row[0], NOT_SENT, at=now)
