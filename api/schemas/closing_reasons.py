"""Closing reasons, and the one of a closed conversation."""

from datetime import datetime
from typing import Self

from pydantic import Field

from api.schemas.shared import Answer, Name, Request, SlugText, change, example, sent
from api.schemas.skills import SkillIds
from services.configuring import closing_reasons
from services.configuring.closing_reasons import ReasonWithSkills


class ClosingReasonOut(Answer):
    """What people give when they close a conversation."""

    id: str
    name: str
    skills: list[str]
    """The skills whose conversations can be closed with it; empty: all."""
    created_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, found: ReasonWithSkills) -> Self:
        row = found.reason
        return cls(
            id=row.id,
            name=row.name,
            skills=found.skills,
            created_at=row.created_at,
            retired_at=row.retired_at,
        )


class NewClosingReason(Request):
    model_config = example(name="Solved")

    id: SlugText | None = None
    name: Name
    skills: SkillIds = Field(default_factory=list, description="Empty: for all skills.")


class ClosingReasonChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(skills=["acme-support"])

    name: Name = change("What people read.")
    skills: SkillIds = change("All of its skills from now on; empty: for all skills.")

    @property
    def wanted(self) -> closing_reasons.ClosingReasonChange:
        return closing_reasons.ClosingReasonChange(**sent(self))


class GivenReason(Request):
    """The closing reason of a closed conversation from now on."""

    model_config = example(reason="acme-solved")

    reason: SlugText
