"""What is found in the sources."""

from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import ROOT


@dataclass(frozen=True)
class Sentence:
    """A sentence, with its plural where it has a count."""

    one: str
    many: str | None = None


@dataclass(frozen=True)
class Found:
    """A sentence in a file; None where it is not written literally."""

    path: Path
    line: int
    sentence: Sentence | None

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"
