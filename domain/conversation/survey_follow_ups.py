"""The optional questions after the rating: solved or not, would you recommend us, anything else."""

from datetime import datetime

from domain.automatic.catalogue import FOLLOW_UPS
from domain.conversation.kinds import EventKind
from domain.conversation.state import FollowUpAnswer, SurveyState
from domain.conversation.step_context import StepContext
from domain.conversation.survey_inputs import AnswerReading
from domain.survey.kinds import FollowUp, Meaning
from domain.survey.scales import READY, THUMBS, ZERO_TO_TEN, Scale

SCALES = {FollowUp.resolved: READY[THUMBS], FollowUp.recommend: READY[ZERO_TO_TEN]}
"""How an answer is read. A comment is taken as it is."""
TIMES = 2
"""How often a question that is read is asked at most."""


def scale_of(question: FollowUp | None) -> Scale | None:
    """Return the scale a question is read on; None for the rating's own and for a comment."""
    return SCALES.get(question) if question else None


class FollowUps:
    """Asks one question after the other, each with its own text; one without a text is left out."""

    def __init__(self, conversation: StepContext) -> None:
        self._conversation = conversation

    def ask_next(self, survey: SurveyState, now: datetime) -> bool:
        """Ask what was not asked yet; say whether there was anything."""
        while question := self._next(survey):
            survey.follow_up, survey.follow_up_asked = question, 0
            survey.followed_up.append(question)
            if self._ask(survey, question, now):
                survey.question_id = survey.last_question_id
                return True
        survey.follow_up = None
        return False

    def ask_again(self, survey: SurveyState, now: datetime) -> bool:
        """Ask once more what got no answer; say whether that was still to be done."""
        question = survey.follow_up
        if question is None or survey.follow_up_asked >= TIMES:
            return False
        return self._ask(survey, question, now)

    def answered(self, survey: SurveyState, text: str, heard: AnswerReading, now: datetime) -> bool:
        """Take a text as the answer; say whether it is one."""
        question = survey.follow_up
        answer = _answer(question, text, heard) if question else None
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


def _answer(question: FollowUp, text: str, heard: AnswerReading) -> FollowUpAnswer | None:
    if question is FollowUp.comment:
        return FollowUpAnswer(question=question, text=text.strip()) if text.strip() else None
    if heard.meaning is not Meaning.rating or heard.score is None:
        return None
    return FollowUpAnswer(question=question, value=heard.score, text=heard.comment)
