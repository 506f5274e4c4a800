"""What comes in from outside, in the core's words."""

from activities.contract import Choice
from domain.conversation.inputs import Colleague, Person
from workflows.conversation.messages import Actor, AgentAssigned, AgentOffered, TransferToAgent


def chosen(conversation_id: str, choice: Choice) -> AgentAssigned | AgentOffered:
    """Return a choice that came with the journal's answer as what the router signals otherwise."""
    heard = AgentOffered if choice.is_offer else AgentAssigned
    return heard(
        conversation_id=conversation_id,
        ticket=choice.ticket,
        agent_id=choice.agent_id,
        agent_name=choice.agent_name,
    )


def person(actor: Actor) -> Person:
    """Return who gives a command, in the core's words."""
    return Person(actor.agent_id, actor.name, actor.role)


def target(command: TransferToAgent) -> Colleague:
    return Colleague(command.agent_id, command.agent_name)
