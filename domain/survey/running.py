"""The survey of a closed conversation: asking, the answer, what is asked besides, late answers."""

from datetime import datetime

from domain.state import SurveyState
from domain.survey.follow_ups import FollowUps
from domain.survey.reading import Reading, read
from domain.transcript import Transcript
from domain.words import Automatic, EventKind, Interruption, Meaning, Status, SurveyOutcome

UNHEARD = (SurveyOutcome.expired, SurveyOutcome.ignored)
"""Outcomes after which an answer may still come."""


class Survey:
    """What the consumer is asked after the closing, and what becomes of their texts."""

    def __init__(self, conversation: Transcript) -> None:
        self._conversation = conversation
        self._follow_ups = FollowUps(conversation)

    @property
    def is_running(self) -> bool:
        return self._conversation.state.status is Status.survey

    @property
    def expires_at(self) -> datetime | None:
        """Return when the survey ends by itself, counted from the last question asked."""
        survey = self._conversation.state.survey
        if not self.is_running or not survey or not survey.asked_at:
            return None
        return survey.asked_at + self._conversation.policy.survey.timeout

    @property
    def late_until(self) -> datetime | None:
        """Return until when a late answer counts; None while none is awaited."""
        survey = self._conversation.state.survey
        return survey.late_until if survey else None

    def start(self, now: datetime) -> None:
        """Ask the closing question. The score belongs to agent and skill as they are now."""
        state = self._conversation.state
        state.status = Status.survey
        state.survey = SurveyState(agent_id=state.last_agent_id, skill_id=state.skill_id)
        self._ask(Automatic.survey_question, now)

    def answered(self, text: str, now: datetime) -> None:
        """Take a text as an answer; ask again when it is none, up to the last question."""
        survey = self._survey
        survey.texts += 1
        if survey.follow_up:
            if self._follow_ups.answered(survey, text, now):
                self._go_on(now)
            return
        reading = self._read(text)
        if reading.score is not None:
            self._score(reading.score, reading.comment, now)
            self._go_on(now)
        elif survey.asked >= self._conversation.policy.survey.questions:
            self.end(SurveyOutcome.unrecognised, now)
        else:
            self._ask(Automatic.survey_retry, now)

    def lets_go_of(self, text: str) -> bool:
        """Say whether a text is plainly a new request, which ends the survey."""
        survey, policy = self._survey, self._conversation.policy.survey
        at_once = policy.interruption is Interruption.at_once
        if survey.follow_up:
            return self._follow_ups.is_request(survey, text, at_once=at_once)
        may_end = at_once or survey.asked >= policy.questions
        return may_end and self._read(text).meaning is Meaning.request

    def let_go(self, now: datetime) -> None:
        """End the survey, or the wait for a late answer: the next text opens a conversation."""
        if self.is_running:
            policy = self._conversation.policy.survey
            at_once = policy.interruption is Interruption.at_once
            self.end(SurveyOutcome.interrupted if at_once else SurveyOutcome.unrecognised, now)
        self.end_wait()

    def expired(self, now: datetime) -> None:
        """End the survey that got no answer in time."""
        survey = self._survey
        if survey.score is not None:
            self.end(SurveyOutcome.completed, now)
            return
        self._conversation.say(Automatic.survey_expired, now)
        self.end(SurveyOutcome.expired if survey.texts else SurveyOutcome.ignored, now)

    def end(self, outcome: SurveyOutcome, now: datetime) -> None:
        """End the survey; one with a score is complete, however it ends."""
        survey, late_within = self._survey, self._conversation.policy.survey.late_within
        survey.outcome = outcome if survey.score is None else SurveyOutcome.completed
        survey.follow_up = None
        if survey.outcome in UNHEARD and late_within:
            survey.late_until = now + late_within
        self._conversation.state.status = Status.closed
        self._conversation.happened(EventKind.survey_ended, now, outcome=survey.outcome.value)

    # Late answers

    def takes_late(self, text: str) -> bool:
        """Say whether a text after the end is the answer that was awaited."""
        return self.late_until is not None and self._read(text).score is not None

    def answered_late(self, text: str, now: datetime) -> None:
        """Take the late answer; nothing more is asked."""
        survey, reading = self._survey, self._read(text)
        if reading.score is None:
            return
        survey.texts += 1
        survey.is_late = True
        self.end_wait()
        self._score(reading.score, reading.comment, now)
        self._conversation.say(Automatic.survey_thanks, now)
        self.end(SurveyOutcome.completed, now)

    def end_wait(self) -> None:
        """Await no late answer any more."""
        if self._conversation.state.survey:
            self._conversation.state.survey.late_until = None

    # The parts the rules above are made of

    @property
    def _survey(self) -> SurveyState:
        survey = self._conversation.state.survey
        if survey is None:
            raise RuntimeError("a survey is answered only where one was started")
        return survey

    def _read(self, text: str) -> Reading:
        return read(text, self._conversation.policy.survey.scale)

    def _ask(self, question: Automatic, now: datetime) -> None:
        self._survey.asked += 1
        self._survey.asked_at = now
        self._conversation.say(question, now)
        self._conversation.happened(EventKind.survey_asked, now, times=self._survey.asked)

    def _score(self, score: int, comment: str | None, now: datetime) -> None:
        survey, scale = self._survey, self._conversation.policy.survey.scale
        survey.score, survey.comment, survey.answered_at = score, comment, now
        survey.is_satisfied, survey.scale = scale.is_satisfied(score), scale.name
        self._conversation.happened(
            EventKind.survey_answered,
            now,
            agent_id=survey.agent_id,
            skill_id=survey.skill_id,
            score=score,
            satisfied=survey.is_satisfied,
            scale=scale.name,
            late=survey.is_late,
        )

    def _go_on(self, now: datetime) -> None:
        """Ask what is still to be asked, or thank and end."""
        if self._follow_ups.ask_next(self._survey, now):
            return
        self._conversation.say(Automatic.survey_thanks, now)
        self.end(SurveyOutcome.completed, now)
