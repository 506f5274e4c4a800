"""What reading an answer yields."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rating:
    """A score on the scale, and what the consumer wrote besides."""

    score: int
    comment: str | None = None
