"""Texts that ask for nothing, as they are read at the door."""

from dataclasses import dataclass
from enum import StrEnum


class CourtesyKind(StrEnum):
    """What a text is as a whole.

    `thanks`: thanks, an acknowledgement, praise, a farewell or good emoji. `reaction`: what a phone
    writes for a tapback. `automatic`: what a phone writes while its owner is away or driving.
    """

    thanks = "thanks"
    reaction = "reaction"
    automatic = "automatic"


@dataclass(frozen=True)
class Courtesy:
    """A text that asks for nothing. `name`: the folded word behind thanks that may be a name.

    Only the conversation knows whether its agent has that name. If not, the text is no courtesy.
    """

    kind: CourtesyKind
    name: str | None = None
