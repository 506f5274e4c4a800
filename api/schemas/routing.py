"""What would become of a text, without anything happening."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.conversations import CandidateOut
from api.schemas.shared import Answer, Request, SlugText, Text, example


class DryRunIn(Request):
    """A text that nobody sends."""

    model_config = example(line="acme-support", number="+15550123456", text="OFFER please")

    line: SlugText
    number: Annotated[str, StringConstraints(max_length=40)]
    text: Text = Field(default="", description="Its first word may be one of the line's keywords.")


class DryRunOut(Answer):
    """Where the text would go and why; no agent: it would wait."""

    skill_id: str
    skill_name: str
    skill_reason: str
    fallback_skill_id: str | None
    """The skill that would stand in."""
    agent_id: str | None
    agent_name: str | None
    reason: str
    candidates: list[CandidateOut]
    waiting_before: int
    """Conversations of the skill that wait already and are served first."""
    open_conversation_id: UUID | None
    """The text would belong to this conversation, and nobody would be chosen."""
