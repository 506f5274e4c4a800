"""The survey settings of an account. They are checked when they are saved, and never later."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, field_validator

from domain.survey.kinds import FollowUp, Interruption
from domain.survey.policy import SurveyPolicy
from domain.survey.scale_checks import check_scale
from domain.survey.scales import ONE_TO_FIVE, READY, Scale

QUESTIONS = 3
"""By design (docs/behaviour.md)."""
TEXTS = 50
"""Ours: more texts than almost any conversation has."""
TIMEOUT = (timedelta(minutes=1), timedelta(days=7))
"""Ours: time to type one answer, up to a week."""
LATEST = timedelta(days=7)
"""Ours: a later number is hardly an answer."""
LONGEST_INTERVAL = timedelta(days=365)
"""Ours: a year."""


class SurveyDesign(BaseModel):
    """The survey of a line, a connector or an account. Durations are seconds in JSON.

    `scale`: the name of a ready scale (`domain.survey.scales.READY`), or a scale of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_timedelta="float")

    enabled: bool = True
    scale: str | Scale = ONE_TO_FIVE
    questions: int = QUESTIONS
    timeout: timedelta = timedelta(hours=1)
    interruption: Interruption = Interruption.at_once
    late_within: timedelta = timedelta(hours=24)
    follow_ups: tuple[FollowUp, ...] = ()
    minimum_texts: int = 1
    once_per: timedelta | None = None
    sample_percent: int = 100

    @classmethod
    def stored(cls, definition: Mapping[str, object]) -> Self:
        """Read a saved survey. A field of a newer version is ignored: both run during a deploy."""
        return cls.model_validate(definition, extra="ignore")

    @field_validator("scale")
    @classmethod
    def _has_a_usable_scale(cls, scale: str | Scale) -> str | Scale:
        if isinstance(scale, Scale):
            check_scale(scale)
        elif scale not in READY:
            raise ValueError(
                f"There is no scale {scale!r}. The ready scales are {', '.join(READY)}."
            )
        return scale

    @field_validator("questions")
    @classmethod
    def _asks_a_few_times(cls, questions: int) -> int:
        return _within(questions, 1, QUESTIONS, "The question can be asked 1 to 3 times in all.")

    @field_validator("timeout")
    @classmethod
    def _waits_a_while(cls, timeout: timedelta) -> timedelta:
        if not TIMEOUT[0] <= timeout <= TIMEOUT[1]:
            raise ValueError("The survey can wait 1 minute to 7 days for an answer.")
        return timeout

    @field_validator("late_within")
    @classmethod
    def _counts_late_answers(cls, late_within: timedelta) -> timedelta:
        if not timedelta() <= late_within <= LATEST:
            raise ValueError("Late answers can count for up to 7 days; 0 means not at all.")
        return late_within

    @field_validator("follow_ups")
    @classmethod
    def _asks_each_once(cls, follow_ups: tuple[FollowUp, ...]) -> tuple[FollowUp, ...]:
        if len(set(follow_ups)) != len(follow_ups):
            raise ValueError("Each question after the rating can be asked only once.")
        return tuple(question for question in FollowUp if question in follow_ups)

    @field_validator("minimum_texts")
    @classmethod
    def _needs_some_texts(cls, texts: int) -> int:
        return _within(texts, 1, TEXTS, "A survey can require 1 to 50 texts of the consumer.")

    @field_validator("once_per")
    @classmethod
    def _leaves_people_alone(cls, once_per: timedelta | None) -> timedelta | None:
        if once_per is not None and not timedelta() < once_per <= LONGEST_INTERVAL:
            raise ValueError(
                "The time between two surveys can be up to 365 days; leave it empty to always ask."
            )
        return once_per

    @field_validator("sample_percent")
    @classmethod
    def _rates_some(cls, percent: int) -> int:
        return _within(percent, 1, 100, "The sample is 1 to 100 percent of conversations.")


def policy_of(design: SurveyDesign, *, after_auto_close: bool = False) -> SurveyPolicy:
    """Return the survey policy of a conversation; `after_auto_close` is its skill's setting."""
    scale = design.scale if isinstance(design.scale, Scale) else READY[design.scale]
    return SurveyPolicy(
        enabled=design.enabled,
        timeout=design.timeout,
        questions=design.questions,
        scale=scale,
        interruption=design.interruption,
        late_within=design.late_within,
        follow_ups=design.follow_ups,
        after_auto_close=after_auto_close,
        minimum_texts=design.minimum_texts,
        once_per=design.once_per,
        sample_percent=design.sample_percent,
    )


def _within(value: int, lowest: int, highest: int, otherwise: str) -> int:
    if not lowest <= value <= highest:
        raise ValueError(otherwise)
    return value
