"""Private notes for colleagues, which change nothing else, also after the end."""

from datetime import datetime

from domain.conversation.inputs import Person
from domain.conversation.permissions import check_late_notes, check_notes
from domain.conversation.step_context import StepContext
from domain.text.limits import check_outgoing


class Notes:
    """Adds what colleagues write for each other."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    def check(self, person: Person, text: str) -> None:
        """Raise the error that would refuse a note, and change nothing."""
        check_outgoing(text)
        check_notes(self._conversation.state, person)

    def added(self, person: Person, text: str, key: str, now: datetime) -> str:
        """Add a note. Returns the message's id."""
        self.check(person, text)
        return self._conversation.write_note(person.agent_id, person.name, text, key, now)

    def check_after_end(self, person: Person, text: str) -> None:
        """Raise the error that would refuse a note in a closed conversation."""
        check_outgoing(text)
        check_late_notes(self._conversation.state, person)

    def added_after_end(self, person: Person, text: str, key: str, now: datetime) -> str:
        """Add a note to a closed conversation, which stays closed. Returns the message's id."""
        self.check_after_end(person, text)
        return self._conversation.write_note(person.agent_id, person.name, text, key, now)
