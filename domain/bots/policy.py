"""The bot that serves a skill, as a conversation carries it, and its limits."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from domain.bots.kinds import BotMode

DEADLINE_SECONDS = 10
"""Ours: a consumer looks at the phone for about that long; two attempts fit into it."""
TEXTS = 50
"""Texts of bots in one conversation. Ours: far above any useful dialogue."""
TURNS = 30
"""Turns of bots in one conversation. Ours, as above."""
TURNS_PER_MINUTE = 10
"""Ours: nobody types faster for long, and two programs that answer each other do."""


class BotPolicy(BaseModel):
    """The bot that serves the skill. `fallback_skill_id`: the skill of the people behind it.

    `disclosure`: what consumers read with its first text, in the conversation's language.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    mode: BotMode = BotMode.webhook
    fallback_skill_id: str
    deadline: timedelta = timedelta(seconds=DEADLINE_SECONDS)
    disclosure: str | None = None
    texts: int = TEXTS
    turns: int = TURNS
    turns_per_minute: int = TURNS_PER_MINUTE
