"""Translates messages from outside into inputs of the conversation core."""

from activities.contract import Choice
from workflows.conversation.messages import AgentAssigned, AgentOffered


def chosen(conversation_id: str, choice: Choice) -> AgentAssigned | AgentOffered:
    """Return an immediate choice as the signal that the router would otherwise send."""
    signal = AgentOffered if choice.is_offer else AgentAssigned
    return signal(
        conversation_id=conversation_id,
        ticket=choice.ticket,
        agent_id=choice.agent_id,
        agent_name=choice.agent_name,
    )
