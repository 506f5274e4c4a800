"""The closing survey: its design, and what consumers answered."""

from datetime import datetime
from typing import Self

from api.schemas.automatic import EffectiveText, PassedOverOut
from api.schemas.shared import Answer, Request, SlugText, example
from database.tables import Conversation, Survey
from domain.automatic.catalogue import OF_THE_SURVEY
from domain.conversation.state import FollowUpAnswer
from domain.policy.effective import Effective
from domain.settings.scope import Origin
from domain.survey.design import SurveyDesign, policy_of
from domain.survey.kinds import FollowUp, SurveyOutcome
from domain.survey.scales import Scale


class FollowUpOut(Answer):
    """An answer to a question after the rating; `resolved` is 0 or 1."""

    question: FollowUp
    value: int | None
    text: str | None


class SurveyOut(Answer):
    """The consumer's rating, for the agent and the skill at closing."""

    outcome: SurveyOutcome | None
    score: int | None
    scale: str | None
    """Name of the scale the score is on."""
    is_satisfied: bool | None
    """Whether the score counts as satisfied in CSAT %."""
    is_late: bool
    """Answered after the survey had expired, or was ignored."""
    comment: str | None
    answers: list[FollowUpOut]
    agent_id: str | None
    skill_id: str | None
    asked_at: datetime | None
    """When the rating was first asked for."""
    answered_at: datetime | None

    @classmethod
    def of(cls, row: Conversation) -> Self | None:
        """Return the survey of a conversation, also while it runs; None when nobody was asked."""
        if row.survey_outcome is None and row.survey_asked_at is None:
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


class SurveyIn(Request):
    """Sets a whole survey: for the account, for a connector, or for a line."""

    model_config = example(
        design={
            "scale": "zero_to_ten",
            "timeout": "PT2H",
            "follow_ups": ["resolved"],
            "once_per": "P7D",
        }
    )

    line: SlugText | None = None
    connector: SlugText | None = None
    design: SurveyDesign


class SurveySetting(Answer):
    """A survey the account has set. Times in seconds."""

    id: int
    line_id: str | None
    connector_id: str | None
    design: SurveyDesign

    @classmethod
    def of(cls, row: Survey) -> Self:
        design = SurveyDesign.stored(row.definition)
        return cls(id=row.id, line_id=row.line_id, connector_id=row.connector_id, design=design)


class SurveySettings(Answer):
    """The surveys that are set, the default, and the ready scales."""

    set: list[SurveySetting]
    next: str | None = None
    """The `cursor` of the next part of `set`; null at the end."""
    default: SurveyDesign
    scales: list[Scale]


class EffectiveSurvey(Answer):
    """The survey of a line. `id`: of the survey that was set, null for the default."""

    line_id: str
    language: str
    origin: Origin
    id: int | None
    passed_over: list[PassedOverOut]
    design: SurveyDesign
    scale: Scale
    after_auto_close: bool
    """As set for the skill that the line's texts go to."""
    messages: list[EffectiveText]

    @classmethod
    def of(cls, held: Effective) -> Self:
        design = held.survey.value
        return cls(
            line_id=held.settings.line.id,
            language=held.language.value,
            origin=held.survey.origin,
            id=held.survey.source.id,
            passed_over=PassedOverOut.listed(held.survey.passed_over),
            design=design,
            scale=policy_of(design).scale,
            after_auto_close=held.settings.skill.survey_after_auto_close,
            messages=[one for one in EffectiveText.listed(held) if one.event in OF_THE_SURVEY],
        )
