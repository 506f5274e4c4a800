"""What happens when an agent does not answer: a nudge, a message to the consumer, a reroute.

Silence is counted in working hours, and only while the agent is expected to write. It begins with
the assignment, or with the arrival of the first unanswered text if that came later. A snooze keeps
the nudge and the reroute away until it ends.
"""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.kinds import EventKind, PendingSide, Status
from domain.conversation.queueing import Queueing
from domain.conversation.reminders import next_at, remind
from domain.conversation.state import ConversationState
from domain.conversation.step_context import StepContext

AGENT_SILENT = "agent_silent"


def answer_owed_since(state: ConversationState) -> datetime | None:
    """Return since when the agent owes an answer; None when no answer is owed."""
    is_owed = state.status is Status.assigned and state.pending_side is PendingSide.agent
    if not is_owed or state.assigned_at is None:
        return None
    return max(filter(None, (state.assigned_at, state.waiting_since, state.owed_since)))


class AgentSilence:
    """Decides when an agent's silence has consequences, and carries them out."""

    def __init__(self, conversation: StepContext, queue: Queueing) -> None:
        self._conversation = conversation
        self._queue = queue

    @property
    def nudges_at(self) -> datetime | None:
        """Return when the agent is reminded; None when they are not."""
        since, nudge = self._since_awake, self._conversation.policy.agent_silent.nudge
        if since is None or nudge is None or self._conversation.state.nudged_since == since:
            return None
        return self._conversation.policy.hours.after(since, nudge)

    @property
    def tells_at(self) -> datetime | None:
        """Return when the consumer is told that the answer takes longer; None when they are not."""
        conversation = self._conversation
        return next_at(conversation.state, conversation.policy, Automatic.agent_silent, self.since)

    @property
    def reroutes_at(self) -> datetime | None:
        """Return when the conversation goes back to the queue; None when it stays."""
        since, reroute = self._since_awake, self._conversation.policy.agent_silent.reroute
        if since is None or reroute is None or not self._may_reroute():
            return None
        return self._conversation.policy.hours.after(since, reroute)

    @property
    def since(self) -> datetime | None:
        """Return when the agent's silence began; None when no answer is owed."""
        return answer_owed_since(self._conversation.state)

    @property
    def _since_awake(self) -> datetime | None:
        """Return since when the agent could have answered; None while it is snoozed.

        The consumer is told from the whole silence, whatever the agent put away.
        """
        state, since = self._conversation.state, self.since
        if since is None or state.snooze is not None:
            return None
        return max(since, state.woke_at or since)

    def nudge(self, now: datetime) -> None:
        """Remind the agent."""
        state = self._conversation.state
        state.nudged_since = self._since_awake
        self._conversation.happened(EventKind.agent_nudged, now, agent_id=state.agent_id)

    def tell(self, now: datetime) -> None:
        """Tell the consumer that the answer takes longer."""
        remind(self._conversation, Automatic.agent_silent, self.since or now, now)

    def reroute(self, now: datetime) -> None:
        """Return the conversation to the queue, where other agents are tried first."""
        self._conversation.state.transfers_in_a_row += 1
        self._queue.release(AGENT_SILENT, now, avoids_agent=True)

    def _may_reroute(self) -> bool:
        """Say whether the loop guard allows another reroute."""
        allowed = self._conversation.policy.transfers_in_a_row
        return allowed is None or self._conversation.state.transfers_in_a_row < allowed
