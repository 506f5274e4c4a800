"""What a figure is, and how it is computed from sums of facts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.reporting.kinds import FactKind
from domain.reporting.sums import Part, Sums
from domain.survey.follow_ups import Recommends, Resolved

MEASURED_IN_HOURS = frozenset(
    {
        *(FactKind.first_response, FactKind.response, FactKind.assignment_wait),
        *(FactKind.first_message, FactKind.queued),
    }
)
WITHOUT_CONVERSATIONS = frozenset(
    {
        *(FactKind.state, FactKind.load, FactKind.load_share, FactKind.load_room),
        *(FactKind.text_alone, FactKind.active_consumer),
    }
)
ANSWERS: Mapping[FactKind, Sequence[str]] = {
    FactKind.recommended: tuple(Recommends),
    FactKind.resolved: tuple(Resolved),
}
HOUR, MILLIONTHS = 3600, 1_000_000
THOUSANDTHS = 10
"""Of one percent."""


class Unit(StrEnum):
    """What a figure is measured in. `hours` are added up, and `score` is -100 to 100."""

    number = "number"
    percent = "percent"
    time = "time"
    """Seconds: mean, median, nine of ten, the longest; by the clock and in working hours."""
    ratio = "ratio"
    score = "score"
    hours = "hours"
    money = "money"
    """Each currency by itself: they are never added up."""


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


class Extreme(StrEnum):
    """Which single value says it."""

    most = "most"
    """The highest of thousandths, in percent."""
    rest = "rest"
    """What the highest leaves of a hundred percent."""


class Amount(StrEnum):
    """What of facts is counted: how many they are, or their values added up."""

    times = "times"
    total = "total"
    hours = "hours"
    """The same of seconds, in hours."""
    worked = "worked"
    """Values in working hours."""
    off_hours = "off_hours"
    """The rest of them."""


@dataclass(frozen=True)
class Figure:
    """A figure. `part`: what it counts or measures. `base`: what that is a share of, or is divided
    by. `takes_off`: what is taken off before. `extreme`: it is one value of its part.

    `is_rare`: asked for now and then, so that pages show it behind the others.
    `tells_details`: it also stands by the details of its facts, such as reasons.
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
    extreme: Extreme | None = None
    is_rare: bool = False
    tells_details: bool = False

    @property
    def has_conversations(self) -> bool:
        """Say whether it counts conversations, which can be listed."""
        return self.part.kind not in WITHOUT_CONVERSATIONS

    @property
    def answers(self) -> Sequence[str]:
        """Return the answers that it is counted from; empty: it is of no question."""
        return ANSWERS.get(self.part.kind, ())

    @property
    def listed(self) -> Part:
        """Return what is listed behind it: of a question all answers, not only the best of them."""
        return self.base if self.base and self.answers else self.part

    def listed_of(self, answer: str) -> Part:
        """Return what is listed behind one of its answers."""
        return Part(self.part.kind, (answer,))

    @property
    def is_distinct(self) -> bool:
        """Say whether it counts consumers, each once: what days have does not add up."""
        return self.part.kind is FactKind.active_consumer

    @property
    def kinds(self) -> Collection[FactKind]:
        """Return the kinds of facts that it is computed from."""
        parts = (self.part, self.base, self.takes_off)
        return {kind for one in parts if one for kind in one.kinds}

    @property
    def has_hours(self) -> bool:
        """Say whether it is measured in working hours, too."""
        return self.part.kind in MEASURED_IN_HOURS

    def value(self, sums: Sums, *, seconds: float = 0) -> float | None:
        """Return it; None where there is nothing to say. `seconds`: how long the span is."""
        if self.extreme is not None:
            return _extreme(self.part, self.extreme, sums)
        match self.unit:
            case Unit.number if self.is_distinct:
                return self._less(sums) if self.part.times(sums) else None
            case Unit.number | Unit.hours:
                return self._less(sums)
            case Unit.time:
                times = self.part.times(sums)
                return self.part.total(sums) / times if times else None
            case Unit.money:
                by_currency = self.details(sums)
                return next(iter(by_currency.values())) if len(by_currency) == 1 else None
            case Unit.percent | Unit.score:
                return self._ratio(sums, times=100)
            case Unit.ratio if self.base is None:
                return _amount(self.part, self.amount, sums) / seconds if seconds else None
            case Unit.ratio:
                return self._ratio(sums)

    def details(self, sums: Sums) -> Mapping[str, float]:
        """Return it by the details of its facts: hours by reason, amounts by currency."""
        if not self.tells_details:
            return {}
        whole = MILLIONTHS if self.unit is Unit.money else HOUR
        return {key: value / whole for key, value in self.part.by_detail(sums).items()}

    def _less(self, sums: Sums) -> float:
        less = _amount(self.takes_off, self.amount, sums) if self.takes_off else 0
        return _amount(self.part, self.amount, sums) - less

    def _ratio(self, sums: Sums, *, times: int = 1) -> float | None:
        of = _amount(self.base, self.base_amount, sums) if self.base else 0
        return times * self._less(sums) / of if of else None


def _extreme(part: Part, extreme: Extreme, sums: Sums) -> float | None:
    found = part.of(sums)
    if not found.times:
        return None
    most = found.clock.most / THOUSANDTHS
    return most if extreme is Extreme.most else 100 - most


def _amount(part: Part, amount: Amount, sums: Sums) -> float:
    match amount:
        case Amount.times:
            return part.times(sums)
        case Amount.total:
            return part.total(sums)
        case Amount.hours:
            return part.total(sums) / HOUR
        case Amount.worked:
            return part.worked(sums)
        case Amount.off_hours:
            return part.total(sums) - part.worked(sums)
