"""An agent who stays silent: they are reminded, the consumer is told, somebody else gets it.

Counted in working hours, from the assignment, or from the first text nobody has answered where
that is later; only while the agent is expected to write.
"""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.deadlines import Deadlines, answer_owed_since
from domain.conversation.kinds import DeadlineKind, EventKind
from domain.conversation.queueing import Queueing
from domain.conversation.reminders import next_at, remind
from domain.conversation.state import SilenceState
from domain.conversation.step_context import StepContext

AGENT_SILENT = "agent_silent"


class AgentSilence:
    """What time does to a conversation whose agent does not write."""

    def __init__(self, conversation: StepContext, queue: Queueing) -> None:
        self._conversation = conversation
        self._queue = queue

    @property
    def deadlines(self) -> Deadlines:
        """Return what is still to be done about the silence, and when."""
        since, policy = self.since, self._conversation.policy
        if since is None:
            return {}
        done, silent = self._done(since), policy.agent_silent
        return {
            DeadlineKind.agent_nudge: policy.hours.after(since, silent.nudge)
            if silent.nudge is not None and not done.nudged
            else None,
            DeadlineKind.agent_silent: self._tells_at(since),
            DeadlineKind.agent_silent_reroute: policy.hours.after(since, silent.reroute)
            if silent.reroute is not None and self._may_reroute()
            else None,
        }

    @property
    def since(self) -> datetime | None:
        """Return when the agent's silence began; None while they owe nothing."""
        return answer_owed_since(self._conversation.state)

    def time_passed(self, now: datetime) -> bool:
        """Do what is due, one thing at a time; says whether there was something."""
        since = self.since
        due = [kind for kind, at in self.deadlines.items() if at is not None and at <= now]
        if since is None or not due:
            return False
        done = self._conversation.state.silence = self._done(since)
        if due[0] is DeadlineKind.agent_nudge:
            done.nudged = True
            self._nudge(now)
        elif due[0] is DeadlineKind.agent_silent:
            self._tell(done, now)
        else:
            self._reroute(now)
        return True

    def _tells_at(self, since: datetime) -> datetime | None:
        state, policy = self._conversation.state, self._conversation.policy
        if policy.agent_silent.text is None:
            return next_at(state, policy, Automatic.agent_silent, since)
        return (
            None if self._done(since).told else policy.hours.after(since, policy.agent_silent.text)
        )

    def _tell(self, done: SilenceState, now: datetime) -> None:
        if self._conversation.policy.agent_silent.text is None:
            remind(self._conversation, Automatic.agent_silent, done.since, now)
            return
        # A policy that was read before texts had timers: told once.
        done.told = True
        self._conversation.say(Automatic.agent_silent, now)

    def _nudge(self, now: datetime) -> None:
        agent_id = self._conversation.state.agent_id
        self._conversation.happened(EventKind.agent_nudged, now, agent_id=agent_id)

    def _reroute(self, now: datetime) -> None:
        state = self._conversation.state
        state.transfers_in_a_row += 1
        self._queue.release(AGENT_SILENT, now, avoids_agent=True)

    def _may_reroute(self) -> bool:
        """Say whether it may go round once more: where nobody ever answers it must rest."""
        allowed = self._conversation.policy.transfers_in_a_row
        return allowed is None or self._conversation.state.transfers_in_a_row < allowed

    def _done(self, since: datetime) -> SilenceState:
        known = self._conversation.state.silence
        return known if known and known.since == since else SilenceState(since=since)
