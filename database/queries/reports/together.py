"""Counts what people handled together: a conversation that several of them handled counts once.

Each of them has a fact of it. Of some people it counts when the first of them handled it, so that
days add up: the facts of those who come after are found here, and taken off.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, TextClause, and_, exists, or_, tuple_
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from database.queries.reports.kept import COLUMNS
from database.queries.reports.sums import TIMES, Asked, limits
from database.tables import ReportFact
from domain.people.teams import Led
from domain.reporting.kinds import Dimension, FactKind, SplitBy

WHO_COMES_FIRST = ("at", "is_of_agent", "agent_id")
"""The order of those who handled a conversation: the first of all has a fact that is everybody's.
"""


def _order_of(fact: str) -> str:
    return f"({', '.join(f'{fact}.{one}' for one in WHO_COMES_FIRST)})"


def before_in_sql(people: str) -> str:
    """Return the condition that one of some people handled the conversation of `fact` before."""
    return f"""
        before.kind = '{FactKind.handled}' AND before.conversation_id = fact.conversation_id
        AND before.agent_id = ANY({people}) AND {_order_of("before")} < {_order_of("fact")}"""


# As a column, EXISTS looks each fact up by an index. As a condition it would be a join of all.
COUNTING = """
    WITH whose AS MATERIALIZED (
        SELECT team, member, array_agg(member) OVER (PARTITION BY team) AS members
        FROM unnest(CAST(:teams AS text[]), CAST(:members AS text[])) AS each (team, member)
    )
    SELECT key, count(*) FILTER (WHERE is_again) AS times FROM (
        SELECT {key} AS key, EXISTS (
            SELECT FROM report_fact AS before WHERE {before} {limits_before}
        ) AS is_again
        FROM (SELECT *, at AS begins_at FROM report_fact) AS fact
        JOIN whose ON member = agent_id {labels}
        WHERE account_id = :account_id AND kind = '{handled}' AND is_of_agent
            AND at >= :begins AND at < :ends AND {key} IS NOT NULL {limits}
    ) AS one GROUP BY key
"""


async def again(
    session: AsyncSession, asked: Asked, people: Mapping[str, Collection[str]]
) -> Mapping[str, int]:
    """Return how often conversations count again that another of the same people handled before.

    `people`: of each team, by its id, where teams are told apart; otherwise those of all together,
    by any one name.
    """
    members = [(team, one) for team, its in people.items() for one in its]
    led = asked.led
    values: dict[str, object] = {
        "account_id": asked.account_id,
        "zone": asked.zone,
        "begins": asked.over.begins,
        "ends": asked.over.ends,
        "teams": [team for team, _ in members],
        "members": [one for _, one in members],
        **{f"only_{name}": list(ids) for name, ids in asked.only.items()},
        **({"skills": list(led.skills), "people": list(led.people)} if led else {}),
    }
    query = _counting(asked)
    found = await session.execute(query, {name: values[name] for name in query._bindparams})
    return {key: times for key, times in found if times}


def _counting(asked: Asked) -> TextClause:
    of = asked.by.dimension
    is_of_labels = of is Dimension.label
    of_rows = "label_id" if is_of_labels else f"fact.{COLUMNS[of or Dimension.skill]}"
    return sql(
        COUNTING.format(
            key="team" if asked.by is SplitBy.team else TIMES.get(asked.by) or of_rows,
            before=before_in_sql("members"),
            limits_before=_limits_before(asked),
            handled=FactKind.handled,
            labels="JOIN conversation_label USING (conversation_id)" if is_of_labels else "",
            limits=limits(asked),
        )
    )


def _limits_before(asked: Asked) -> str:
    """Return the limits that differ between the facts of one conversation."""
    found = []
    if Dimension.skill in asked.only:
        found.append("before.skill_id = ANY(:only_skill)")
    if asked.by is SplitBy.skill:
        found.append("before.skill_id = fact.skill_id")
    if asked.led is not None:
        found.append("(before.skill_id = ANY(:skills) OR before.agent_id = ANY(:people))")
    return "".join(f" AND {one}" for one in found)


def is_first(
    only: Mapping[Dimension, Collection[str]], led: Led | None
) -> ColumnElement[bool] | None:
    """Return the condition that a fact does not say again that some people handled something.

    None: there are no several people to tell apart.
    """
    people = only.get(Dimension.agent, ())
    if len(people) <= 1:
        return None
    fact, before = ReportFact, aliased(ReportFact)
    earlier = [
        before.kind == str(FactKind.handled),
        before.conversation_id == fact.conversation_id,
        before.agent_id.in_(people),
        tuple_(*(getattr(before, one) for one in WHO_COMES_FIRST))
        < tuple_(*(getattr(fact, one) for one in WHO_COMES_FIRST)),
    ]
    if Dimension.skill in only:
        earlier.append(before.skill_id.in_(only[Dimension.skill]))
    if led is not None:
        earlier.append(or_(before.skill_id.in_(led.skills), before.agent_id.in_(led.people)))
    again = and_(fact.kind == str(FactKind.handled), fact.is_of_agent, exists().where(*earlier))
    return ~again
