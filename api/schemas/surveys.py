"""The closing survey: what consumers answered."""

from datetime import datetime
from typing import Self

from api.schemas.shared import Answer
from database.tables import Conversation
from domain.state import FollowUpAnswer
from domain.words import FollowUp, SurveyOutcome


class FollowUpOut(Answer):
    """An answer to a question after the rating; `resolved` is 0 or 1."""

    question: FollowUp
    value: int | None
    text: str | None


class SurveyOut(Answer):
    """The consumer's rating, for agent and skill as they were at closing."""

    outcome: SurveyOutcome | None
    score: int | None
    scale: str | None
    """Name of the scale the score is on."""
    is_satisfied: bool | None
    """The score counts as good: what CSAT % counts."""
    is_late: bool
    """Answered after the survey had expired, or was ignored."""
    comment: str | None
    answers: list[FollowUpOut]
    agent_id: str | None
    skill_id: str | None
    asked_at: datetime | None
    answered_at: datetime | None

    @classmethod
    def of(cls, row: Conversation) -> Self | None:
        """Return the survey of a conversation; None when nobody was asked."""
        if row.survey_outcome is None and row.survey_agent_id is None:
            return None
        answers = [FollowUpAnswer.model_validate(answer) for answer in row.survey_answers]
        return cls(
            outcome=SurveyOutcome(row.survey_outcome) if row.survey_outcome else None,
            score=row.survey_score,
            scale=row.survey_scale,
            is_satisfied=row.survey_satisfied,
            is_late=row.survey_is_late,
            comment=row.survey_comment,
            answers=[FollowUpOut.model_validate(answer) for answer in answers],
            agent_id=row.survey_agent_id,
            skill_id=row.survey_skill_id,
            asked_at=row.survey_asked_at,
            answered_at=row.survey_answered_at,
        )
