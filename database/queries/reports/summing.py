"""Sums an account's facts by hour, day and month, each time anew from what is below."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import TextClause, delete, func, literal, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports.steps import TIMED, step_of
from database.tables import ReportSum, SummedMonth
from domain.reporting.kinds import Dimension, FactKind, Span


def _sums(counted: str, steps: str, *, of_sums: bool = False) -> TextClause:
    """Return a statement that writes sums.

    `counted`: queries, of which the last is what is summed, with its span, dimension and key.
    `steps`: a query of how its times are spread. `of_sums`: these are sums of shorter spans.
    """
    most, worked_most = ("most", "worked_most") if of_sums else ("value", "worked")
    return sql(f"""
    WITH {counted}, steps AS MATERIALIZED ({steps}), grouped AS (
        SELECT span, dimension, begins_at, key, kind, detail,
            sum(times) AS times, sum(value) AS total, max({most}) AS most,
            sum(worked) AS worked, max({worked_most}) AS worked_most
        FROM counted GROUP BY 1, 2, 3, 4, 5, 6
    ), stepped AS (
        SELECT span, dimension, begins_at, key, kind, detail, is_worked, step, sum(many) AS many
        FROM steps WHERE step IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ), spread AS (
        SELECT span, dimension, begins_at, key, kind, detail,
            array_agg(ARRAY[step, many]::int[] ORDER BY step)
                FILTER (WHERE NOT is_worked) AS spread,
            array_agg(ARRAY[step, many]::int[] ORDER BY step)
                FILTER (WHERE is_worked) AS worked_spread
        FROM stepped GROUP BY 1, 2, 3, 4, 5, 6
    )
    INSERT INTO report_sum (
        account_id, span, dimension, begins_at, key, kind, detail,
        times, total, most, worked, worked_most, spread, worked_spread
    )
    SELECT :account_id, span, dimension, begins_at, key, kind, detail,
        times, total, most, worked, worked_most, spread, worked_spread
    FROM grouped LEFT JOIN spread USING (span, dimension, begins_at, key, kind, detail)
    """)  # noqa: S608 - our own words


DAY = _sums(
    """
    fact AS MATERIALIZED (
        SELECT conversation_id, kind, at, skill_id, agent_id, line_id, source, detail,
            times, value, worked, is_of_agent
        FROM report_fact
        WHERE account_id = :account_id AND kind = ANY(:kinds) AND at >= :begins AND at < :ends
    ), counted AS MATERIALIZED (
        SELECT 'day' AS span, 'account' AS dimension, CAST(:begins AS timestamptz) AS begins_at,
            '' AS key, fact.* FROM fact WHERE NOT is_of_agent
        UNION ALL
        SELECT 'day', 'skill', :begins, skill_id, fact.*
        FROM fact WHERE skill_id IS NOT NULL AND NOT is_of_agent
        UNION ALL
        SELECT 'day', 'agent', :begins, agent_id, fact.* FROM fact WHERE agent_id IS NOT NULL
        UNION ALL
        SELECT 'day', 'line', :begins, line_id, fact.*
        FROM fact WHERE line_id IS NOT NULL AND NOT is_of_agent
        UNION ALL
        SELECT 'day', 'source', :begins, source, fact.*
        FROM fact WHERE source IS NOT NULL AND NOT is_of_agent
        UNION ALL
        SELECT 'day', 'label', :begins, label_id, fact.*
        FROM fact JOIN conversation_label USING (conversation_id) WHERE NOT is_of_agent
        UNION ALL
        SELECT 'hour', dimension, hour, key, fact.* FROM fact, LATERAL (
            SELECT CAST(:begins AS timestamptz)
                + floor(extract(epoch FROM at - :begins) / 3600) * interval '1 hour'
        ) AS its (hour), LATERAL (
            VALUES ('account', ''), ('skill', skill_id)
        ) AS of (dimension, key)
        WHERE key IS NOT NULL AND NOT is_of_agent
    )""",
    f"""
        SELECT span, dimension, begins_at, key, kind, detail, false AS is_worked,
            {step_of("value")} AS step, 1 AS many
        FROM counted WHERE kind = ANY(:timed)
        UNION ALL
        SELECT span, dimension, begins_at, key, kind, detail, true, {step_of("worked")}, 1
        FROM counted WHERE kind = ANY(:timed) AND worked IS NOT NULL
    """,  # noqa: S608 - our own words
)
MONTH = _sums(
    """
    kept AS MATERIALIZED (
        SELECT 'month' AS turned, key AS its, report_sum.* FROM report_sum
        WHERE account_id = :account_id AND span = 'day'
            AND begins_at >= :begins AND begins_at < :ends
        UNION ALL
        SELECT 'hours_of_month',
            to_char(begins_at AT TIME ZONE :zone, 'HH24') || ' ' || key, report_sum.*
        FROM report_sum
        WHERE account_id = :account_id AND span = 'hour'
            AND begins_at >= :begins AND begins_at < :ends
    ), counted AS (
        SELECT turned AS span, dimension, CAST(:begins AS timestamptz) AS begins_at, its AS key,
            kind, detail, times, total AS value, worked, most, worked_most
        FROM kept
    )""",
    """
        SELECT turned AS span, dimension, CAST(:begins AS timestamptz) AS begins_at, its AS key,
            kind, detail, is_worked, of.spread[at][1] AS step, of.spread[at][2] AS many
        FROM kept, LATERAL (
            VALUES (false, kept.spread), (true, kept.worked_spread)
        ) AS of (is_worked, spread), LATERAL generate_subscripts(of.spread, 1) AS at
    """,
    of_sums=True,
)


@dataclass(frozen=True)
class Stretch:
    """A stretch of time of an account, from a moment to just before another."""

    account_id: str
    begins: datetime
    ends: datetime


async def sum_day(session: AsyncSession, day: Stretch) -> None:
    """Sum a day and its hours."""
    await _forget(session, day, (Span.day, Span.hour))
    values = {"kinds": [str(kind) for kind in FactKind], "timed": [str(kind) for kind in TIMED]}
    await session.execute(DAY, {**vars(day), **values})


async def sum_month(session: AsyncSession, month: Stretch, first: date, zone: str) -> None:
    """Sum the days of a month that is over, and each hour of all of them.

    Other workers that see the same month wait, and then sum it again.
    """
    name = func.hashtextextended(f"sums/{month.account_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(name)))
    await _forget(session, month, (Span.month, Span.hours_of_month))
    await session.execute(MONTH, {**vars(month), "zone": zone})
    known = insert(SummedMonth).values(account_id=month.account_id, month=first)
    await session.execute(known.on_conflict_do_nothing())


async def summed_months(session: AsyncSession, account_id: str) -> frozenset[date]:
    """Return the first days of the months that are summed."""
    query = select(SummedMonth.month).where(SummedMonth.account_id == account_id)
    return frozenset(await session.scalars(query))


async def first_day(session: AsyncSession, account_id: str) -> datetime | None:
    """Return when the first day begins of which there are sums."""
    query = select(func.min(ReportSum.begins_at)).where(
        ReportSum.account_id == account_id,
        ReportSum.span == str(Span.day),
        ReportSum.dimension == str(Dimension.account),
    )
    return await session.scalar(query)


async def marks(session: AsyncSession, account_id: str) -> Mapping[datetime, str]:
    """Return a mark of the sums of each day, which changes with any of them."""
    written = func.string_agg(
        func.concat_ws(
            " ",
            *(ReportSum.dimension, ReportSum.key, ReportSum.kind, ReportSum.detail),
            *(ReportSum.times, ReportSum.total, ReportSum.most, ReportSum.worked),
            *(ReportSum.spread, ReportSum.worked_spread),
        ),
        aggregate_order_by(
            literal(","),
            *(ReportSum.dimension, ReportSum.key, ReportSum.kind, ReportSum.detail),
        ),
    )
    query = (
        select(ReportSum.begins_at, func.md5(written))
        .where(ReportSum.account_id == account_id, ReportSum.span == str(Span.day))
        .group_by(ReportSum.begins_at)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def forget_all(session: AsyncSession, account_id: str) -> None:
    """Delete all sums of an account, because its days begin at other moments now."""
    for table in (ReportSum, SummedMonth):
        await session.execute(delete(table).where(table.account_id == account_id))


async def _forget(session: AsyncSession, of: Stretch, spans: tuple[Span, ...]) -> None:
    await session.execute(
        delete(ReportSum).where(
            ReportSum.account_id == of.account_id,
            ReportSum.span.in_([str(span) for span in spans]),
            ReportSum.begins_at >= of.begins,
            ReportSum.begins_at < of.ends,
        )
    )
