"""Response times that agents promise by hand, in place of the settings'."""

from datetime import datetime, timedelta

from domain.automatic.kinds import Automatic
from domain.conversation import response_clock
from domain.conversation.auto_close import AutoClose
from domain.conversation.inputs import Person
from domain.conversation.kinds import EventKind
from domain.conversation.permissions import check_handles
from domain.conversation.step_context import StepContext


class Promises:
    """Makes an agent's promise, and takes it back."""

    def __init__(self, conversation: StepContext, auto_close: AutoClose) -> None:
        self._conversation = conversation
        self._auto_close = auto_close

    def check(self, person: Person) -> None:
        """Raise the error that would refuse a promise, and change nothing."""
        check_handles(self._conversation.state, person)

    def response_time_set(
        self, person: Person, allowed: timedelta | None, key: str, now: datetime
    ) -> None:
        """Promise an answer within `allowed` working time; None: go back to the settings."""
        self.check(person)
        state, policy = self._conversation.state, self._conversation.policy
        if allowed is None:
            response_clock.take_back(state, policy, now)
            self._auto_close.resume_counting(now)
        else:
            response_clock.set_by_hand(state, policy, allowed, now)
        seconds = None if allowed is None else int(allowed.total_seconds())
        self._conversation.happened(
            EventKind.response_time_set,
            now,
            agent_id=person.agent_id,
            command_key=key,
            seconds=seconds,
        )
        if allowed is not None:
            self._conversation.send_automatic(Automatic.response_time_changed, now)
