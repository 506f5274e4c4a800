"""Asks for sums of an account's facts: of those by day and month, else of the facts themselves."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import TextClause
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports.kept import (
    COLUMNS,
    LED,
    OF_AGENTS,
    name_of,
    ordered,
)
from database.queries.reports.steps import (
    AS_PLANNED,
    BY_INDEX,
    ENOUGH_MEMORY,
    NO_LISTS,
    TIMED,
    added,
    flat,
    one_of,
    read,
)
from domain.people.teams import Led
from domain.reporting.kinds import Dimension, FactKind, Span, SplitBy, counted
from domain.reporting.sums import Measured, Sum

TIMES: Mapping[SplitBy, str] = {
    SplitBy.total: "''",
    SplitBy.day: "CAST(begins_at AT TIME ZONE :zone AS date)::text",
    SplitBy.month: "to_char(begins_at AT TIME ZONE :zone, 'YYYY-MM')",
    SplitBy.weekday: "extract(isodow FROM begins_at AT TIME ZONE :zone)::int::text",
    SplitBy.hour: "extract(hour FROM begins_at AT TIME ZONE :zone)::int::text",
}
"""What tells sums apart by time; otherwise their key does."""
LABEL = Dimension.label
HOURS = 24


@dataclass(frozen=True)
class Stretches:
    """A span of time, and what it is made of: whole months and the other days, by beginning."""

    begins: datetime
    ends: datetime
    months: Sequence[datetime] = ()
    days: Sequence[datetime] = ()
    edges: Sequence[tuple[datetime, datetime]] = ()
    """Those days, as spans from a moment to just before another."""


@dataclass(frozen=True)
class Asked:
    """Which sums. `by`: what tells them apart. `only`: ids that they are limited to.

    `led`: the skills and people of a manager in teams, who sees facts of these alone.
    """

    account_id: str
    zone: str
    by: SplitBy
    over: Stretches
    only: Mapping[Dimension, Collection[str]] = field(default_factory=dict)
    led: Led | None = None
    kinds: Collection[FactKind] = tuple(FactKind)

    @property
    def told(self) -> Collection[Dimension]:
        """Return what they are told apart by or limited to."""
        return {*self.only, *([self.by.dimension] if self.by.dimension else [])}

    @property
    def kept(self) -> Sequence[Dimension] | None:
        """Return what sums of them are kept by; None: they are not kept."""
        wanted = ordered(self.told)
        if self.by is SplitBy.hour and (self.led or len(wanted) > 1):
            return None
        if self.led is not None:
            return LED if {*wanted} <= {*LED} else None
        return wanted if len(wanted) <= 2 else None


Found = Mapping[str, Mapping[tuple[FactKind, str], Sum]]


async def ask(session: AsyncSession, asked: Asked) -> Found:
    """Return the sums by what tells them apart, which is empty for everything together."""
    values: dict[str, object] = {
        "account_id": asked.account_id,
        "zone": asked.zone,
        "begins": asked.over.begins,
        "ends": asked.over.ends,
        "kinds": [str(kind) for kind in counted(asked.kinds, asked.told)],
        "timed": [str(kind) for kind in TIMED if kind in asked.kinds],
        **{f"only_{name}": list(ids) for name, ids in asked.only.items()},
    }
    if asked.led:
        values |= {"skills": list(asked.led.skills), "people": list(asked.led.people)}
    await session.execute(ENOUGH_MEMORY)
    if (by := asked.kept) is None:
        return await _read(session, _of_facts(asked), values)
    over = asked.over
    values |= {"months": over.months, "days": over.days, "dimensions": _names(asked, by)}
    values |= {f"hours_of_{name}": _each_hour(ids) for name, ids in asked.only.items()}
    for at, (begins, ends) in enumerate(over.edges):
        values |= {f"edge_{at}": begins, f"edge_{at}_ends": ends}
    await session.execute(BY_INDEX)
    found = await _read(session, _of_sums(asked, by), values)
    await session.execute(AS_PLANNED)
    return found


def _each_hour(ids: Collection[str]) -> list[str]:
    """Return the keys of each hour of some ids, in sums of all days of a month."""
    return [f"{hour:02} {one}" for hour in range(HOURS) for one in ids]


def _names(asked: Asked, by: Sequence[Dimension]) -> list[str]:
    counts_of_agents = tuple(by) == LED and Dimension.agent in asked.told
    return [name_of(by), *([OF_AGENTS] if counts_of_agents else [])]


PLACE = "key, kind, detail"
READ = f"""
    SELECT {PLACE}, times, total, most, worked, worked_most, steps::text, worked_steps::text,
        array_to_string(spread, ' ') AS spread, array_to_string(worked_spread, ' ') AS worked_spread
    FROM sums
"""  # noqa: S608 - our own words


def _of_sums(asked: Asked, by: Sequence[Dimension]) -> TextClause:
    parts = " UNION ALL ".join(
        f"""
        SELECT {_key(asked, by, span)} AS key, kind, detail, times, total, most, worked,
            worked_most, steps, worked_steps,
            {flat("spread")} AS spread, {flat("worked_spread")} AS worked_spread
        FROM report_sum
        WHERE account_id = :account_id AND span = '{span}' AND dimension = ANY(:dimensions)
            AND {begins} AND kind = ANY(:kinds) {_only(asked, by, span)}"""  # noqa: S608 - our own words
        for span, begins in _over(asked)
    )
    queries = added(PLACE)
    return sql(f"WITH part AS MATERIALIZED ({parts}), {queries} {READ}")


def _over(asked: Asked) -> Iterator[tuple[Span, str]]:
    """Yield the spans that add up to the time: months and other days, or their hours."""
    if asked.by in (SplitBy.day, SplitBy.weekday):
        yield Span.day, "begins_at >= :begins AND begins_at < :ends"
        return
    if asked.by is not SplitBy.hour:
        yield Span.month, "begins_at = ANY(:months)"
        yield Span.day, "begins_at = ANY(:days)"
        return
    yield Span.hours_of_month, "begins_at = ANY(:months)"
    for at in range(len(asked.over.edges)):  # each alone is a stretch of the index
        yield Span.hour, f"begins_at >= :edge_{at} AND begins_at < :edge_{at}_ends"


def _key(asked: Asked, by: Sequence[Dimension], span: Span) -> str:
    """Return what tells their rows apart."""
    if span is Span.hours_of_month:
        return "left(key, 2)::int::text"
    if asked.by in TIMES:
        return TIMES[asked.by]
    return "key" if by[0] is asked.by.dimension else "also"


def _only(asked: Asked, by: Sequence[Dimension], span: Span) -> str:
    """Return the limits to some ids, and to what has any where that tells rows apart."""
    limits = []
    for one, column in zip(by, ("key", "also"), strict=False):
        if one in asked.only:
            ids = "hours_of" if span is Span.hours_of_month else "only"
            limits.append(f"{column} = ANY(:{ids}_{one})")
        elif one in asked.told:
            limits.append(f"{column} <> ''")
    if asked.led is not None:
        limits.append("(also = ANY(:skills) OR key = ANY(:people))")
    return "".join(f" AND {one}" for one in limits)


def _of_facts(asked: Asked) -> TextClause:
    of = asked.by.dimension
    key = TIMES.get(asked.by) or COLUMNS[of or Dimension.skill]
    return sql(f"""
    WITH part AS MATERIALIZED (
        SELECT {key} AS key, kind, detail, times, value AS total, value AS most,
            worked, worked AS worked_most, {NO_LISTS},
            CASE WHEN kind = ANY(:timed) THEN {one_of("value")} END AS steps,
            CASE WHEN kind = ANY(:timed) THEN {one_of("worked")} END AS worked_steps
        FROM (SELECT *, at AS begins_at FROM report_fact) AS fact
        {"JOIN conversation_label USING (conversation_id)" if of is LABEL else ""}
        WHERE account_id = :account_id AND kind = ANY(:kinds) AND at >= :begins AND at < :ends
            AND {key} IS NOT NULL {limits(asked)}
    ), {added(PLACE)} {READ}
    """)  # noqa: S608 - our own words


def limits(asked: Asked) -> str:
    """Return the conditions on `fact` that a question of facts has."""
    limits = [f"{COLUMNS[one]} = ANY(:only_{one})" for one in asked.only if one is not LABEL]
    if LABEL in asked.only and asked.by.dimension is LABEL:
        limits.append("conversation_label.label_id = ANY(:only_label)")
    elif LABEL in asked.only:
        limits.append(
            "EXISTS (SELECT FROM conversation_label AS its WHERE its.label_id = ANY(:only_label)"
            " AND its.conversation_id = fact.conversation_id)"
        )
    if asked.led is not None:
        limits.append("(skill_id = ANY(:skills) OR agent_id = ANY(:people))")
    if asked.by.dimension is not Dimension.agent and Dimension.agent not in asked.only:
        limits.append("NOT is_of_agent")
    return "".join(f" AND {one}" for one in limits)


async def _read(session: AsyncSession, query: TextClause, values: Mapping[str, object]) -> Found:
    found: defaultdict[str, dict[tuple[FactKind, str], Sum]] = defaultdict(dict)
    for row in await session.execute(query, values):
        # PostgreSQL adds large numbers up as decimals.
        clock = Measured(int(row.total or 0), row.most or 0)
        worked = Measured(int(row.worked or 0), row.worked_most or 0)
        for one, steps, pairs in (
            (clock, row.steps, row.spread),
            (worked, row.worked_steps, row.worked_spread),
        ):
            one.spread.update(read(steps))
            one.spread.update(_pairs(pairs))
        found[row.key][FactKind(row.kind), row.detail] = Sum(int(row.times), clock, worked)
    return found


def _pairs(written: str | None) -> dict[int, int]:
    """Return how many times are in each step. As an array it would take ten times as long."""
    values = [*map(int, written.split())] if written else []
    return dict(zip(values[::2], values[1::2], strict=True))
