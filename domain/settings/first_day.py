"""What a new brand sets up on its first day, in the order in which it is easiest."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Done:
    """What is there already.

    `people`: somebody holds a skill. `hours`: working hours are set; without any, a brand is always
    open. `first_text`: a person has answered a text.
    """

    connector: bool = False
    line: bool = False
    skill: bool = False
    people: bool = False
    hours: bool = False
    first_text: bool = False

    @property
    def count(self) -> int:
        return sum(astuple(self))

    @property
    def can_work(self) -> bool:
        """Say whether a consumer's text would reach a person."""
        return self.connector and self.line and self.skill and self.people
