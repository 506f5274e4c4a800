"""The optional questions after the rating: was it resolved, would you recommend us, a comment."""

from datetime import datetime

from domain.automatic.catalogue import FOLLOW_UPS
from domain.conversation.kinds import EventKind
from domain.conversation.state import FollowUpAnswer, SurveyState
from domain.conversation.step_context import StepContext
from domain.conversation.survey_inputs import AnswerReading
from domain.survey.kinds import FollowUp, Meaning
from domain.survey.scales import READY, THUMBS, ZERO_TO_TEN, Scale

SCALES = {FollowUp.resolved: READY[THUMBS], FollowUp.recommend: READY[ZERO_TO_TEN]}
"""The scale each answer is read on. A comment is taken as it is written."""
MOST_ASKINGS = 2
"""Times a follow-up question is asked at most. Ours: the rating is already there, and a third
question would annoy.
"""


def scale_of(question: FollowUp | None) -> Scale | None:
    """Return the scale of a follow-up question; None for a comment, and for no follow-up."""
    return SCALES.get(question) if question else None


class FollowUps:
    """Asks the follow-up questions in turn, leaving out those without a text."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    def ask_next(self, survey: SurveyState, now: datetime) -> bool:
        """Ask the next question. Returns False when none is left."""
        while question := self._next(survey):
            survey.follow_up, survey.follow_up_asked = question, 0
            survey.followed_up.append(question)
            if self._ask(survey, question, now):
                survey.question_id = survey.last_question_id
                return True
        survey.follow_up = None
        return False

    def ask_again(self, survey: SurveyState, now: datetime) -> bool:
        """Ask an unanswered question again. Returns False when it was asked often enough."""
        question = survey.follow_up
        if question is None or survey.follow_up_asked >= MOST_ASKINGS:
            return False
        return self._ask(survey, question, now)

    def answered(
        self, survey: SurveyState, text: str, reading: AnswerReading, now: datetime
    ) -> bool:
        """Record a text as the answer. Returns False when it is not one."""
        question = survey.follow_up
        answer = _answer(question, text, reading) if question else None
        if answer is None:
            return False
        survey.answers.append(answer)
        if answer.question is FollowUp.comment:
            survey.comment = answer.text
        self._conversation.happened(
            EventKind.survey_followed_up,
            now,
            agent_id=survey.agent_id,
            question=answer.question.value,
            value=answer.value,
        )
        return True

    def _next(self, survey: SurveyState) -> FollowUp | None:
        policy = self._conversation.policy
        for question in policy.survey.follow_ups:
            has_comment = question is FollowUp.comment and survey.comment is not None
            is_left = question not in survey.followed_up and not has_comment
            if is_left and FOLLOW_UPS[question] in policy.texts:
                return question
        return None

    def _ask(self, survey: SurveyState, question: FollowUp, now: datetime) -> bool:
        if not self._conversation.send_automatic(FOLLOW_UPS[question], now):
            return False
        survey.follow_up_asked += 1
        survey.last_asked_at = now
        survey.last_question_id = self._conversation.last_message_id
        self._conversation.happened(
            EventKind.survey_asked, now, times=survey.follow_up_asked, question=question.value
        )
        return True


def _answer(question: FollowUp, text: str, reading: AnswerReading) -> FollowUpAnswer | None:
    if question is FollowUp.comment:
        return FollowUpAnswer(question=question, text=text.strip()) if text.strip() else None
    if reading.meaning is not Meaning.rating or reading.score is None:
        return None
    return FollowUpAnswer(question=question, value=reading.score, text=reading.comment)
