"""Inputs of the survey: an open question, and how a text was read as its answer.

Texts are read outside these rules, which know no words of any language.
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from domain.conversation.inputs import ReceivedText
from domain.courtesies.kinds import CourtesyKind
from domain.survey.kinds import Meaning, QuestionSeen
from domain.survey.scales import Scale


@dataclass(frozen=True)
class OpenQuestion:
    """A question waiting for its answer, and the scale the answer is read on.

    `first`, `last`: ids of the messages that asked it first and last; None: no text was sent.
    """

    scale: Scale
    first: str | None
    last: str | None


class AnswerReading(BaseModel):
    """How a text was read as an answer, and how much of the question its sender had seen.

    `has_request`: besides a rating, it asks for something. `asks`: it has a question mark, which a
    requested comment has not.
    """

    model_config = ConfigDict(frozen=True)

    meaning: Meaning = Meaning.unclear
    score: int | None = None
    comment: str | None = None
    has_request: bool = False
    asks: bool = False
    seen: QuestionSeen = QuestionSeen.question


UNREAD = AnswerReading()
"""The reading of a text that could not be read: it is not an answer, and it is not lost."""


def heard(text: ReceivedText, reading: AnswerReading) -> AnswerReading:
    """Return how a text is heard as an answer: a reaction that does not rate acknowledges."""
    is_reaction = text.courtesy is not None and text.courtesy.kind is CourtesyKind.reaction
    if not is_reaction or text.media or reading.meaning is Meaning.rating:
        return reading
    return reading.model_copy(update={"meaning": Meaning.acknowledgement})
