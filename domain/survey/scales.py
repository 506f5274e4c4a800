"""Scales of survey questions, as data: the possible answers, and which count as satisfied."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from domain.survey.kinds import Grade

ONE_TO_FIVE = "one_to_five"
ZERO_TO_TEN = "zero_to_ten"
THUMBS = "thumbs"


class ScaleStep(BaseModel):
    """One answer of a scale. `words`: words and emoji that mean it, in any language."""

    model_config = ConfigDict(frozen=True)

    value: int
    label: str
    """What pages and reports show, such as `4` or `good`."""
    words: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    """Grades that mean this step; the product knows their words and emoji (`vocabulary`)."""


class Scale(BaseModel):
    """Answers from worst to best. An answer of `satisfied_from` or more counts for CSAT %."""

    model_config = ConfigDict(frozen=True)

    name: str
    steps: tuple[ScaleStep, ...]
    satisfied_from: int

    @property
    def values(self) -> tuple[int, ...]:
        return tuple(step.value for step in self.steps)

    @property
    def highest(self) -> int:
        return self.steps[-1].value

    @property
    def counts_stars(self) -> bool:
        """Say whether four stars are a 4. On a scale from 0, stars would mean five of ten or so."""
        return self.values == tuple(range(1, len(self.steps) + 1)) and len(self.steps) > 2

    def is_satisfied(self, score: int) -> bool:
        return score >= self.satisfied_from


def numbers(lowest: int, highest: int) -> Scale:
    """Return a scale of plain numbers, satisfied in its best quarter: 4 of 1 to 5, 8 of 0 to 10."""
    steps = tuple(ScaleStep(value=value, label=str(value)) for value in range(lowest, highest + 1))
    good = highest - (highest - lowest) // 4
    name = ONE_TO_FIVE if (lowest, highest) == (1, 5) else f"{lowest}_to_{highest}"
    return Scale(name=name, steps=steps, satisfied_from=good)


def _one_to_five() -> Scale:
    steps = tuple(
        ScaleStep(value=value, label=str(value), grades=(grade,))
        for value, grade in enumerate(
            (Grade.terrible, Grade.bad, Grade.fair, Grade.good, Grade.excellent), start=1
        )
    )
    return Scale(name=ONE_TO_FIVE, steps=steps, satisfied_from=4)


def _zero_to_ten() -> Scale:
    return numbers(0, 10).model_copy(update={"name": ZERO_TO_TEN})


def _thumbs() -> Scale:
    down = ScaleStep(value=0, label="👎", grades=(Grade.terrible, Grade.bad, Grade.no))
    up = ScaleStep(value=1, label="👍", grades=(Grade.good, Grade.excellent, Grade.yes))
    return Scale(name=THUMBS, steps=(down, up), satisfied_from=1)


READY: Mapping[str, Scale] = {
    ONE_TO_FIVE: _one_to_five(),
    ZERO_TO_TEN: _zero_to_ten(),
    THUMBS: _thumbs(),
}
"""Ready scales, which need no set-up.

`one_to_five` is satisfied from 4, as CSAT % is usually counted. `zero_to_ten` is satisfied from 8:
a 4 is three quarters up the scale from 1 to 5, and three quarters of ten, rounded up, keep both
CSAT % comparable. `zero_to_ten` reads numbers only, because "good" is no particular number of ten.
"""


def csat_percent(satisfied: int, valid: int) -> int | None:
    """Return the percentage of valid answers that are satisfied, 0 to 100; None without answers."""
    return round(100 * satisfied / valid) if valid else None
