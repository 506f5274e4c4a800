"""The days on which consumers were active, and how many consumers a span of days has."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports.steps import since_epoch
from database.tables import ConsumerDay
from domain.reporting.kinds import FactKind

ACTIVE = (FactKind.opened, FactKind.text_in, FactKind.closed)
"""Facts by which a consumer is active."""
BEFORE = """
    UPDATE consumer_day SET before = its.before
    FROM (
        SELECT consumer_id, day, lag(day) OVER (PARTITION BY consumer_id ORDER BY day) AS before
        FROM consumer_day WHERE account_id = :account_id {of_some}
    ) AS its
    WHERE consumer_day.account_id = :account_id AND consumer_day.consumer_id = its.consumer_id
      AND consumer_day.day = its.day AND consumer_day.before IS DISTINCT FROM its.before
    RETURNING consumer_day.day
"""
OF_SOME = sql(BEFORE.format(of_some="AND consumer_id = ANY(:consumers)"))
OF_ALL = sql(BEFORE.format(of_some=""))
WANTED = sql("""
    CREATE TEMPORARY TABLE wanted_day ON COMMIT DROP AS
    SELECT DISTINCT conversation.consumer_id, CAST(fact.at AT TIME ZONE :zone AS date) AS day
    FROM report_fact AS fact JOIN conversation ON conversation.id = fact.conversation_id
    WHERE fact.account_id = :account_id AND fact.kind = ANY(:kinds)
""")
SURPLUS = sql("""
    DELETE FROM consumer_day WHERE account_id = :account_id AND NOT EXISTS (
        SELECT FROM wanted_day WHERE wanted_day.consumer_id = consumer_day.consumer_id
          AND wanted_day.day = consumer_day.day
    ) RETURNING day
""")
MISSING = sql("""
    INSERT INTO consumer_day (account_id, consumer_id, day)
    SELECT :account_id, consumer_id, day FROM wanted_day ON CONFLICT DO NOTHING RETURNING day
""")
# How many consumers of a day were there last on which day: of a span, those before it count.
SUM = sql(f"""
    INSERT INTO report_sum (
        account_id, span, dimension, begins_at, key, kind, detail, times, spread
    )
    SELECT :account_id, 'day', 'account', :begins, '', 'active_consumer', '',
        sum(many), array_agg(ARRAY[step, many]::int[] ORDER BY step)
    FROM (
        SELECT {since_epoch("before")} AS step, count(*) AS many
        FROM consumer_day WHERE account_id = :account_id AND day = :day GROUP BY 1
    ) AS stepped HAVING count(*) > 0
""")  # noqa: S608 - our own words


async def keep(
    session: AsyncSession, account_id: str, seen: Iterable[tuple[UUID, date]]
) -> set[date]:
    """Keep the days on which consumers were active. Returns days that count differently now."""
    rows = [{"account_id": account_id, "consumer_id": one, "day": day} for one, day in sorted(seen)]
    if not rows:
        return set()
    new = insert(ConsumerDay).values(rows).on_conflict_do_nothing()
    added = (await session.execute(new.returning(ConsumerDay.consumer_id, ConsumerDay.day))).all()
    if not added:
        return set()
    values = {"account_id": account_id, "consumers": sorted({row.consumer_id for row in added})}
    return {row.day for row in added} | set(await session.scalars(OF_SOME, values))


async def remake(session: AsyncSession, account_id: str, zone: str) -> set[date]:
    """Make all of an account's days anew from facts. Returns days that count differently now."""
    whose: Mapping[str, str] = {"account_id": account_id}
    kinds = [str(kind) for kind in ACTIVE]
    await session.execute(WANTED, {**whose, "zone": zone, "kinds": kinds})
    found: set[date] = set()
    for statement in (SURPLUS, MISSING, OF_ALL):
        found.update(await session.scalars(statement, whose))
    return found


async def sum_day(session: AsyncSession, account_id: str, begins: object, day: date) -> None:
    """Sum the consumers of a day."""
    await session.execute(SUM, {"account_id": account_id, "begins": begins, "day": day})
