"""Sums of facts, from which all figures are computed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from domain.reporting.facts import Fact
from domain.reporting.kinds import FactKind
from domain.reporting.spread import percentile


@dataclass
class Measured:
    """Times that were added up, in seconds, and how they are spread."""

    total: int = 0
    most: int = 0
    spread: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Measured") -> None:
        self.total += other.total
        self.most = max(self.most, other.most)
        self.spread.update(other.spread)

    def share(self, share: float) -> int | None:
        """Return the time within which a share (0 to 1) of them stays, never above the longest."""
        found = percentile(self.spread, share)
        return None if found is None else min(found, self.most)


@dataclass
class Sum:
    """Facts of one kind and detail. `times`: how many. `worked`: in working hours alone."""

    times: int = 0
    clock: Measured = field(default_factory=Measured)
    worked: Measured = field(default_factory=Measured)

    def add(self, other: "Sum") -> None:
        self.times += other.times
        self.clock.add(other.clock)
        self.worked.add(other.worked)


Sums = Mapping[tuple[FactKind, str], Sum]


@dataclass(frozen=True)
class Part:
    """Facts of a kind: all of them, or those with some details. `also`: of these kinds as well."""

    kind: FactKind
    details: Collection[str] | None = None
    also: Collection[FactKind] = ()

    @property
    def kinds(self) -> Collection[FactKind]:
        """Return the kinds of its facts."""
        return {self.kind, *self.also}

    def times(self, sums: Sums) -> int:
        """Return how many they are."""
        return sum(one.times for one in self._each(sums))

    def total(self, sums: Sums) -> int:
        """Return their values added up."""
        return sum(one.clock.total for one in self._each(sums))

    def worked(self, sums: Sums) -> int:
        """Return their values in working hours added up."""
        return sum(one.worked.total for one in self._each(sums))

    def by_detail(self, sums: Sums) -> Mapping[str, int]:
        """Return their values added up, by what stands behind `:` in their details, else these."""
        found: Counter[str] = Counter()
        for (kind, detail), one in sums.items():
            if kind in self.kinds and self._has(detail):
                found[detail.partition(":")[2] if self.details else detail] += one.clock.total
        return dict(sorted(found.items()))

    def of(self, sums: Sums) -> Sum:
        """Return them added up, with how they are spread."""
        each = list(self._each(sums))
        if len(each) == 1:
            return each[0]
        found = Sum()
        for one in each:
            found.add(one)
        return found

    def _each(self, sums: Sums) -> Iterator[Sum]:
        for (kind, detail), one in sums.items():
            if kind in self.kinds and self._has(detail):
                yield one

    def _has(self, detail: str) -> bool:
        # A state of an agent has its reason behind it.
        return self.details is None or detail.partition(":")[0] in self.details


def added(sets: Iterable[Sums]) -> dict[tuple[FactKind, str], Sum]:
    """Return several sets of sums as one."""
    found: dict[tuple[FactKind, str], Sum] = {}
    for sums in sets:
        for key, one in sums.items():
            found.setdefault(key, Sum()).add(one)
    return found


def of_fact(fact: Fact) -> Sum:
    """Return a fact of a time as a sum, without its percentiles."""
    found = Sum(fact.times)
    found.clock = Measured(fact.value or 0, fact.value or 0)
    found.worked = Measured(fact.worked or 0, fact.worked or 0)
    return found
