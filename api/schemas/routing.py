"""A dry run: where a text would go, without sending it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.conversations import CandidateOut
from api.schemas.shared import Answer, Request, SlugText, Text, example


class DryRunIn(Request):
    """A text to try. It is not sent."""

    model_config = example(line="acme-support", number="+12025550123", text="OFFER please")

    line: SlugText
    number: Annotated[str, StringConstraints(max_length=40)]
    text: Text = Field(default="", description="Its first word can be one of the line's keywords.")


class DryRunOut(Answer):
    """Where the text would go and why. Without an agent it would wait."""

    skill_id: str
    skill_name: str
    skill_reason: str
    fallback_skill_id: str | None
    """The fallback skill that would take it."""
    agent_id: str | None
    agent_name: str | None
    reason: str
    candidates: list[CandidateOut]
    waiting_before: int
    """Waiting conversations of the skill that are served first."""
    open_conversation_id: UUID | None
    """The open conversation the text would belong to; then no agent is chosen."""
