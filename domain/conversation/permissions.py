"""Who may do what with a conversation as it stands. Each raises the error that refuses."""

from domain.conversation.inputs import Person
from domain.conversation.kinds import Status
from domain.conversation.state import ConversationState
from domain.errors import (
    ConversationClosed,
    ConversationInSurvey,
    ConversationNotAssigned,
    NotAllowed,
)


def has_joined(state: ConversationState, person: Person) -> bool:
    """Say whether somebody writes alongside the agent."""
    return any(manager.agent_id == person.agent_id for manager in state.joined_managers)


def holds(state: ConversationState, person: Person) -> bool:
    return state.status is Status.assigned and state.agent_id == person.agent_id


def check_open(state: ConversationState) -> None:
    """Refuse when it is closed, for good or for the agents."""
    if state.status is Status.closed:
        raise ConversationClosed
    if state.status is Status.survey:
        raise ConversationInSurvey


def check_writes(state: ConversationState, person: Person) -> None:
    """Refuse who neither holds it nor has joined."""
    check_open(state)
    if not (holds(state, person) or has_joined(state, person)):
        raise ConversationNotAssigned


def check_notes(state: ConversationState, person: Person) -> None:
    """Refuse who may not write for colleagues; during the rating they still may."""
    if state.status is Status.closed:
        raise ConversationClosed
    _check_holds_or_supervises(state, person)


def check_handles(state: ConversationState, person: Person) -> None:
    """Refuse who may not pass it on or close it."""
    check_open(state)
    _check_holds_or_supervises(state, person)


def check_supervises(state: ConversationState, person: Person) -> None:
    """Refuse who is no manager."""
    check_open(state)
    if not person.supervises:
        raise NotAllowed


def _check_holds_or_supervises(state: ConversationState, person: Person) -> None:
    if state.agent_id != person.agent_id and not person.supervises:
        raise ConversationNotAssigned
