"""What the settings say about texts that ask for nothing."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

SHOWN_WITHIN = timedelta(hours=48)
"""Ours: as long as the next conversation counts as a continuation after an auto-close."""
ANSWERS_WITHIN = timedelta(seconds=30)
"""Ours: a text takes a few seconds each way, and few people read ours and write a sentence in less.
"""


class CourtesyPolicy(BaseModel):
    """What thanks, reactions and automatic replies do.

    `shown_within`: how long after the end thanks and reactions open nothing; zero: they always open
    a conversation. `need_answer`: whether they start the response clock of an open conversation.
    `answers_within`: how soon after our text a phone's own answer comes; zero: none is recognised.
    """

    model_config = ConfigDict(frozen=True)

    shown_within: timedelta = SHOWN_WITHIN
    need_answer: bool = False
    answers_within: timedelta = ANSWERS_WITHIN
