"""What the survey hears of a text: read outside the rules, which know no words of any language."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from domain.survey.kinds import Meaning, QuestionSeen
from domain.survey.scales import Scale


@dataclass(frozen=True)
class OpenQuestion:
    """A question that waits for its answer: what it is read on, and the messages that asked it.

    `first`, `last`: ids of the messages that asked it first and last; None: no text was sent.
    """

    scale: Scale
    first: str | None
    last: str | None


class AnswerReading(BaseModel):
    """How a text was read as an answer, and what of the question its consumer had seen.

    `has_request`: besides a rating there is something for a person in it. `asks`: it has a question
    mark, as no comment has that was asked for.
    """

    model_config = ConfigDict(frozen=True)

    meaning: Meaning = Meaning.unclear
    score: int | None = None
    comment: str | None = None
    has_request: bool = False
    asks: bool = False
    seen: QuestionSeen = QuestionSeen.question


UNREAD = AnswerReading()
"""A text that could not be read: no answer, and not lost."""
