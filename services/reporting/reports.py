"""Figures over a span of days, told apart by one thing, for managers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import is_cut_short
from database.queries.reports.sums import Found
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.reporting.catalogue import FIGURES
from domain.reporting.figures import Figure
from domain.reporting.kinds import FactKind, SplitBy
from domain.reporting.sums import Sums
from services.caller import Caller
from services.reporting.asking import KEYS, Wanted, load
from services.reporting.sizing import TOO_MUCH
from services.reporting.spans import Days

MOST_DAYS = 400
"""Rows of a report by day. Ours: a year and what it is compared with."""
FEW_DAYS = 7
"""Ours: consumers of a week are counted one by one within a moment."""


@dataclass(frozen=True)
class ReportQuery:
    """What a report is about. `only`: ids it is limited to. `compares`: with the time before.

    `figures`: the ids of those that rows are wanted with, empty for all. The total has all.
    """

    days: Days
    by: SplitBy = SplitBy.total
    only: Mapping[SplitBy, str] = field(default_factory=dict)
    compares: bool = False
    figures: Collection[str] = ()

    @property
    def wanted(self) -> Sequence[Figure]:
        """Return the figures. Raises `Invalid` for one that is unknown."""
        unknown = sorted(set(self.figures) - FIGURES.keys())
        if unknown:
            raise Invalid(f"There is no figure {unknown[0]}. GET /v1/reports/figures lists them.")
        return [one for one in FIGURES.values() if one.id in self.figures or not self.figures]

    @property
    def every_day(self) -> Days:
        """Return its days, with those that it compares with."""
        return Days(self.days.before.first, self.days.last) if self.compares else self.days

    @property
    def counts_each(self) -> bool:
        """Say whether consumers are counted one by one where that takes long: for few days, and
        for whoever asks for it by name.
        """
        is_named = any(FIGURES[one].is_distinct for one in self.figures if one in FIGURES)
        return is_named or self.days.count <= FEW_DAYS


@dataclass(frozen=True)
class ReportRow:
    """One row. `key`: an id, a day, a weekday (1 is Monday) or an hour. `before`: the same of as
    many days before, None where it was not asked for.
    """

    key: str
    name: str
    sums: Sums
    before: Sums | None = None


@dataclass(frozen=True)
class Report:
    """A report. `seconds`: how long its days are, as far as they have passed; `seconds_before`: of
    those before.
    """

    query: ReportQuery
    zone: str
    rows: Sequence[ReportRow]
    total: ReportRow
    seconds: float
    at: datetime
    lengths: Mapping[str, float] = field(default_factory=dict)
    """How long the days or hours of a row were, where rows are times."""
    seconds_before: float = 0
    lengths_before: Mapping[str, float] = field(default_factory=dict)
    uncounted: int = 0
    """Days before today that are being counted anew, those it is compared with among them."""
    is_over: bool = True
    """Whether its days have passed. Until then, what counts up has had less time than before."""

    def seconds_of(self, row: ReportRow) -> float:
        """Return for how long a row's conversations were counted."""
        return self.lengths.get(row.key, self.seconds)

    def seconds_before_of(self, row: ReportRow) -> float:
        """Return the same of the time before."""
        return self.lengths_before.get(row.key, self.seconds_before)


def list_figures(caller: Caller) -> Sequence[Figure]:
    """Return all figures with their definitions. Raises `NotAllowed`: they are for managers."""
    caller.require(Role.manager)
    return list(FIGURES.values())


async def read(caller: Caller, session: AsyncSession, query: ReportQuery) -> Report:
    """Return a report: of the account, or of what a manager of teams sees.

    Raises `NotAllowed`, and `Invalid` for days that are none or too many, or too full.
    """
    caller.require(Role.manager)
    caller.require_scope(TokenScope.reports_read)
    query.days.check()
    if query.by is SplitBy.day and query.days.count > MOST_DAYS:
        raise Invalid(
            f"A report by day has at most {MOST_DAYS} days. Choose fewer, or see it by month."
        )
    try:
        return await _read(caller, session, query)
    except DBAPIError as error:
        if is_cut_short(error):
            raise Invalid(TOO_MUCH) from error
        raise


async def _read(caller: Caller, session: AsyncSession, query: ReportQuery) -> Report:
    kinds = {kind for one in query.wanted for kind in one.kinds}
    asking = await load(caller, session, Wanted(query.by, query.only, kinds, query.counts_each))
    uncounted = await asking.uncounted(query.every_day)
    found = await asking.rows(query.days)
    # A day or a month of the time before is another row, and none to compare with.
    compares = query.compares and query.by not in (SplitBy.day, SplitBy.month)
    before = await asking.rows(query.days.before) if compares else {}
    rows = [
        _row(key, asking.names, found, before if compares else None) for key in {*found, *before}
    ]
    whole = replace(asking, by=SplitBy.total, kinds=tuple(FactKind))
    earlier = await whole.rows(query.days.before) if query.compares else None
    total = _row("", {}, await whole.rows(query.days), earlier)
    in_time = query.by in KEYS
    return Report(
        query,
        asking.clock.zone.key,
        sorted(rows, key=lambda row: (row.name.casefold(), row.key)),
        total,
        asking.passed(query.days).total_seconds(),
        asking.now,
        asking.lengths(query.days) if in_time else {},
        asking.passed(query.days.before).total_seconds(),
        asking.lengths(query.days.before) if in_time and compares else {},
        uncounted,
        asking.is_over(query.days),
    )


def _row(key: str, known: Mapping[str, str], found: Found, before: Found | None) -> ReportRow:
    earlier = None if before is None else before.get(key, {})
    return ReportRow(key, known.get(key, key), found.get(key, {}), earlier)
