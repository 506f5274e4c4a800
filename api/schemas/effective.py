"""The settings of a line with a skill, besides texts and survey, and who set them."""

from datetime import timedelta
from typing import Self

from api.schemas.automatic import PassedOverOut
from api.schemas.shared import Answer
from domain.policy.effective import TRANSFERS_IN_A_ROW, Effective
from domain.settings.kinds import TransferTargets
from domain.settings.resolution import Resolved
from domain.settings.scope import Origin


class EffectiveTime(Answer):
    """A time in seconds, null where none is set, and who set it."""

    seconds: int | None
    origin: Origin
    passed_over: list[PassedOverOut]

    @classmethod
    def of(cls, held: Resolved[timedelta] | Resolved[timedelta | None]) -> Self:
        return cls(
            seconds=None if held.value is None else round(held.value.total_seconds()),
            origin=held.origin,
            passed_over=PassedOverOut.listed(held.passed_over),
        )


class EffectiveSwitch(Answer):
    """Whether something holds, and who set it."""

    is_on: bool
    origin: Origin
    passed_over: list[PassedOverOut]

    @classmethod
    def of(cls, held: Resolved[bool]) -> Self:
        passed_over = PassedOverOut.listed(held.passed_over)
        return cls(is_on=held.value, origin=held.origin, passed_over=passed_over)


class EffectiveSettings(Answer):
    """The settings that conversations of a line with a skill start with."""

    line_id: str
    skill_id: str
    language: str
    language_origin: Origin
    priority: int
    """Minutes: the line's and the skill's together."""
    hours_origin: Origin
    """Whose working hours apply: the skill's or the account's."""
    response_time: EffectiveTime
    first_response_time: EffectiveTime
    """Null: the same as `response_time`."""
    auto_close_after: EffectiveTime
    thanks_shown: EffectiveTime
    thanks_need_answer: EffectiveSwitch
    automatic_replies: EffectiveTime
    transfer_targets: TransferTargets
    allowed_targets: list[str]
    """Skills it may be transferred to, where `transfer_targets` is `listed`."""
    transfers_in_a_row: int
    """How many transfers are allowed without a message from a person in between."""

    @classmethod
    def of(cls, held: Effective) -> Self:
        return cls(
            line_id=held.settings.line.id,
            skill_id=held.settings.skill.id,
            language=held.language.value,
            language_origin=held.language.origin,
            priority=held.priority,
            hours_origin=held.hours.origin,
            response_time=EffectiveTime.of(held.response_time),
            first_response_time=EffectiveTime.of(held.first_response_time),
            auto_close_after=EffectiveTime.of(held.auto_close_after),
            thanks_shown=EffectiveTime.of(held.thanks_shown),
            thanks_need_answer=EffectiveSwitch.of(held.thanks_need_answer),
            automatic_replies=EffectiveTime.of(held.automatic_replies),
            transfer_targets=held.settings.skill.transfer_targets,
            allowed_targets=list(held.targets),
            transfers_in_a_row=TRANSFERS_IN_A_ROW,
        )
