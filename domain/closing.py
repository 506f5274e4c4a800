"""Closing a conversation, and the question after it."""

from datetime import datetime

from domain import response
from domain.queueing import Queueing
from domain.state import SurveyState
from domain.survey import Rating, read_rating
from domain.transcript import Transcript
from domain.words import Automatic, CloseReason, EventKind, Status, SurveyOutcome

RATED = (CloseReason.agent, CloseReason.manager)
"""Reasons after which the consumer is asked; auto-close and opt-out are silent."""


class Closing:
    """The end of a conversation: reason, rating, and what remains for reports."""

    def __init__(self, conversation: Transcript, queue: Queueing) -> None:
        self._conversation = conversation
        self._queue = queue

    @property
    def expires_at(self) -> datetime | None:
        """Return when the question is withdrawn, counted from the last time it was asked."""
        state = self._conversation.state
        if state.status is not Status.survey or not state.survey or not state.survey.asked_at:
            return None
        return state.survey.asked_at + self._conversation.policy.survey.timeout

    def close(
        self,
        reason: CloseReason,
        now: datetime,
        *,
        closed_by: str | None = None,
        command_key: str | None = None,
    ) -> None:
        """Close for `reason` and ask the consumer to rate, where that is due."""
        conversation, state = self._conversation, self._conversation.state
        asks = self._is_due(reason)
        self._queue.leave(now)
        response.stop(state)
        state.closed_at, state.close_reason, state.closed_by = now, reason, closed_by
        state.waiting_since = None
        state.joined_managers = []
        state.status = Status.closed
        conversation.happened(
            EventKind.conversation_closed,
            now,
            agent_id=closed_by,
            command_key=command_key,
            reason=reason.value,
            survey=asks,
        )
        if reason in RATED:
            conversation.say(Automatic.closed_by_agent, now)
        if reason is CloseReason.auto_close:
            conversation.say(Automatic.auto_closed, now)
        if asks:
            self._start_survey(now)

    def is_last_try(self, text: str) -> bool:
        """Say whether `text` is no answer and the question may not be asked again."""
        survey = self._survey
        no_answer = self._read(text) is None
        return no_answer and survey.asked >= self._conversation.policy.survey.questions

    def answered(self, text: str, now: datetime) -> None:
        """Take a text as the answer; ask again when it is none, up to the last question."""
        self._survey.texts += 1
        rating = self._read(text)
        if rating:
            self._score(rating, now)
        elif self.is_last_try(text):
            self.end_unrecognised(now)
        else:
            self._ask(Automatic.survey_retry, now)

    def end_unrecognised(self, now: datetime) -> None:
        """End the survey: what the consumer wrote could not be read as an answer."""
        self._end(SurveyOutcome.unrecognised, now)

    def expired(self, now: datetime) -> None:
        """End the survey that got no answer in time."""
        wrote = self._survey.texts > 0
        self._conversation.say(Automatic.survey_expired, now)
        self._end(SurveyOutcome.expired if wrote else SurveyOutcome.ignored, now)

    def opted_out(self, now: datetime) -> None:
        """Close without a question, or end the one under way: the consumer said STOP."""
        if self._conversation.state.status is Status.survey:
            self._end(SurveyOutcome.opted_out, now)
        elif self._conversation.state.status is not Status.closed:
            self.close(CloseReason.opt_out, now)

    def end_for_system(self, now: datetime) -> None:
        """Close without a question, or break off the one under way."""
        if self._conversation.state.status is Status.survey:
            self._end(SurveyOutcome.interrupted, now)
        elif self._conversation.state.status is not Status.closed:
            self.close(CloseReason.system, now)

    @property
    def _survey(self) -> SurveyState:
        survey = self._conversation.state.survey
        if survey is None:
            raise RuntimeError("a survey is answered only while one runs")
        return survey

    def _is_due(self, reason: CloseReason) -> bool:
        state, policy = self._conversation.state, self._conversation.policy
        asks = policy.survey.enabled and Automatic.survey_question in policy.texts
        may_be_asked = state.consumer_texts > 0 and state.skill_id and not state.is_opted_out
        return bool(asks and reason in RATED and may_be_asked)

    def _start_survey(self, now: datetime) -> None:
        state = self._conversation.state
        state.status = Status.survey
        state.survey = SurveyState(agent_id=state.last_agent_id, skill_id=state.skill_id)
        self._ask(Automatic.survey_question, now)

    def _ask(self, question: Automatic, now: datetime) -> None:
        self._survey.asked += 1
        self._survey.asked_at = now
        self._conversation.say(question, now)
        self._conversation.happened(EventKind.survey_asked, now, times=self._survey.asked)

    def _read(self, text: str) -> Rating | None:
        policy = self._conversation.policy.survey
        return read_rating(text, policy.lowest, policy.highest)

    def _score(self, rating: Rating, now: datetime) -> None:
        survey = self._survey
        survey.score, survey.comment, survey.answered_at = rating.score, rating.comment, now
        self._conversation.happened(
            EventKind.survey_answered,
            now,
            agent_id=survey.agent_id,
            skill_id=survey.skill_id,
            score=rating.score,
        )
        self._conversation.say(Automatic.survey_thanks, now)
        self._end(SurveyOutcome.completed, now)

    def _end(self, outcome: SurveyOutcome, now: datetime) -> None:
        self._survey.outcome = outcome
        self._conversation.state.status = Status.closed
        self._conversation.happened(EventKind.survey_ended, now, outcome=outcome.value)
