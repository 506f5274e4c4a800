"""The survey part of a conversation's policy."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from domain.survey.kinds import FollowUp, Interruption
from domain.survey.scales import ONE_TO_FIVE, READY, Scale


class SurveyPolicy(BaseModel):
    """How the survey of a conversation runs. `timeout` counts from the latest question."""

    model_config = ConfigDict(frozen=True)

    enabled: bool = True
    timeout: timedelta = timedelta(hours=1)
    questions: int = 3
    """Times the closing question is asked at most."""
    scale: Scale = READY[ONE_TO_FIVE]
    interruption: Interruption = Interruption.at_once
    late_within: timedelta = timedelta()
    """How long an answer still counts after the survey ended without one."""
    follow_ups: tuple[FollowUp, ...] = ()
    after_auto_close: bool = False
    minimum_texts: int = 1
    """Texts of the consumer that a survey requires."""
    once_per: timedelta | None = None
    """Time between two surveys of a consumer; None: no limit."""
    sample_percent: int = 100
    """Percentage of conversations that a survey follows."""
