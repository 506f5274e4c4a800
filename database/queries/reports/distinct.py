"""Counts consumers where days do not add up to them, from facts: each once in all of the time."""

from collections.abc import Mapping

from sqlalchemy import TextClause
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports.consumers import ACTIVE
from database.queries.reports.kept import COLUMNS
from database.queries.reports.sums import TIMES, Asked, limits
from domain.reporting.consumers import active
from domain.reporting.kinds import Dimension, FactKind, SplitBy
from domain.reporting.sums import Sum

FACTS_OF_CONSUMERS = """
    (SELECT *, at AS begins_at FROM report_fact) AS fact
    JOIN (SELECT id AS conversation_id, consumer_id FROM conversation) AS its
        USING (conversation_id)
"""

IN_TIME = "account_id = :account_id AND at >= :begins AND at < :ends"
OF_THEIR_OWN = (SplitBy.total, SplitBy.day, SplitBy.month)
"""Rows that each begin at a time: known are consumers who came before that. In others, those who
came before all of the time.
"""


# A join of consumers with newcomers would be read line by line where statistics are missing.
COUNTING = """
    SELECT key, count(*), count(*) FILTER (WHERE NOT is_new)
    FROM (
        SELECT consumer_id, array_agg(DISTINCT key) FILTER (WHERE NOT came) AS keys,
            bool_or(came) AS is_new
        FROM (
            SELECT its.consumer_id, {row} AS row, {key} AS key, false AS came
            FROM {facts} {labels}
            WHERE {in_time} AND kind = ANY(:kinds)
                AND made_from IS NULL AND {key} IS NOT NULL {limits}
            UNION ALL
            SELECT its.consumer_id, {row}, NULL, true
            FROM {facts} WHERE {in_time} AND kind = :new
        ) AS found
        GROUP BY consumer_id, row
    ) AS one, unnest(keys) AS key
    GROUP BY key
"""


async def count(session: AsyncSession, asked: Asked) -> Mapping[str, Sum]:
    """Return how many consumers were active, by what tells them apart, and how many of them were
    known before, whoever had their first conversation.
    """
    query, led = _counting(asked), asked.led
    values: dict[str, object] = {
        "account_id": asked.account_id,
        "zone": asked.zone,
        "kinds": [str(kind) for kind in ACTIVE],
        "new": str(FactKind.new_consumer),
        "begins": asked.over.begins,
        "ends": asked.over.ends,
        **{f"only_{name}": list(ids) for name, ids in asked.only.items()},
        **({"skills": list(led.skills), "people": list(led.people)} if led else {}),
    }
    found = await session.execute(query, {name: values[name] for name in query._bindparams})
    return {key: active(many, known=known) for key, many, known in found}


def _counting(asked: Asked) -> TextClause:
    of = asked.by.dimension
    is_of_labels = of is Dimension.label
    key = TIMES.get(asked.by) or (
        "label_id" if is_of_labels else f"fact.{COLUMNS[of or Dimension.skill]}"
    )
    return sql(
        COUNTING.format(
            row=TIMES[asked.by] if asked.by in OF_THEIR_OWN else "''",
            key=key,
            facts=FACTS_OF_CONSUMERS,
            labels="JOIN conversation_label USING (conversation_id)" if is_of_labels else "",
            in_time=IN_TIME,
            limits=limits(asked),
        )
    )
