"""What agents did since a moment, counted from the facts that reports are summed from.

Each figure is defined in `domain.reporting.catalogue`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.reports.together import before_in_sql
from database.queries.workspace import Ratings
from domain.conversation.kinds import CloseReason
from domain.reporting.kinds import FactKind

KINDS = (
    *(FactKind.handled, FactKind.closed, FactKind.first_response),
    *(FactKind.rated, FactKind.satisfied),
)
BY_PEOPLE = (CloseReason.agent, CloseReason.manager)
"""What is closed by people. Other conversations close by themselves."""

# A conversation that several handled counts once where they are counted together: on the day on
# which the first of them did.
FIGURES = sql(f"""
    WITH fact AS MATERIALIZED (
        SELECT kind, detail, agent_id, value, conversation_id, is_of_agent, at FROM report_fact
        WHERE account_id = :account_id AND kind = ANY(:kinds) AND at >= :since
          AND agent_id IS NOT NULL
          AND (CAST(:people AS text[]) IS NULL OR agent_id = ANY(:people))
    ), whose AS (
        SELECT agent_id AS who, fact.* FROM fact
        UNION ALL
        SELECT NULL, fact.* FROM fact
        WHERE NOT is_of_agent OR CAST(:people AS text[]) IS NOT NULL AND NOT EXISTS (
            SELECT FROM report_fact AS before WHERE {before_in_sql("CAST(:people AS text[])")}
        )
    )
    SELECT who,
        count(DISTINCT conversation_id) FILTER (WHERE kind = 'handled'),
        count(*) FILTER (WHERE kind = 'closed' AND detail = ANY(:by_people)),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY value) FILTER (WHERE kind = 'first_response'),
        count(*) FILTER (WHERE kind = 'rated'),
        count(*) FILTER (WHERE kind = 'satisfied')
    FROM whose GROUP BY who
""")  # noqa: S608 - our own words


@dataclass(frozen=True)
class Figures:
    """What somebody, or everybody, did. `first_response`: the median, None without any."""

    handled: int
    closed: int
    first_response: timedelta | None
    ratings: Ratings


NOTHING = Figures(0, 0, None, Ratings(0, 0))


@dataclass(frozen=True)
class DayFigures:
    """The figures of all together, and of each agent by id."""

    since: datetime
    together: Figures
    by_agent: Mapping[str, Figures]


async def figures(
    session: AsyncSession, account_id: str, since: datetime, people: Collection[str] | None = None
) -> DayFigures:
    """Return what an account's people, or some of them, did since a moment."""
    some = None if people is None else list(people)
    values = {
        "account_id": account_id,
        "since": since,
        "people": some,
        "kinds": [str(kind) for kind in KINDS],
        "by_people": [str(reason) for reason in BY_PEOPLE],
    }
    rows = await session.execute(FIGURES, values)
    found: dict[str | None, Figures] = {}
    for agent_id, handled, closed, seconds, answers, satisfied in rows:
        response = None if seconds is None else timedelta(seconds=float(seconds))
        found[agent_id] = Figures(handled, closed, response, Ratings(answers, satisfied))
    together = found.pop(None, NOTHING)
    return DayFigures(since, together, {who: one for who, one in found.items() if who is not None})
