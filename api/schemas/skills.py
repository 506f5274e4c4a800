"""Skills: the queues of work, and what holds for their conversations."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from api.schemas.shared import Answer, Name, Request, SlugText, change, example, sent, within
from domain.routing.load import IDLE_AFTER, IDLE_WEIGHT
from domain.settings import allowed
from domain.settings.kinds import TransferTargets
from services.configuring import skills
from services.configuring.skills import SkillWithTargets

AutoClose = Annotated[int, within(allowed.AUTO_CLOSE, "Seconds.")]
Priority = Annotated[
    int,
    within(allowed.PRIORITY, "Minutes: served as if it had come, or were due, so much earlier."),
]
ResponseTime = Annotated[
    int, within(allowed.RESPONSE_TIME, "Seconds in working hours, a minute to 30 days.")
]
IdleAfter = Annotated[int, within(allowed.IDLE_AFTER, "Seconds.")]
IdleWeight = Annotated[float, within(allowed.IDLE_WEIGHT)]
LISTED = "transfer_skills"
SkillIds = Annotated[list[SlugText], Field(max_length=200)]


class SkillOut(Answer):
    """A queue of work. Null: the account's value holds."""

    id: str
    name: str
    priority: int
    auto_close_seconds: int | None
    fallback_skill_id: str | None
    transfer_targets: TransferTargets
    transfer_skills: list[str]
    """To which its conversations may be transferred, where they are `listed`."""
    idle_after_seconds: int
    idle_weight: float
    response_seconds: int | None
    first_response_seconds: int | None
    has_own_hours: bool
    survey_after_auto_close: bool
    """Consumers are asked to rate also when time closed the conversation."""
    retired_at: datetime | None

    @classmethod
    def of(cls, found: SkillWithTargets) -> Self:
        columns = {name: getattr(found.skill, name) for name in cls.model_fields.keys() - {LISTED}}
        return cls(**columns, **{LISTED: found.targets})


class NewSkill(Request):
    model_config = example(name="Returns", priority=0)

    id: SlugText | None = None
    name: Name
    priority: Priority = 0
    auto_close_seconds: AutoClose | None = None
    fallback_skill: SlugText | None = Field(
        default=None, description="Takes new conversations while nobody is there for this skill."
    )
    transfer_targets: TransferTargets = TransferTargets.all
    transfer_skills: SkillIds = Field(
        default_factory=list, description="The allowed targets, where they are listed."
    )
    idle_after_seconds: IdleAfter = round(IDLE_AFTER.total_seconds())
    idle_weight: IdleWeight = Field(
        default=IDLE_WEIGHT,
        description="Load of a conversation whose consumer has been silent for long.",
    )
    response_seconds: ResponseTime | None = None
    first_response_seconds: ResponseTime | None = None
    survey_after_auto_close: bool = False

    @property
    def settings(self) -> skills.SkillChange:
        return skills.SkillChange(**self.model_dump(exclude={"id"}))


class SkillChange(Request):
    """What is left out stays."""

    model_config = example(priority=1)

    name: Name = change("What agents and consumers read.")
    priority: Priority = change("Minutes: served as if it had come, or were due, so much earlier.")
    auto_close_seconds: AutoClose | None = change("Null for the account's.")
    fallback_skill: SlugText | None = change(
        "Takes new conversations while nobody is there for this skill; null: none does."
    )
    transfer_targets: TransferTargets = change("all, none, or those listed.")
    transfer_skills: SkillIds = change("All of the listed targets from now on.")
    idle_after_seconds: IdleAfter = change("When a silent consumer's conversation weighs less.")
    idle_weight: IdleWeight = change("What it weighs then.")
    response_seconds: ResponseTime | None = change("Null for the account's.")
    first_response_seconds: ResponseTime | None = change("Null for the account's.")
    survey_after_auto_close: bool = change("Ask to rate also when time closed it.")

    @property
    def wanted(self) -> skills.SkillChange:
        return skills.SkillChange(**sent(self))
