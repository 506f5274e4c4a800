"""What conversations are marked and closed with: labels, closing reasons, what skills need."""

from collections.abc import Mapping
from typing import TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.shared import Answer
from domain.settings.kinds import LabelColour
from services.caller import Caller
from services.configuring import closing_reasons, labels, skills


class LabelName(Answer):
    name: str
    colour: LabelColour
    is_retired: bool


class ReasonName(Answer):
    """A closing reason. `skills`: those it is for; empty: all."""

    name: str
    skills: list[str]
    is_retired: bool


class SkillEnd(Answer):
    """What a skill asks of whoever closes."""

    needs_reason: bool
    may_skip_rating: bool


class Marks(TypedDict):
    """Parts of what a page begins with, by their names there."""

    skill_ends: Mapping[str, SkillEnd]
    labels: Mapping[str, LabelName]
    closing_reasons: Mapping[str, ReasonName]


async def load_marks(caller: Caller, session: AsyncSession) -> Marks:
    """Return labels and reasons by id, retired ones too, and what each skill asks for."""
    return Marks(
        skill_ends={
            one.skill.id: SkillEnd(
                needs_reason=one.skill.needs_closing_reason,
                may_skip_rating=one.skill.may_skip_rating,
            )
            for one in await skills.listed(caller, session)
        },
        labels={
            one.id: LabelName(
                name=one.name,
                colour=LabelColour(one.colour),
                is_retired=one.retired_at is not None,
            )
            for one in await labels.listed(caller, session, retired=True)
        },
        closing_reasons={
            one.reason.id: ReasonName(
                name=one.reason.name,
                skills=one.skills,
                is_retired=one.reason.retired_at is not None,
            )
            for one in await closing_reasons.listed(caller, session, retired=True)
        },
    )
