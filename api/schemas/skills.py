"""Skills: queues of work, and the settings of their conversations."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from api.schemas.shared import Answer, Name, Request, SlugText, change, example, sent, within
from domain.routing.load import IDLE_AFTER, IDLE_WEIGHT
from domain.settings import allowed
from domain.settings.kinds import TransferTargets
from services.configuring import skills
from services.configuring.skills import SkillWithTargets
from services.inputs import ResponseTime

AutoClose = Annotated[int, within(allowed.AUTO_CLOSE, "Seconds.")]
Priority = Annotated[
    int,
    within(
        allowed.PRIORITY, "Minutes: served as if it had arrived, or were due, that much earlier."
    ),
]
IdleAfter = Annotated[int, within(allowed.IDLE_AFTER, "Seconds.")]
IdleWeight = Annotated[float, within(allowed.IDLE_WEIGHT)]
ThanksShown = Annotated[int, within(allowed.THANKS_SHOWN, "Seconds.")]
Retention = Annotated[int, within(allowed.RETENTION, "Days.")]
AutomaticReplies = Annotated[int, within(allowed.AUTOMATIC_REPLIES, "Seconds.")]
LISTED, BOT = "transfer_skills", "bot_id"
SkillIds = Annotated[list[SlugText], Field(max_length=200)]


class SkillOut(Answer):
    """A queue of work. Null: the account's value applies."""

    id: str
    name: str
    priority: int
    auto_close_seconds: int | None
    fallback_skill_id: str | None
    transfer_targets: TransferTargets
    transfer_skills: list[str]
    """Where its conversations may be transferred to, if `transfer_targets` is `listed`."""
    idle_after_seconds: int
    idle_weight: float
    response_seconds: int | None
    first_response_seconds: int | None
    thanks_shown_seconds: int | None
    thanks_need_answer: bool | None
    automatic_replies_seconds: int | None
    has_own_hours: bool
    survey_after_auto_close: bool
    """Consumers are also asked to rate after an auto-close."""
    needs_closing_reason: bool
    """People close its conversations with a closing reason only."""
    may_skip_rating: bool
    """People may close its conversations without asking for a rating."""
    retention_days: int | None
    """Null: the content of its conversations is kept as the account says."""
    bot_id: str | None
    """The bot that serves it; null: people do."""
    retired_at: datetime | None

    @classmethod
    def of(cls, found: SkillWithTargets) -> Self:
        columns = cls.model_fields.keys() - {LISTED, BOT}
        own = {name: getattr(found.skill, name) for name in columns}
        return cls(**own, **{LISTED: found.targets, BOT: found.bot_id})


class NewSkill(Request):
    model_config = example(name="Returns", priority=0)

    id: SlugText | None = None
    name: Name
    priority: Priority = 0
    auto_close_seconds: AutoClose | None = None
    fallback_skill: SlugText | None = Field(
        default=None, description="Gets new conversations while no agent is there for this skill."
    )
    transfer_targets: TransferTargets = TransferTargets.all
    transfer_skills: SkillIds = Field(
        default_factory=list, description="The allowed targets, if `transfer_targets` is `listed`."
    )
    idle_after_seconds: IdleAfter = round(IDLE_AFTER.total_seconds())
    idle_weight: IdleWeight = Field(
        default=IDLE_WEIGHT,
        description="The load of a conversation whose consumer has been silent for a while.",
    )
    response_seconds: ResponseTime | None = None
    first_response_seconds: ResponseTime | None = None
    thanks_shown_seconds: ThanksShown | None = None
    thanks_need_answer: bool | None = None
    automatic_replies_seconds: AutomaticReplies | None = None
    survey_after_auto_close: bool = False
    needs_closing_reason: bool = False
    may_skip_rating: bool = False
    retention_days: Retention | None = None
    bot: SlugText | None = Field(default=None, description="The bot that serves it.")

    @property
    def settings(self) -> skills.SkillChange:
        return skills.SkillChange(**self.model_dump(exclude={"id"}))


class SkillChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(priority=1)

    name: Name = change("The name agents and consumers see.")
    priority: Priority = change(
        "Minutes: served as if it had arrived, or were due, that much earlier."
    )
    auto_close_seconds: AutoClose | None = change("Null for the account's.")
    fallback_skill: SlugText | None = change(
        "Gets new conversations while no agent is there for this skill; null: no skill does."
    )
    transfer_targets: TransferTargets = change("all, none, or those listed.")
    transfer_skills: SkillIds = change("All of the listed targets from now on.")
    idle_after_seconds: IdleAfter = change(
        "When the conversation of a silent consumer counts less."
    )
    idle_weight: IdleWeight = change("What it counts then.")
    response_seconds: ResponseTime | None = change("Null for the account's.")
    first_response_seconds: ResponseTime | None = change("Null for the account's.")
    thanks_shown_seconds: ThanksShown | None = change("Null for the account's.")
    thanks_need_answer: bool | None = change("Null for the account's.")
    automatic_replies_seconds: AutomaticReplies | None = change("Null for the account's.")
    survey_after_auto_close: bool = change("Also ask to rate after an auto-close.")
    needs_closing_reason: bool = change("People close with a reason, if there is one to choose.")
    may_skip_rating: bool = change("People may close without asking for a rating.")
    retention_days: Retention | None = change("Null for the account's.")
    bot: SlugText | None = change("The bot that serves it; null: people do.")

    @property
    def wanted(self) -> skills.SkillChange:
        return skills.SkillChange(**sent(self))
