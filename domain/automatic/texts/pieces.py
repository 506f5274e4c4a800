"""What the texts of one language consist of."""

from dataclasses import dataclass

from domain.automatic.kinds import Automatic


@dataclass(frozen=True)
class Units:
    """Words of a duration, each as singular and plural, and what joins two of them."""

    join: str
    days: tuple[str, str]
    hours: tuple[str, str]
    minutes: tuple[str, str]
    seconds: tuple[str, str]
    zero_is_singular: bool = False

    def is_singular(self, count: int) -> bool:
        return count == 1 or (count == 0 and self.zero_is_singular)


@dataclass(frozen=True)
class Question:
    """The closing question for a scale, and what is said to a text that does not answer it."""

    ask: str
    retry: str


@dataclass(frozen=True)
class TextSet:
    """A language's automatic messages; the survey's question depends on its scale."""

    texts: dict[Automatic, str]
    questions: dict[str, Question]
    """By name of the ready scales."""
    own_scale: Question
    """For a scale of the account's own: `{labels}` stands for its answers."""
    units: Units
