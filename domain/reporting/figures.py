"""What a figure is, and how it is computed from sums of facts."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from domain.reporting.kinds import FactKind
from domain.reporting.sums import Part, Sums

MEASURED_IN_HOURS = frozenset(
    {
        *(FactKind.first_response, FactKind.response, FactKind.assignment_wait),
        *(FactKind.first_message, FactKind.queued),
    }
)


class Unit(StrEnum):
    """What a figure is measured in. `hours` are added up, and `score` is -100 to 100."""

    number = "number"
    percent = "percent"
    time = "time"
    """Seconds: mean, median, nine of ten, the longest; by the clock and in working hours."""
    ratio = "ratio"
    score = "score"
    hours = "hours"


class Group(StrEnum):
    """What figures are about, in the order of pages."""

    volume = "volume"
    speed = "speed"
    satisfaction = "satisfaction"
    texts = "texts"
    people = "people"


class Wanted(StrEnum):
    """Which way a figure is to go; None of these: neither is better by itself."""

    more = "more"
    less = "less"


class Amount(StrEnum):
    """What of facts is counted: how many they are, or their values added up."""

    times = "times"
    total = "total"
    hours = "hours"
    """The same of seconds, in hours."""


@dataclass(frozen=True)
class Figure:
    """A figure. `part`: what it counts or measures. `base`: what that is a share of, or is divided
    by. `takes_off`: what is taken off before.
    """

    id: str
    name: str
    says: str
    group: Group
    unit: Unit
    part: Part
    base: Part | None = None
    takes_off: Part | None = None
    amount: Amount = Amount.times
    base_amount: Amount = Amount.times

    @property
    def has_conversations(self) -> bool:
        """Say whether it counts conversations, which can be listed."""
        return self.part.kind is not FactKind.state

    @property
    def kinds(self) -> Collection[FactKind]:
        """Return the kinds of facts that it is computed from."""
        return {one.kind for one in (self.part, self.base, self.takes_off) if one}

    @property
    def has_hours(self) -> bool:
        """Say whether it is measured in working hours, too."""
        return self.part.kind in MEASURED_IN_HOURS

    def value(self, sums: Sums, *, seconds: float = 0) -> float | None:
        """Return it; None where there is nothing to say. `seconds`: how long the span is."""
        match self.unit:
            case Unit.number | Unit.hours:
                return _amount(self.part, self.amount, sums)
            case Unit.time:
                times = self.part.times(sums)
                return self.part.total(sums) / times if times else None
            case Unit.percent | Unit.score:
                return self._ratio(sums, times=100)
            case Unit.ratio if self.base is None:
                return _amount(self.part, self.amount, sums) / seconds if seconds else None
            case Unit.ratio:
                return self._ratio(sums)

    def _ratio(self, sums: Sums, *, times: int = 1) -> float | None:
        of = _amount(self.base, self.base_amount, sums) if self.base else 0
        less = _amount(self.takes_off, self.amount, sums) if self.takes_off else 0
        return times * (_amount(self.part, self.amount, sums) - less) / of if of else None


def _amount(part: Part, amount: Amount, sums: Sums) -> float:
    match amount:
        case Amount.times:
            return part.times(sums)
        case Amount.total:
            return part.total(sums)
        case Amount.hours:
            return part.total(sums) / 3600
