"""Snoozing: a conversation is put away until a time or the consumer's next text.

It stays its agent's and keeps its status. Meanwhile nobody is reminded, it is not taken from its
agent, and silence does not close it. What protects a consumer who waits goes on: the response time,
and the message that the answer takes longer. Whatever gives the conversation to somebody else, or
closes it, ends the snooze as well. A hold of auto-close is something else: it only keeps silence
from closing a conversation, which stays in its agent's list.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.conversation.auto_close import resume_counting
from domain.conversation.inputs import Person
from domain.conversation.kinds import EventKind, Status
from domain.conversation.permissions import check_handles
from domain.conversation.state import Snooze
from domain.conversation.step_context import StepContext
from domain.errors import ConversationNotAssigned, Invalid

SOONEST = timedelta(minutes=1)
LATEST = timedelta(days=90)
"""Ours: as for scheduled texts. One until the consumer's next text ends then, too."""
NOBODY_HOLDS = "This conversation waits for an agent. Only its agent's can be snoozed."


class SnoozeEnd(StrEnum):
    """What ended a snooze."""

    time = "time"
    consumer = "consumer"
    agent = "agent"


def wake(conversation: StepContext, now: datetime) -> bool:
    """End a snooze without telling of it; return whether there was one."""
    state = conversation.state
    if state.snooze is None:
        return False
    state.snooze, state.woke_at = None, now
    resume_counting(conversation, now)
    return True


class Snoozing:
    """Puts a conversation away, and brings it back."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    @property
    def ends_at(self) -> datetime | None:
        """Return when the snooze ends by itself; None: it is not snoozed."""
        state = self._conversation.state
        if state.snooze is None or state.status is not Status.assigned:
            return None
        return state.snooze.until or state.snooze.since + LATEST

    def check(self, person: Person, until: datetime | None, now: datetime) -> None:
        """Raise the error that would refuse a snooze, and change nothing."""
        self.check_end(person)
        if self._conversation.state.status is not Status.assigned:
            raise ConversationNotAssigned(NOBODY_HOLDS)
        if until is not None and not now + SOONEST <= until <= now + LATEST:
            raise Invalid("A snooze ends between one minute and 90 days from now.")

    def snoozed(self, person: Person, until: datetime | None, key: str, now: datetime) -> None:
        """Put it away until a time, or with None until the consumer's next text alone.

        The consumer's next text ends it in any case.
        """
        self.check(person, until, now)
        self._conversation.state.snooze = Snooze(since=now, until=until)
        self._conversation.happened(
            EventKind.conversation_snoozed,
            now,
            agent_id=person.agent_id,
            command_key=key,
            until=until.isoformat() if until else None,
        )

    def check_end(self, person: Person) -> None:
        """Raise the error that would refuse to end a snooze, and change nothing."""
        check_handles(self._conversation.state, person)

    def ended_by_agent(self, person: Person, key: str, now: datetime) -> None:
        """Bring it back by hand; nothing happens where it is not snoozed."""
        self.check_end(person)
        self._end(SnoozeEnd.agent, now, agent_id=person.agent_id, command_key=key)

    def time_over(self, now: datetime) -> None:
        """Bring it back, because its time has come."""
        self._end(SnoozeEnd.time, now, agent_id=self._conversation.state.agent_id)

    def consumer_texted(self, now: datetime) -> None:
        """Bring it back, because its consumer has texted."""
        self._end(SnoozeEnd.consumer, now, agent_id=self._conversation.state.agent_id)

    def _end(
        self, end: SnoozeEnd, now: datetime, *, agent_id: str | None, command_key: str | None = None
    ) -> None:
        if not wake(self._conversation, now):
            return
        self._conversation.happened(
            EventKind.snooze_ended, now, agent_id=agent_id, command_key=command_key, end=end.value
        )
