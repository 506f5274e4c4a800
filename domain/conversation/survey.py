"""The survey of a closed conversation: questions, answers, follow-ups and late answers.

The activity `read_answer` has read each text before it comes here. No text is lost: one that is not
an answer is set aside, and opens the next conversation when the survey ends.
"""

from collections.abc import Callable
from datetime import datetime

from domain.automatic.kinds import Automatic
from domain.conversation.inputs import ReceivedText
from domain.conversation.kinds import EventKind, Status
from domain.conversation.state import CarriedText, SurveyState
from domain.conversation.step_context import StepContext
from domain.conversation.survey_follow_ups import MOST_ASKINGS, FollowUps, scale_of
from domain.conversation.survey_inputs import AnswerReading, OpenQuestion
from domain.ids import ConsumerId, LineId, opened_conversation_id
from domain.survey.kinds import FollowUp, Interruption, Meaning, QuestionSeen, SurveyOutcome

UNANSWERED = (SurveyOutcome.expired, SurveyOutcome.ignored)
"""Outcomes after which a late answer may still come."""
MOST_UNUSED = 20
"""Texts that may be set aside. Ours: a consumer who writes so many wants a person to read them,
so the survey ends.
"""


class Survey:
    """Asks the consumer to rate, takes their answers, and sets other texts aside."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation
        self._follow_ups = FollowUps(conversation)

    @property
    def is_running(self) -> bool:
        return self._conversation.state.status is Status.survey

    @property
    def expires_at(self) -> datetime | None:
        """Return when the survey expires, counted from the latest question."""
        survey = self._conversation.state.survey
        if not self.is_running or not survey or not survey.last_asked_at:
            return None
        return survey.last_asked_at + self._conversation.policy.survey.timeout

    @property
    def late_until(self) -> datetime | None:
        """Return until when a late answer counts; None when none is awaited."""
        survey = self._conversation.state.survey
        return survey.late_until if survey else None

    @property
    def open_question(self) -> OpenQuestion | None:
        """Return the question a text may answer now, even late; None when there is none."""
        if not self.is_running and self.late_until is None:
            return None
        survey = self._survey
        scale = scale_of(survey.follow_up) or self._conversation.policy.survey.scale
        return OpenQuestion(scale, survey.question_id, survey.last_question_id)

    def start(self, now: datetime) -> None:
        """Ask the closing question. The score counts for the agent and skill at this moment."""
        state = self._conversation.state
        state.survey = SurveyState(
            agent_id=state.last_agent_id, skill_id=state.skill_id, last_text=state.last_text
        )
        self._ask(Automatic.survey_question, now)

    def answered(self, text: ReceivedText, reading: AnswerReading, now: datetime) -> None:
        """Take a text as an answer, or ask again, until the question was asked often enough."""
        survey = self._survey
        is_ended_by_it = survey.follow_up is FollowUp.comment and not text.media
        if reading.meaning is Meaning.acknowledgement and not text.media:
            if is_ended_by_it and reading.seen is not QuestionSeen.nothing:
                self._go_on(now)
            return
        if reading.seen is QuestionSeen.nothing:
            self._set_aside(text, now)
            return
        survey.texts += 1
        if survey.follow_up:
            self._followed_up(text, reading, now)
        elif reading.meaning is Meaning.rating and reading.score is not None:
            self._rated(text, reading, now)
        else:
            self._unread(text, reading, now)

    def has_set_aside(self, text: ReceivedText) -> bool:
        """Say whether a text is already set aside."""
        return any(unused.message_id == text.message_id for unused in self._survey.unused)

    def is_interrupted_by(self, text: ReceivedText, reading: AnswerReading) -> bool:
        """Say whether a text is plainly meant for a person, and so ends the survey.

        When the question failed, nobody was asked, and every text is meant for a person.
        """
        if reading.seen is QuestionSeen.never:
            return True
        is_answer = reading.meaning is Meaning.rating and reading.seen is not QuestionSeen.nothing
        if is_answer or not (reading.meaning is Meaning.request or text.media):
            return False
        survey = self._survey
        if survey.follow_up is FollowUp.comment and not text.media:
            return reading.asks
        return self._opens_at_once or self._was_asked_last(survey)

    def interrupted(self, now: datetime) -> None:
        """End the survey, or the wait for a late answer: a text opens the next conversation."""
        if self.is_running:
            is_unread = not self._opens_at_once and self._was_asked_last(self._survey)
            outcome = SurveyOutcome.unrecognised if is_unread else SurveyOutcome.interrupted
            self.end(outcome, now)
        self.stop_awaiting_answer()

    def expired(self, now: datetime) -> None:
        """End the survey because no answer came in time."""
        survey = self._survey
        if survey.score is not None:
            self.end(SurveyOutcome.completed, now)
            return
        self._conversation.send_automatic(Automatic.survey_expired, now)
        self.end(SurveyOutcome.expired if survey.texts else SurveyOutcome.ignored, now)

    def ended_by_phone(self, is_its: Callable[[str], bool], now: datetime) -> None:
        """End a running survey because the phone answers by itself, and let go of its answers."""
        if self.is_running:
            survey = self._survey
            survey.unused = [text for text in survey.unused if not is_its(text.text)]
            self.end(SurveyOutcome.ignored, now)
            self.stop_awaiting_answer()

    def end(self, outcome: SurveyOutcome, now: datetime) -> None:
        """End the survey. With a score its outcome is `completed`, whatever ended it.

        The unused texts open the next conversation, except after an opt-out.
        """
        survey, late_within = self._survey, self._conversation.policy.survey.late_within
        survey.outcome = outcome if survey.score is None else SurveyOutcome.completed
        survey.follow_up = None
        if survey.outcome is SurveyOutcome.unrecognised:
            self._conversation.send_automatic(Automatic.survey_unrecognised, now)
        if survey.outcome in UNANSWERED and late_within and not survey.unused:
            survey.late_until = now + late_within
        self._conversation.happened(EventKind.survey_ended, now, outcome=survey.outcome.value)
        if outcome is not SurveyOutcome.opted_out:
            self._carry_over(now)
        survey.unused = []

    # Late answers

    def takes_late(self, text: ReceivedText, reading: AnswerReading) -> bool:
        """Say whether a text after the survey is the late answer and nothing else."""
        is_rating = reading.meaning is Meaning.rating and reading.score is not None
        is_alone = not reading.has_request and not text.media
        was_asked = reading.seen not in (QuestionSeen.nothing, QuestionSeen.never)
        return self.late_until is not None and is_rating and is_alone and was_asked

    def answered_late(self, reading: AnswerReading, now: datetime) -> None:
        """Record the late answer and ask nothing further."""
        survey = self._survey
        survey.texts += 1
        survey.is_late = True
        self.stop_awaiting_answer()
        self._score(reading, now)
        self._conversation.send_automatic(Automatic.survey_thanks, now)
        self.end(SurveyOutcome.completed, now)

    def stop_awaiting_answer(self) -> None:
        """Stop waiting for a late answer."""
        if self._conversation.state.survey:
            self._conversation.state.survey.late_until = None

    # Helpers of the rules above

    @property
    def _survey(self) -> SurveyState:
        survey = self._conversation.state.survey
        if survey is None:
            raise RuntimeError("this conversation has no survey")
        return survey

    @property
    def _opens_at_once(self) -> bool:
        return self._conversation.policy.survey.interruption is Interruption.at_once

    def _was_asked_last(self, survey: SurveyState) -> bool:
        if survey.follow_up:
            return survey.follow_up_asked >= MOST_ASKINGS
        return survey.asked >= self._conversation.policy.survey.questions

    def _rated(self, text: ReceivedText, reading: AnswerReading, now: datetime) -> None:
        self._score(reading, now)
        if reading.has_request or text.media:
            self._set_aside(text, now)
        if reading.has_request and self._opens_at_once:
            self._thank(now)
        else:
            self._go_on(now)

    def _followed_up(self, text: ReceivedText, reading: AnswerReading, now: datetime) -> None:
        is_used = self._follow_ups.answered(self._survey, text.text, reading, now)
        if not is_used or reading.has_request or text.media:
            self._set_aside(text, now)
        if is_used:
            self._go_on(now)
        elif reading.seen is QuestionSeen.first_asking or not self.is_running:
            return  # the question was asked again after this text was sent
        elif not self._follow_ups.ask_again(self._survey, now):
            self._go_on(now)

    def _unread(self, text: ReceivedText, reading: AnswerReading, now: datetime) -> None:
        is_attempt = reading.meaning is Meaning.attempt and not (reading.has_request or text.media)
        self._set_aside(text, now, is_attempt=is_attempt)
        if reading.seen is QuestionSeen.first_asking or not self.is_running:
            return  # the question was asked again after this text was sent
        if self._was_asked_last(self._survey):
            self.end(SurveyOutcome.unrecognised, now)
        else:
            self._ask(Automatic.survey_retry, now)

    def _set_aside(self, text: ReceivedText, now: datetime, *, is_attempt: bool = False) -> None:
        """Set aside a text that is not an answer."""
        survey = self._survey
        survey.unused.append(
            CarriedText(
                message_id=text.message_id,
                text=text.text,
                written_at=now,
                is_truncated=text.is_truncated,
                wants_opt_out=text.wants_opt_out,
                media=text.media,
                sent_at=text.sent_at,
                is_attempt=is_attempt,
            )
        )
        if len(survey.unused) >= MOST_UNUSED:
            self.end(SurveyOutcome.interrupted, now)

    def _carry_over(self, now: datetime) -> None:
        state, survey = self._conversation.state, self._survey
        if not survey.unused:
            return
        state.carried, state.last_text = survey.unused, survey.last_text
        line, consumer = LineId(state.line_id), ConsumerId(state.consumer_id)
        opens = opened_conversation_id(
            line, consumer, state.carried[0].message_id, state.number + 1
        )
        self._conversation.happened(
            EventKind.texts_carried_over, now, count=len(state.carried), to_conversation_id=opens
        )

    def _ask(self, question: Automatic, now: datetime) -> None:
        survey = self._survey
        survey.asked += 1
        survey.asked_at = survey.asked_at or now
        survey.last_asked_at = now
        if self._conversation.send_automatic(question, now):
            survey.last_question_id = self._conversation.last_message_id
            survey.question_id = survey.question_id or survey.last_question_id
        self._conversation.happened(EventKind.survey_asked, now, times=survey.asked)

    def _score(self, reading: AnswerReading, now: datetime) -> None:
        survey, scale = self._survey, self._conversation.policy.survey.scale
        score = reading.score or 0
        attempts = [text.text.strip() for text in survey.unused if text.is_attempt]
        survey.unused = [text for text in survey.unused if not text.is_attempt]
        survey.score, survey.answered_at = score, now
        survey.comment = "\n".join([*attempts, *filter(None, [reading.comment])]) or None
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
        """Ask the next follow-up question, or thank the consumer and end."""
        if self.is_running and not self._follow_ups.ask_next(self._survey, now):
            self._thank(now)

    def _thank(self, now: datetime) -> None:
        if self.is_running:
            self._conversation.send_automatic(Automatic.survey_thanks, now)
            self.end(SurveyOutcome.completed, now)
