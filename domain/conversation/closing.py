"""Closing a conversation: the reason, the closing text, and whether a survey follows."""

from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation import response_clock
from domain.conversation.inputs import AS_USUAL, Closure
from domain.conversation.kinds import CloseReason, EventKind, Status
from domain.conversation.queueing import Queueing
from domain.conversation.step_context import StepContext
from domain.conversation.survey import Survey
from domain.conversation.survey_gates import RATED, gate
from domain.survey.kinds import SurveyGate, SurveyOutcome

UNSENT_CODE = "conversation_ended"
UNSENT = "The conversation ended before this text was sent."
"""Agents read this beside a text that was still queued when the system closed."""


class Closing:
    """Closes a conversation and records why."""

    def __init__(self, conversation: StepContext, queue: Queueing, survey: Survey) -> None:
        self._conversation = conversation
        self._queue = queue
        self._survey = survey

    def close(
        self,
        reason: CloseReason,
        now: datetime,
        *,
        closed_by: str | None = None,
        command_key: str | None = None,
        closure: Closure = AS_USUAL,
    ) -> None:
        """Close for `reason`, and ask the consumer to rate unless a survey gate forbids it."""
        conversation, state = self._conversation, self._conversation.state
        unasked = gate(state, conversation.policy, reason, now)
        if unasked is None and not closure.asks_rating:
            unasked = SurveyGate.not_wanted
        self._queue.leave_queue(now)
        if state.bot:
            state.bot.end()
        response_clock.stop(state)
        state.closed_at, state.close_reason, state.closed_by = now, reason, closed_by
        state.waiting_since, state.is_auto_close_held, state.snooze = None, False, None
        state.closing_reason_id = closure.reason_id
        state.joined_managers = []
        conversation.happened(
            EventKind.conversation_closed,
            now,
            agent_id=closed_by,
            command_key=command_key,
            reason=reason.value,
            **_asked_or_why_not(unasked),
            **closure.told,
        )
        if reason in RATED:
            conversation.send_automatic(Automatic.closed_by_agent, now)
        if reason is CloseReason.auto_close:
            conversation.send_automatic(Automatic.auto_closed, now)
        if unasked is None:
            self._survey.start(now)

    def opted_out(self, now: datetime) -> None:
        """Close without a survey, or end the running one, because the consumer opted out."""
        self._end(CloseReason.opt_out, SurveyOutcome.opted_out, now)

    def blocked(self, now: datetime) -> None:
        """Close without a survey, or end the running one, because a manager blocks the consumer."""
        self._end(CloseReason.blocked, SurveyOutcome.interrupted, now)

    def end_for_system(self, now: datetime) -> None:
        """Close without a survey, or break off the running one."""
        self._end(CloseReason.system, SurveyOutcome.interrupted, now)

    def _end(self, reason: CloseReason, outcome: SurveyOutcome, now: datetime) -> None:
        if self._survey.is_running:
            self._survey.end(outcome, now)
        elif self._conversation.state.status is not Status.closed:
            self.close(reason, now)


def _asked_or_why_not(unasked: SurveyGate | None) -> dict[str, str | bool]:
    if unasked is None:
        return {"survey": True}
    return {"survey": False, "survey_gate": unasked.value}
