"""Sums an account's facts by hour, day and month, each time anew from what is below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, literal, literal_column, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import Function

from database.queries.reports.grouping import PLACE, READINGS, grouped
from database.queries.reports.kept import FORM, HOURS_TOGETHER, TOGETHER
from database.queries.reports.steps import (
    ENOUGH_MEMORY,
    TIMED,
    added,
    as_number,
    flat,
    one_of,
)
from database.tables import ReportSum, SummedMonth
from domain.reporting.kinds import Dimension, FactKind, Span

VALUES = "times, total, most, worked, worked_most, steps, worked_steps"


HOUR_OF = "begins + (shown - (begins AT TIME ZONE :zone))"
"""When the hour of a fact began, as `domain.reporting.local_time.LocalTime.hour_of` has it."""
FACTS = f"""
    fact AS MATERIALIZED (
        SELECT conversation_id, kind, skill_id, agent_id, line_id, source, detail,
            times, value, worked, is_of_agent, {HOUR_OF} AS hour,
            CASE WHEN kind = ANY(:timed) THEN {one_of("value")} END AS step,
            CASE WHEN kind = ANY(:timed) THEN {one_of("worked")} END AS worked_step
        FROM report_fact, LATERAL (SELECT at AT TIME ZONE :zone AS local) AS clock,
            LATERAL (SELECT date_trunc('hour', local) AS shown) AS clocks_hour,
            LATERAL (SELECT at - (local - shown) AS begins) AS hour
        WHERE account_id = :account_id AND kind = ANY(:kinds) AND at >= :begins AND at < :ends
    ), fact_labelled AS (
        SELECT fact.*, label_id FROM fact JOIN conversation_label USING (conversation_id)
    )"""  # noqa: S608 - our own words
SUMMED = (
    "sum(times) AS times, sum(value) AS total, max(value) AS most, sum(worked) AS worked, "
    "max(worked) AS worked_most, sum(step) AS steps, sum(worked_step) AS worked_steps"
)
DAY = tuple(
    sql(f"""
    WITH {FACTS} INSERT INTO report_sum (account_id, {PLACE}, {VALUES})
    SELECT :account_id, {PLACE}, {VALUES} FROM ({grouped(readings, "fact", SUMMED)}) AS grouped
    """)  # noqa: S608 - our own words
    for readings in READINGS
)
OF_MONTH = """
    account_id = :account_id AND span = :of AND dimension = ANY(:dimensions)
    AND begins_at >= :begins AND begins_at < :ends
"""
MONTH = sql(
    f"""
    WITH part AS MATERIALIZED (
        SELECT dimension,
            CASE :of WHEN 'hour' THEN to_char(begins_at AT TIME ZONE :zone, 'HH24') || ' ' || key
                ELSE key END AS key,
            also, kind, detail, {VALUES},
            {flat("spread")} AS spread, {flat("worked_spread")} AS worked_spread
        FROM report_sum
        WHERE {OF_MONTH} AND abs(hashtext(key || also)::bigint) % :slices = :slice
    ), {added("dimension, key, also, kind, detail")}
    INSERT INTO report_sum (account_id, {PLACE}, {VALUES}, spread, worked_spread)
    SELECT :account_id, :span, dimension, :begins, key, also, kind, detail,
        {VALUES}, spread, worked_spread
    FROM sums
    """  # noqa: S608 - our own words
)
SIZE_OF_MONTH = sql(f"SELECT count(*) FROM report_sum WHERE {OF_MONTH}")  # noqa: S608 - as above
WAITS_SECONDS = 60.0
"""How long one worker waits for what another sums. Ours: far longer than a month takes."""
WAITS_LONG = sql("SELECT set_config('lock_timeout', :limit, true)")
AT_ONCE = 100_000
"""Sums that one statement adds up. Ours: none takes long on a busy machine, either."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of time of an account, from a moment to just before another."""

    account_id: str
    begins: datetime
    ends: datetime


async def sum_day(session: AsyncSession, day: Stretch, zone: str) -> None:
    """Sum a day and its hours, by the clock of a zone."""
    await _forget(session, day, (Span.day, Span.hour))
    values = {"kinds": [*map(str, FactKind)], "timed": [*map(str, TIMED)], "zone": zone}
    await session.execute(ENOUGH_MEMORY)
    for statement in DAY:
        await session.execute(statement, {**vars(day), **values})


async def alone(session: AsyncSession, account_id: str) -> None:
    """Wait until no other worker sums a month of an account; none does until this one commits."""
    await _wait(session, func.pg_advisory_xact_lock(_lock("sums", account_id)))


async def hold_clock(session: AsyncSession, account_id: str) -> None:
    """Have nobody forget an account's sums until this commits: what is summed by the old clock
    would stay. Take it before any row.
    """
    await _wait(session, func.pg_advisory_xact_lock_shared(_lock("clock", account_id)))


async def _wait(session: AsyncSession, lock: Function[None]) -> None:
    await session.execute(WAITS_LONG, {"limit": f"{WAITS_SECONDS * 1000:.0f}ms"})
    await session.execute(select(lock))


def _lock(name: str, account_id: str) -> Function[int]:
    return func.hashtextextended(f"{name}/{account_id}", 0)


async def sum_month(session: AsyncSession, month: Stretch, first: date, zone: str) -> None:
    """Sum the days of a month that is over, and each hour of all of them. Be `alone` before."""
    await _forget(session, month, (Span.month, Span.hours_of_month))
    await session.execute(ENOUGH_MEMORY)
    for of, span, together in (
        (Span.day, Span.month, TOGETHER),
        (Span.hour, Span.hours_of_month, HOURS_TOGETHER),
    ):
        for dimensions in together:
            values = {"of": str(of), "span": str(span), "dimensions": dimensions, "zone": zone}
            await _sum_slices(session, {**vars(month), **values})
    known = insert(SummedMonth).values(account_id=month.account_id, month=first, form=FORM)
    key = [SummedMonth.account_id, SummedMonth.month]
    await session.execute(known.on_conflict_do_update(index_elements=key, set_={"form": FORM}))


async def _sum_slices(session: AsyncSession, values: Mapping[str, object]) -> None:
    """Sum what a month has of some dimensions, in as many statements as it takes."""
    size = int(await session.scalar(SIZE_OF_MONTH, values) or 0)
    slices = 1 + size // AT_ONCE
    for one in range(slices if size else 0):
        await session.execute(MONTH, {**values, "slices": slices, "slice": one})


async def summed_months(session: AsyncSession, account_id: str) -> frozenset[date]:
    """Return the first days of the months that are summed, as they are summed now."""
    query = select(SummedMonth.month).where(
        SummedMonth.account_id == account_id, SummedMonth.form == FORM
    )
    return frozenset(await session.scalars(query))


# The version from before `report_sum.steps` sums a month again without the days that have it.
FORGET_PARTIAL = sql("""
    DELETE FROM summed_month
    WHERE account_id = :account_id AND month IN (
        SELECT CAST(month.begins_at AT TIME ZONE :zone AS date)
        FROM report_sum AS month
        WHERE month.account_id = :account_id AND month.span = 'month'
            AND month.dimension = 'account' AND month.kind = ANY(:timed) AND month.steps IS NULL
            AND EXISTS (
                SELECT FROM report_sum AS day
                WHERE day.account_id = :account_id AND day.span = 'day'
                    AND day.dimension = 'account' AND day.kind = month.kind
                    AND day.steps IS NOT NULL AND day.begins_at >= month.begins_at
                    AND day.begins_at
                        < (month.begins_at AT TIME ZONE :zone + interval '1 month')
                            AT TIME ZONE :zone
            )
    )
""")


async def forget_partial_months(session: AsyncSession, account_id: str, zone: str) -> None:
    """Have months that lack times of some of their days summed again; until then days are read."""
    values = {"account_id": account_id, "zone": zone, "timed": [*map(str, TIMED)]}
    await session.execute(FORGET_PARTIAL, values)


async def first_day(session: AsyncSession, account_id: str) -> datetime | None:
    """Return when the first day begins of which there are sums."""
    query = select(func.min(ReportSum.begins_at)).where(
        ReportSum.account_id == account_id,
        ReportSum.span == str(Span.day),
        ReportSum.dimension == str(Dimension.account),
    )
    return await session.scalar(query)


OF_DAYS = f"kind = '{FactKind.active_consumer}'"
SPREADS: Sequence[ColumnElement[str]] = tuple(
    literal_column(
        f"CASE WHEN {OF_DAYS} THEN {spread}::text ELSE md5(numeric_send(nullif("
        f"coalesce({steps}, 0) + coalesce({as_number(spread)}, 0), 0))) END"
    )
    for steps, spread in (("steps", "spread"), ("worked_steps", "worked_spread"))
)
"""The same of lists that sums had before as of the numbers that they are now, and of both in one
row. As digits they would take several times the room.
"""


async def marks(session: AsyncSession, account_id: str) -> Mapping[tuple[Span, datetime], str]:
    """Return a mark of the sums of each day and of each month, which changes with any of them."""
    each = func.concat_ws(
        " ",
        *(ReportSum.dimension, ReportSum.key, ReportSum.also),
        *(ReportSum.kind, ReportSum.detail),
        *(ReportSum.times, ReportSum.total, ReportSum.most, ReportSum.worked),
        *SPREADS,
    )
    written = func.string_agg(
        func.md5(each),  # all of a month of a large account together may be too long for a value
        aggregate_order_by(
            literal(""),
            *(ReportSum.dimension, ReportSum.key, ReportSum.also),
            *(ReportSum.kind, ReportSum.detail),
        ),
    )
    query = (
        select(ReportSum.span, ReportSum.begins_at, func.md5(written))
        .where(ReportSum.account_id == account_id, ReportSum.span.in_((Span.day, Span.month)))
        .group_by(ReportSum.span, ReportSum.begins_at)
    )
    return {(Span(row[0]), row[1]): row[2] for row in await session.execute(query)}


async def forget_all(session: AsyncSession, account_id: str) -> None:
    """Delete all sums of an account, because its days begin at other moments now.

    Waits for who sums some of it: see `hold_clock`.
    """
    await _wait(session, func.pg_advisory_xact_lock(_lock("clock", account_id)))
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
