"""Records the routing decisions of a conversation's own steps: its skill, and who took it.

The router records its own decisions, with the candidates.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.conversation.effects import Effect, Happened
from domain.conversation.kinds import EventKind
from domain.conversation.state import ConversationState
from domain.routing.kinds import DecisionKind

BY_HAND = {
    "picked": "{name} picked it from the queue.",
    "taken_over": "{name} took it over.",
}


def decision_rows(state: ConversationState, effects: Sequence[Effect]) -> list[dict[str, Any]]:
    """Return why a skill was chosen, and who picked the conversation or took it over."""
    happened = [effect for effect in effects if isinstance(effect, Happened)]
    return [row for effect in happened for row in _decisions(state, effect)]


def _decisions(state: ConversationState, effect: Happened) -> list[dict[str, Any]]:
    is_opening = effect.kind is EventKind.conversation_opened
    is_transfer = effect.kind is EventKind.conversation_transferred and "skill_id" in effect.data
    if (is_opening or is_transfer) and state.skill_reason:
        return [_row(state, effect, DecisionKind.skill, state.skill_reason, None)]
    how = str(effect.data.get("how"))
    if effect.kind is EventKind.conversation_assigned and how in BY_HAND:
        reason = BY_HAND[how].format(name=state.agent_name)
        return [_row(state, effect, DecisionKind.picked, reason, effect.agent_id)]
    return []


def _row(
    state: ConversationState,
    effect: Happened,
    kind: DecisionKind,
    reason: str,
    agent_id: str | None,
) -> dict[str, Any]:
    return {
        "account_id": state.account_id,
        "conversation_id": UUID(state.id),
        "ticket": state.ticket,
        "kind": kind.value,
        "skill_id": state.skill_id,
        "agent_id": agent_id,
        "reason": reason,
        "at": effect.at,
    }
