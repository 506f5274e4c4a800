"""An agent who stays silent: they are reminded, the consumer is told, somebody else gets it.

Counted in working hours, from the assignment, or from the first text nobody has answered where
that is later; only while the agent is expected to write.
"""

from datetime import datetime

from domain.queueing import Queueing
from domain.state import SilenceState
from domain.transcript import Transcript
from domain.words import Automatic, EventKind, PendingSide, Status

NUDGE = "agent is reminded"
TEXT = "consumer is told that it takes longer"
REROUTE = "agent did not answer"
AGENT_SILENT = "agent_silent"


class Silence:
    """What time does to a conversation whose agent does not write."""

    def __init__(self, conversation: Transcript, queue: Queueing) -> None:
        self._conversation = conversation
        self._queue = queue

    @property
    def deadlines(self) -> dict[str, datetime | None]:
        """Return what is still to be done about the silence, and when."""
        since, policy = self.since, self._conversation.policy
        if since is None:
            return {}
        done, silent = self._done(since), policy.agent_silent
        delays = {
            NUDGE: None if done.nudged else silent.nudge,
            TEXT: None if done.told else silent.text,
            REROUTE: silent.reroute if self._may_reroute() else None,
        }
        return {
            what: policy.hours.after(since, delay)
            for what, delay in delays.items()
            if delay is not None
        }

    @property
    def since(self) -> datetime | None:
        """Return when the agent's silence began; None while they owe nothing."""
        state = self._conversation.state
        is_owed = state.status is Status.assigned and state.pending_side is PendingSide.agent
        if not is_owed or state.assigned_at is None:
            return None
        return max(state.assigned_at, state.waiting_since or state.assigned_at)

    def time_passed(self, now: datetime) -> None:
        """Do what is due, one thing at a time."""
        since = self.since
        due = [what for what, at in self.deadlines.items() if at is not None and at <= now]
        if since is None or not due:
            return
        done = self._conversation.state.silence = self._done(since)
        if due[0] == NUDGE:
            done.nudged = True
            self._nudge(now)
        elif due[0] == TEXT:
            done.told = True
            self._conversation.say(Automatic.agent_silent, now)
        else:
            self._reroute(now)

    def _nudge(self, now: datetime) -> None:
        agent_id = self._conversation.state.agent_id
        self._conversation.happened(EventKind.agent_nudged, now, agent_id=agent_id)

    def _reroute(self, now: datetime) -> None:
        state = self._conversation.state
        state.transfers_in_a_row += 1
        self._queue.release(AGENT_SILENT, now, avoided=state.agent_id)

    def _may_reroute(self) -> bool:
        """Say whether it may go round once more: where nobody ever answers it must rest."""
        allowed = self._conversation.policy.transfers_in_a_row
        return allowed is None or self._conversation.state.transfers_in_a_row < allowed

    def _done(self, since: datetime) -> SilenceState:
        known = self._conversation.state.silence
        return known if known and known.since == since else SilenceState(since=since)
