"""What a report's address asks for, and the addresses that ask for something near it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field

from domain.errors import Invalid
from domain.reporting.catalogue import FIGURES
from domain.reporting.kinds import SplitBy
from domain.reporting.periods import Period, days_of
from services.reporting.choices import FILTERS
from services.reporting.reports import ReportQuery
from services.reporting.spans import Days
from web.words import _, said

PATH = "/reports"
COLUMNS = (
    *("opened", "closed", "handled", "abandoned_rate", "first_response_time", "response_time"),
    *("in_time", "csat"),
)
"""What the table shows until somebody chooses."""
OF_AGENTS = (
    *("handled", "closed", "first_response_time", "response_time", "in_time", "csat"),
    "transfers",
)
"""The same of agents and teams: nobody has a conversation yet when it opens."""
IN_TIME = (SplitBy.day, SplitBy.month, SplitBy.weekday, SplitBy.hour)
NAME = "name"
"""The column of names, by which rows are sorted."""


class Measure(StrEnum):
    """Which of a figure's times is shown first."""

    median = "median"
    mean = "mean"
    ninety = "ninety"
    longest = "longest"


class Hours(StrEnum):
    """Whether times are by the clock, or in working hours where these are known."""

    clock = "clock"
    worked = "worked"


Id = Annotated[str, Field(max_length=120, pattern=r"^[!-~]*$")]
Known = Annotated[str, Field(max_length=60)]
Day = Annotated[str, Field(max_length=40)]


class Address(BaseModel):
    """A report's address. Without `period` it is the first look, which compares."""

    period: Period | None = None
    first: Day = ""
    last: Day = ""
    by: SplitBy = SplitBy.day
    skill: Id = ""
    agent: Id = ""
    team: Id = ""
    line: Id = ""
    source: Id = ""
    label: Id = ""
    compare: bool = False
    measure: Measure = Measure.median
    hours: Hours = Hours.clock
    chart: Known = ""
    column: Annotated[list[Known], Field(max_length=100)] = []
    sort: Known = ""
    down: bool = False

    def only(self) -> Mapping[SplitBy, str]:
        """Return the ids that the report is limited to."""
        return {by: key for by in FILTERS if (key := str(getattr(self, by)))}


AddressQuery = Annotated[Address, Query()]


@dataclass(frozen=True)
class Asked:
    """What is asked for, read. `problems`: what is wrong, by field; then `days` is None."""

    address: Address
    period: Period
    days: Days | None
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, address: Address, today: date) -> "Asked":
        """Return what an address asks for on a day of the account."""
        period = address.period or Period.last_7
        named = days_of(period, today)
        if named is not None:
            return cls(address, period, Days(*named))
        problems: dict[str, str] = {}
        first = _day(address.first, "first", problems)
        last = _day(address.last, "last", problems)
        if first is None or last is None:
            return cls(address, period, None, problems)
        days = Days(first, last)
        try:
            days.check()
        except Invalid as error:
            return cls(address, period, None, {"last": said(error.detail)})
        return cls(address, period, days)

    @property
    def compares(self) -> bool:
        return self.address.compare or self.address.period is None

    @property
    def by(self) -> SplitBy:
        return self.address.by

    @property
    def chart(self) -> str:
        """Return the figure of the chart."""
        return self.address.chart if self.address.chart in FIGURES else self.usual_chart

    @property
    def usual_chart(self) -> str:
        """Return the figure of the chart until somebody chooses one."""
        return "handled" if self.is_of_agents else "opened"

    @property
    def is_of_agents(self) -> bool:
        return self.by in (SplitBy.agent, SplitBy.team)

    @property
    def columns(self) -> Sequence[str]:
        """Return the figures of the table, in the catalogue's order; the chart's is one of them."""
        known = {one for one in self.address.column if one in FIGURES}
        if not known or known in ({*COLUMNS}, {*OF_AGENTS}):  # what was shown was not chosen
            known = {*(OF_AGENTS if self.is_of_agents else COLUMNS)}
        return [one for one in FIGURES if one in known or one == self.chart]

    @property
    def sort(self) -> str:
        """Return the column by which rows are sorted: times by themselves, others by the chart."""
        if self.address.sort == NAME or self.address.sort in self.columns:
            return self.address.sort
        return NAME if self.by in IN_TIME else self.chart

    @property
    def goes_down(self) -> bool:
        """Say whether the highest comes first."""
        return self.address.down if self.address.sort else self.sort != NAME

    @property
    def is_worked(self) -> bool:
        return self.address.hours is Hours.worked

    def query(self) -> ReportQuery | None:
        """Return the report that is asked for; None where days are wrong."""
        if self.days is None:
            return None
        only = self.address.only()
        return ReportQuery(self.days, self.by, only, self.compares, self.columns)

    def values(self, **changes: object) -> list[tuple[str, str]]:
        """Return the address's fields with some changed, without those that are empty."""
        own = self.period is Period.own
        fields: dict[str, object] = {
            "period": self.period,
            "first": self.address.first if own else "",
            "last": self.address.last if own else "",
            "by": self.by,
            **{str(by): key for by, key in self.address.only().items()},
            "compare": "yes" if self.compares else "",
            "measure": "" if self.address.measure is Measure.median else self.address.measure,
            "hours": self.address.hours if self.is_worked else "",
            "chart": self.address.chart,
            "column": self.address.column,
            "sort": self.address.sort,
            "down": "yes" if self.address.down else "",
        }
        pairs: list[tuple[str, str]] = []
        for name, value in (fields | changes).items():
            each = value if isinstance(value, list) else [value]
            pairs += [(name, str(one)) for one in each if one not in ("", None)]
        return pairs

    def link(self, path: str = "", **changes: object) -> str:
        """Return the address of this report, or of a page about it, with fields changed."""
        return f"{PATH}{path}?{urlencode(self.values(**changes))}"


def _day(written: str, name: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        missing = _("Choose a day.")
        wrong = _("This is no day. Write one such as 2026-12-24.")
        problems[name] = wrong if written.strip() else missing
        return None
