"""How the closing question runs, as a conversation carries it."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from domain.survey.kinds import FollowUp, Interruption
from domain.survey.scales import ONE_TO_FIVE, READY, Scale


class SurveyPolicy(BaseModel):
    """How the closing question runs. `timeout` counts from the last question asked."""

    model_config = ConfigDict(frozen=True)

    enabled: bool = True
    timeout: timedelta = timedelta(hours=1)
    questions: int = 3
    """How often the question is asked at most."""
    scale: Scale = READY[ONE_TO_FIVE]
    interruption: Interruption = Interruption.at_once
    late_within: timedelta = timedelta()
    """An answer counts for so long after the survey expired, or was ignored."""
    follow_ups: tuple[FollowUp, ...] = ()
    after_auto_close: bool = False
    minimum_texts: int = 1
    """No survey where the consumer wrote less."""
    once_per: timedelta | None = None
    """A consumer is asked no more often than this."""
    sample_percent: int = 100
    """So many conversations of a hundred are rated."""
