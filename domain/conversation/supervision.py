"""Managers in a conversation: joining, leaving and taking over."""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.inputs import Person
from domain.conversation.kinds import EventKind
from domain.conversation.notes import Notes
from domain.conversation.permissions import check_supervises, has_joined, holds
from domain.conversation.queueing import Queueing
from domain.conversation.state import JoinedManager
from domain.conversation.step_context import StepContext
from domain.errors import JoiningRefused


class Supervision:
    """Adds managers to a conversation, removes them, or makes one its agent."""

    def __init__(self, conversation: StepContext, queue: Queueing, notes: Notes) -> None:
        self._conversation = conversation
        self._queue = queue
        self._notes = notes

    def check_join(self, person: Person) -> None:
        """Raise the error that would refuse joining, and change nothing."""
        state = self._conversation.state
        check_supervises(state, person)
        if holds(state, person):
            raise JoiningRefused("You hold this conversation.")
        if has_joined(state, person):
            raise JoiningRefused("You have already joined this conversation.")

    def manager_joined(self, person: Person, key: str, now: datetime) -> None:
        """Add a manager, who may then write alongside the agent or while it waits."""
        self.check_join(person)
        manager = JoinedManager(agent_id=person.agent_id, name=person.name)
        self._conversation.state.joined_managers.append(manager)
        self._tell(EventKind.manager_joined, Automatic.manager_joined, person, key, now)

    def check_leave(self, person: Person) -> None:
        """Raise the error that would refuse leaving, and change nothing."""
        state = self._conversation.state
        check_supervises(state, person)
        if not has_joined(state, person):
            raise JoiningRefused("You have not joined this conversation.")

    def manager_left(self, person: Person, key: str, now: datetime) -> None:
        """Remove a manager who had joined."""
        self.check_leave(person)
        state = self._conversation.state
        others = [
            manager for manager in state.joined_managers if manager.agent_id != person.agent_id
        ]
        state.joined_managers = others
        self._tell(EventKind.manager_left, Automatic.manager_left, person, key, now)

    def check_take_over(self, person: Person) -> None:
        """Raise the error that would refuse taking over, and change nothing."""
        state = self._conversation.state
        check_supervises(state, person)
        if holds(state, person):
            raise JoiningRefused("You hold this conversation.")

    def manager_took_over(
        self, person: Person, key: str, now: datetime, reason: str | None = None
    ) -> None:
        """Assign the conversation to a manager, whether it waits or another agent holds it.

        `reason`: becomes a note, which its agent is shown.
        """
        self.check_take_over(person)
        told: dict[str, str] = {"how": "taken_over"}
        if self._conversation.state.agent_id:
            told["from_agent_id"] = self._conversation.state.agent_id
        if reason and reason.strip():
            told["note_id"] = self._notes.along(person, reason, now)
        self._queue.assign_and_announce(person.agent_id, person.name, now, key, **told)

    def _tell(
        self, kind: EventKind, text: Automatic, person: Person, key: str, now: datetime
    ) -> None:
        self._conversation.happened(kind, now, agent_id=person.agent_id, command_key=key)
        self._conversation.send_automatic(text, now, agent=person.name)
