"""Asks for sums on behalf of a caller, and adds what sums do not have: what runs, and consumers."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import accounts
from database.queries.reports import distinct, names, reading, stale, summing, sums, together
from database.queries.reports.sums import Asked, Found
from domain.people.teams import Led
from domain.reporting.consumers import consumers_since
from domain.reporting.kinds import Dimension, FactKind, SplitBy
from domain.reporting.local_time import LocalTime
from domain.reporting.sums import Sum, added, of_fact
from services.caller import Caller
from services.clock import utc_now
from services.reporting import running, sizing
from services.reporting.running import Running
from services.reporting.spans import DAY, Days

Key = tuple[FactKind, str]
ACTIVE: Key = (FactKind.active_consumer, "")
NEW: Key = (FactKind.new_consumer, "")
HANDLED: Key = (FactKind.handled, "")
KEYS: Mapping[SplitBy, Callable[[datetime], str]] = {
    SplitBy.day: lambda local: local.date().isoformat(),
    SplitBy.month: lambda local: local.strftime("%Y-%m"),
    SplitBy.weekday: lambda local: str(local.isoweekday()),
    SplitBy.hour: lambda local: str(local.hour),
}
"""What rows are of a local time, as `database.queries.reports.sums` has it."""

SINCE: Mapping[SplitBy, Callable[[str, Days], date]] = {
    SplitBy.total: lambda _key, days: days.first,
    SplitBy.day: lambda key, _days: date.fromisoformat(key),
    SplitBy.month: lambda key, days: max(date.fromisoformat(f"{key}-01"), days.first),
}
"""When a row begins, where days add up to its consumers."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for: see `services.reporting.reports.ReportQuery`."""

    by: SplitBy
    only: Mapping[SplitBy, str]
    kinds: Collection[FactKind]
    counts_each: bool


@dataclass(frozen=True)
class Asking:
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
    running: Collection[Running] = ()
    counts_each: bool = False
    """Whether consumers are counted one by one where days do not add up to them."""

    async def rows(self, days: Days) -> Found:
        """Return sums by what tells them apart. Raises `Invalid` where that would take too long."""
        found: dict[str, dict[tuple[FactKind, str], Sum]] = {}
        asked = self._asked(days)
        if asked is not None:
            await sizing.check(self.session, asked)
            kept = await sums.ask(self.session, asked)
            found = {key: dict(one) for key, one in kept.items()}
            await self._count_consumers(found, asked, days)
        self._add_running(found, days)
        if self.by is SplitBy.team:
            found = self._of_teams(found)
        if asked is not None:
            await self._count_once(found, asked)
        if self.by is SplitBy.team and asked is not None and self.counts_each:
            await self._count_consumers_of_teams(found, asked)
        return found

    def _asked(self, days: Days) -> Asked | None:
        counted = self.counted and days.within(self.counted.first, self.counted.last)
        if counted is None:
            return None
        over = counted.stretches(self.clock, self.summed)
        zone = self.clock.zone.key
        kinds = {*self.kinds}
        if FactKind.active_consumer in kinds:  # those who were known are the others
            kinds.add(FactKind.new_consumer)
        return Asked(self.account_id, zone, self.by, over, self.only, self.led, tuple(kinds))

    async def _count_consumers(
        self, found: dict[str, dict[Key, Sum]], asked: Asked, days: Days
    ) -> None:
        """Let consumers count once in each row; where that takes too long, leave them out."""
        if FactKind.active_consumer not in self.kinds:
            return
        is_kept = asked.kept == () and self.by in SINCE
        for key, one in found.items():
            kept = one.pop(ACTIVE, None)
            if kept and is_kept:
                new = one.get(NEW, Sum()).times
                one[ACTIVE] = consumers_since(SINCE[self.by](key, days), kept, new=new)
        if self.counts_each and not is_kept and self.by is not SplitBy.team:
            for key, count in (await distinct.count(self.session, asked)).items():
                found.setdefault(key, {})[ACTIVE] = count

    def _add_running(self, found: dict[str, dict[Key, Sum]], days: Days) -> None:
        for one in self.running:
            fact = one.fact
            if fact.kind not in self.kinds or not one.is_among(self.only, self.led):
                continue
            day, key = self.clock.day_of(fact.at), self._key_of(one)
            if key is not None and days.first <= day <= days.last:
                sums_of = found.setdefault(key, {})
                sums_of.setdefault((fact.kind, fact.detail), Sum()).add(of_fact(fact))

    def _key_of(self, one: Running) -> str | None:
        if self.by in KEYS:
            return KEYS[self.by](one.fact.at.astimezone(self.clock.zone))
        of = self.by.dimension
        return "" if of is None else one.keys.get(of)

    async def _count_once(self, found: dict[str, dict[Key, Sum]], asked: Asked) -> None:
        """Let a conversation that several people of a row handled count once there."""
        together_at = self._together()
        if FactKind.handled not in self.kinds or not together_at:
            return
        for key, times in (await together.again(self.session, asked, together_at)).items():
            if (handled := found.get(key, {}).get(HANDLED)) is not None:
                # Facts may be there that are in no sum yet.
                handled.times = max(handled.times - times, 0)

    def _together(self) -> Mapping[str, Collection[str]]:
        """Return whose facts rows add up: a team's in its row, or those of all together."""
        if self.by is SplitBy.team:
            rows = {team: self._people_of(team) for team in self.members}
        elif self.by is SplitBy.agent:
            return {}
        else:
            rows = {"": self.only.get(Dimension.agent, ())}
        return {row: people for row, people in rows.items() if len(people) > 1}

    def _people_of(self, team: str) -> Collection[str]:
        people = set(self.members[team])
        return people & set(self.only.get(Dimension.agent, people))

    async def _count_consumers_of_teams(
        self, found: dict[str, dict[Key, Sum]], asked: Asked
    ) -> None:
        if FactKind.active_consumer in self.kinds:
            for team, one in found.items():
                one |= await self._consumers_of(team, asked)

    async def _consumers_of(self, team: str, asked: Asked) -> Mapping[Key, Sum]:
        """Return how many consumers a team has, each once."""
        only = {**self.only, Dimension.agent: self._people_of(team)}
        counts = await distinct.count(self.session, replace(asked, by=SplitBy.total, only=only))
        return {ACTIVE: counts[""]} if counts else {}

    def _of_teams(self, found: Found) -> dict[str, dict[Key, Sum]]:
        by_team = {
            team: [found[one] for one in people if one in found]
            for team, people in self.members.items()
        }
        return {team: added(parts) for team, parts in by_team.items() if parts}

    async def uncounted(self, days: Days) -> int:
        """Return how many days before today are being counted anew.

        As long as facts are cut by the clock of another zone, all of them are, and today as well.
        """
        today = self.clock.day_of(self.now)
        if not await reading.is_of_zone(self.session, self.account_id, self.clock.zone.key):
            counted = self.counted and days.within(self.counted.first, today)
            return counted.count if counted else 0
        over = days.within(days.first, today - DAY)
        if over is None:
            return 0
        return await stale.count(self.session, self.account_id, over.first, over.last)

    def passed(self, days: Days) -> timedelta:
        """Return how much of the days has passed."""
        begins, ends = self.clock.begins(days.first), self.clock.begins(days.last + DAY)
        return max(min(ends, self.now) - begins, timedelta())

    def is_over(self, days: Days) -> bool:
        """Say whether all of the days have passed."""
        return self.clock.begins(days.last + DAY) <= self.now

    def lengths(self, days: Days) -> Mapping[str, float]:
        """Return how much time has passed of each row."""
        found: Counter[str] = Counter()
        counted = self.counted and days.within(self.counted.first, self.counted.last)
        if counted is not None:
            begins, key_of = self.clock.begins(counted.first), KEYS[self.by]
            ends = begins + self.passed(counted)
            cut = self.clock.pieces if self.by is SplitBy.hour else self.clock.days
            for at, until in cut(begins, ends):
                found[key_of(at.astimezone(self.clock.zone))] += round((until - at).total_seconds())
        return found


async def load(caller: Caller, session: AsyncSession, wanted: Wanted) -> Asking:
    """Return what asks for an account's sums."""
    account, now = await accounts.find(session, caller.account_id), utc_now()
    clock = LocalTime(ZoneInfo(account.time_zone))
    members = await names.members(session, account.id)
    first = await summing.first_day(session, account.id)
    return Asking(
        session,
        account.id,
        wanted.by,
        limits(wanted.only, members),
        caller.led,
        clock,
        now,
        Days(clock.day_of(first), clock.day_of(now)) if first else None,
        await summing.summed_months(session, account.id),
        await names.of(session, account.id, wanted.by),
        {team: its for team, its in members.items() if team == wanted.only.get(SplitBy.team, team)},
        wanted.kinds,
        await running.load(session, account.id, clock, now),
        wanted.counts_each,
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
