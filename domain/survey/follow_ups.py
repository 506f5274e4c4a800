"""The optional questions after the rating: solved or not, would you recommend us, anything else."""

from datetime import datetime

from domain.scales import READY, THUMBS, ZERO_TO_TEN
from domain.state import FollowUpAnswer, SurveyState
from domain.survey.reading import read
from domain.transcript import Transcript
from domain.words import Automatic, EventKind, FollowUp, Meaning

TEXTS = {
    FollowUp.resolved: Automatic.survey_resolved,
    FollowUp.recommend: Automatic.survey_recommend,
    FollowUp.comment: Automatic.survey_comment,
}
SCALES = {FollowUp.resolved: READY[THUMBS], FollowUp.recommend: READY[ZERO_TO_TEN]}
"""How an answer is read. A comment is taken as it is."""
TIMES = 2
"""How often a question that is read is asked at most."""


class FollowUps:
    """Asks one question after the other, each with its own text; one without a text is left out."""

    def __init__(self, conversation: Transcript) -> None:
        self._conversation = conversation

    def ask_next(self, survey: SurveyState, now: datetime) -> bool:
        """Ask what was not asked yet; say whether there was anything."""
        while question := self._next(survey):
            survey.follow_up, survey.follow_up_asked = question, 0
            survey.followed_up.append(question)
            if self._ask(survey, question, now):
                return True
        survey.follow_up = None
        return False

    def answered(self, survey: SurveyState, text: str, now: datetime) -> bool:
        """Take a text as the answer, or ask once more; say whether the question is done with."""
        question = survey.follow_up
        if question is None:
            return True
        answer = _answer(question, text)
        if answer is None and survey.follow_up_asked < TIMES:
            return not self._ask(survey, question, now)
        if answer is not None:
            self._keep(survey, answer, now)
        return True

    def is_request(self, survey: SurveyState, text: str, *, at_once: bool) -> bool:
        """Say whether a text is plainly a new request and no answer to the question that waits."""
        question = survey.follow_up
        if question is FollowUp.comment:
            return "?" in text and self._reads_as_request(text)
        if question is None or _answer(question, text) is not None:
            return False
        return (at_once or survey.follow_up_asked >= TIMES) and self._reads_as_request(text)

    def _reads_as_request(self, text: str) -> bool:
        return read(text, self._conversation.policy.survey.scale).meaning is Meaning.request

    def _next(self, survey: SurveyState) -> FollowUp | None:
        policy = self._conversation.policy
        for question in policy.survey.follow_ups:
            has_comment = question is FollowUp.comment and survey.comment is not None
            is_left = question not in survey.followed_up and not has_comment
            if is_left and TEXTS[question] in policy.texts:
                return question
        return None

    def _ask(self, survey: SurveyState, question: FollowUp, now: datetime) -> bool:
        if not self._conversation.say(TEXTS[question], now):
            return False
        survey.follow_up_asked += 1
        survey.asked_at = now
        self._conversation.happened(
            EventKind.survey_asked, now, times=survey.follow_up_asked, question=question.value
        )
        return True

    def _keep(self, survey: SurveyState, answer: FollowUpAnswer, now: datetime) -> None:
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


def _answer(question: FollowUp, text: str) -> FollowUpAnswer | None:
    if question is FollowUp.comment:
        return FollowUpAnswer(question=question, text=text.strip()) if text.strip() else None
    reading = read(text, SCALES[question])
    if reading.score is None:
        return None
    return FollowUpAnswer(question=question, value=reading.score, text=reading.comment)
