"""Private notes of colleagues, also after the end, and the colleagues they mention."""

from collections.abc import Sequence
from datetime import datetime

from domain.conversation.inputs import Person
from domain.conversation.kinds import EventKind
from domain.conversation.permissions import check_late_notes, check_notes
from domain.conversation.step_context import StepContext
from domain.text.limits import check_outgoing

MOST_MENTIONED = 100
"""Colleagues whom all notes of one conversation can bring in. Ours."""


class Notes:
    """Writes notes, which change nothing else."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    def check(self, person: Person, text: str) -> None:
        """Raise the error that would refuse a note, and change nothing."""
        check_outgoing(text)
        check_notes(self._conversation.state, person)

    def added(
        self, person: Person, text: str, key: str, now: datetime, mentions: Sequence[str] = ()
    ) -> str:
        """Add a private note. Returns the message's id.

        `mentions`: ids of the colleagues it names, who may read the conversation from now on and
        write notes in it.
        """
        self.check(person, text)
        return self._write(person, text, key, now, mentions)

    def check_after_end(self, person: Person, text: str) -> None:
        """Raise the error that would refuse a note in a closed conversation."""
        check_outgoing(text)
        check_late_notes(self._conversation.state, person)

    def added_after_end(
        self, person: Person, text: str, key: str, now: datetime, mentions: Sequence[str] = ()
    ) -> str:
        """Add a note to a closed conversation, which stays closed. Returns the message's id."""
        self.check_after_end(person, text)
        return self._write(person, text, key, now, mentions)

    def _write(
        self, person: Person, text: str, key: str, now: datetime, mentions: Sequence[str]
    ) -> str:
        message_id = self._conversation.write_note(person.agent_id, person.name, text, key, now)
        self.mention(person, message_id, mentions, now)
        return message_id

    def along(self, person: Person, text: str, now: datetime) -> str:
        """Add a note that goes with another command. Returns the message's id."""
        check_outgoing(text)
        return self._conversation.write_note(person.agent_id, person.name, text, None, now)

    def mention(
        self, person: Person, message_id: str, mentions: Sequence[str], now: datetime
    ) -> None:
        """Bring in the colleagues whom a note names."""
        known = self._conversation.state.mentioned
        for agent_id in dict.fromkeys(mentions):
            if agent_id == person.agent_id:
                continue
            if agent_id not in known:
                if len(known) >= MOST_MENTIONED:
                    continue
                known.append(agent_id)
            self._conversation.happened(
                EventKind.mentioned,
                now,
                agent_id=agent_id,
                by_agent_id=person.agent_id,
                message_id=message_id,
            )
