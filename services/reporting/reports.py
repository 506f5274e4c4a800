"""Figures over a span of days, told apart by one thing, for managers."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from database.away import is_cut_short
from database.queries import accounts
from database.queries.reports import names, summing, sums
from database.queries.reports.sums import Asked, Found
from domain.errors import Invalid
from domain.people.roles import Role
from domain.people.teams import Led
from domain.people.token_scopes import TokenScope
from domain.reporting.catalogue import FIGURES
from domain.reporting.figures import Figure
from domain.reporting.kinds import Dimension, FactKind, SplitBy
from domain.reporting.local_time import LocalTime
from domain.reporting.sums import Sums, added
from services.caller import Caller
from services.clock import utc_now
from services.reporting.spans import DAY, Days

MOST_DAYS = 400
"""Rows of a report by day. Ours: a year and what it is compared with."""


KEYS: Mapping[SplitBy, Callable[[datetime], str]] = {
    SplitBy.day: lambda local: local.date().isoformat(),
    SplitBy.month: lambda local: local.strftime("%Y-%m"),
    SplitBy.weekday: lambda local: str(local.isoweekday()),
    SplitBy.hour: lambda local: str(local.hour),
}
"""What rows are of a local time, as `database.queries.reports.sums` has it."""


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

    def seconds_of(self, row: ReportRow) -> float:
        """Return for how long a row's conversations were counted."""
        return self.lengths.get(row.key, self.seconds)


def list_figures(caller: Caller) -> Sequence[Figure]:
    """Return all figures with their definitions. Raises `NotAllowed`: they are for managers."""
    caller.require(Role.manager)
    return list(FIGURES.values())


async def read(caller: Caller, session: AsyncSession, query: ReportQuery) -> Report:
    """Return a report: of the account, or of what a manager of teams sees.

    Raises `NotAllowed`, and `Invalid` for days that are none or too many.
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
            raise Invalid("This takes too long to count. Choose fewer days.") from error
        raise


async def _read(caller: Caller, session: AsyncSession, query: ReportQuery) -> Report:
    asking = await _asking(caller, session, query)
    found = await asking.rows(query.days)
    # A day or a month of the time before is another row, and none to compare with.
    compares = query.compares and query.by not in (SplitBy.day, SplitBy.month)
    before = await asking.rows(query.days.before) if compares else {}
    rows = [
        _row(key, asking.names, found, before if compares else None) for key in {*found, *before}
    ]
    whole = replace(asking, by=SplitBy.total, kinds=tuple(FactKind))
    [total] = [_row("", {}, *(await whole.both(query)))]
    return Report(
        query,
        asking.clock.zone.key,
        sorted(rows, key=lambda row: (row.name.casefold(), row.key)),
        total,
        asking.passed(query.days).total_seconds(),
        asking.now,
        asking.lengths(query.days) if query.by in KEYS else {},
        asking.passed(query.days.before).total_seconds(),
    )


def _row(key: str, known: Mapping[str, str], found: Found, before: Found | None) -> ReportRow:
    earlier = None if before is None else before.get(key, {})
    return ReportRow(key, known.get(key, key), found.get(key, {}), earlier)


@dataclass(frozen=True)
class _Asking:
    """Asks for sums on behalf of a caller."""

    session: AsyncSession
    account_id: str
    by: SplitBy
    only: Mapping[Dimension, Collection[str]]
    led: Led | None
    clock: LocalTime
    now: datetime
    counted: Days | None
    """The days of which there is anything to count."""
    summed: Collection[date]
    names: Mapping[str, str]
    members: Mapping[str, Collection[str]]
    kinds: Collection[FactKind]

    async def both(self, query: ReportQuery) -> tuple[Found, Found | None]:
        """Return the sums of the days, and of those before if they are asked for."""
        found = await self.rows(query.days)
        return found, await self.rows(query.days.before) if query.compares else None

    async def rows(self, days: Days) -> Found:
        """Return sums by what tells them apart."""
        counted = self.counted and days.within(self.counted.first, self.counted.last)
        if counted is None:
            return {}
        over = counted.stretches(self.clock, self.summed)
        zone = self.clock.zone.key
        of = (self.account_id, zone, self.by, over, self.only, self.led, self.kinds)
        found = await sums.ask(self.session, Asked(*of))
        return self._of_teams(found) if self.by is SplitBy.team else found

    def _of_teams(self, found: Found) -> Found:
        by_team = {
            team: [found[one] for one in people if one in found]
            for team, people in self.members.items()
        }
        return {team: added(parts) for team, parts in by_team.items() if parts}

    def passed(self, days: Days) -> timedelta:
        """Return how much of the days has passed."""
        begins, ends = self.clock.begins(days.first), self.clock.begins(days.last + DAY)
        return max(min(ends, self.now) - begins, timedelta())

    def lengths(self, days: Days) -> Mapping[str, float]:
        """Return how much time has passed of each row."""
        found: Counter[str] = Counter()
        counted = self.counted and days.within(self.counted.first, self.counted.last)
        if counted is not None:
            begins, key_of = self.clock.begins(counted.first), KEYS[self.by]
            for at, until in self.clock.pieces(begins, begins + self.passed(counted)):
                found[key_of(at.astimezone(self.clock.zone))] += round((until - at).total_seconds())
        return found


async def _asking(caller: Caller, session: AsyncSession, query: ReportQuery) -> _Asking:
    account, now = await accounts.find(session, caller.account_id), utc_now()
    clock = LocalTime(ZoneInfo(account.time_zone))
    members = await names.members(session, account.id)
    first = await summing.first_day(session, account.id)
    return _Asking(
        session,
        account.id,
        query.by,
        limits(query.only, members),
        caller.led,
        clock,
        now,
        Days(clock.day_of(first), clock.day_of(now)) if first else None,
        await summing.summed_months(session, account.id),
        await names.of(session, account.id, query.by),
        members,
        {kind for one in query.wanted for kind in one.kinds},
    )


def limits(
    only: Mapping[SplitBy, str], members: Mapping[str, Collection[str]]
) -> dict[Dimension, Collection[str]]:
    """Return the ids that a report is limited to: a team stands for its people."""
    found: dict[Dimension, Collection[str]] = {}
    for by, key in only.items():
        if (dimension := by.dimension) is not None:
            ids = set(members.get(key, ())) if by is SplitBy.team else {key}
            found[dimension] = ids & set(found[dimension]) if dimension in found else ids
    return found
