"""A text that is held: until when, and why. Decided outside of workflow code, and kept."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Hold(BaseModel):
    """`why`: for agents, such as "quiet hours in Florida (...)". `rules`: version of the table."""

    model_config = ConfigDict(frozen=True)

    until: datetime
    why: str
    rules: str
