"""What a conversation knows of the bots that have served it, as plain data."""

from datetime import datetime

from pydantic import BaseModel

from domain.bots.answers import BotFailure


class BotState(BaseModel):
    """The bot that serves the conversation, or served it last. The counts cover all bots."""

    id: str
    name: str
    is_talking: bool = False
    """The conversation is with the bot."""
    turn: int = 0
    """The number of the last turn it was asked; an answer names it."""
    asked_at: datetime | None = None
    """None: it is not being asked."""
    texted_at: datetime | None = None
    """When the last text came that it is asked about, or what else gave it the conversation."""
    prompted_at: datetime | None = None
    """The same for the running turn, or the last one."""
    late_at: datetime | None = None
    """When people get the conversation if there is no answer."""
    told: int = 0
    """Position of the last entry of the transcript that earlier turns told."""
    up_to: int = 0
    """Position of the last entry that the running turn tells."""
    has_more: bool = False
    """The consumer wrote while it was being asked."""
    has_disclosed: bool = False
    texts: int = 0
    recent: list[datetime] = []
    """When the turns of the last minute were asked."""
    failure: BotFailure | None = None
    """Why it passes the conversation to people now."""

    @property
    def is_asked(self) -> bool:
        return self.is_talking and self.asked_at is not None and self.failure is None

    def end(self) -> None:
        """End its part: somebody else has the conversation, or it is closed."""
        self.is_talking = self.has_more = False
        self.asked_at = self.late_at = self.failure = None


class BotQuestion(BaseModel):
    """One turn to ask: the entries after `told`, up to `up_to`, are new to the bot."""

    conversation_id: str
    bot_id: str
    turn: int
    told: int
    up_to: int
    late_at: datetime
