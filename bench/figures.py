"""The figures of the bench, with their ceilings and targets."""

from pydantic import BaseModel, ConfigDict


class Figure(BaseModel):
    """One measured value, and its target.

    The target applies to the ratio to a `ceiling`, which was measured in the same run; without a
    ceiling, to the value.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    value: float
    unit: str = ""
    ceiling: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """The value divided by its ceiling; None without a ceiling."""
        return self.value / self.ceiling if self.ceiling else None

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else ""

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        judged = self.value if self.ratio is None else self.ratio
        if self.at_least is not None:
            return judged >= self.at_least
        return judged <= self.at_most if self.at_most is not None else None

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Return the row of a table: name, value, ceiling, ratio, target, whether it is met."""
        met = {True: "met", False: "missed", None: ""}[self.is_met]
        return (
            self.name,
            f"{shown(self.value)} {self.unit}".strip(),
            "" if self.ceiling is None else shown(self.ceiling),
            "" if self.ratio is None else f"{self.ratio:.2f}",
            self.target,
            met,
        )


COLUMNS = ("figure", "value", "ceiling", "ratio", "target", "")


def shown(value: float) -> str:
    """Return a number with about three significant digits."""
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
