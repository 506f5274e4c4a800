"""What agents did since a moment: one definition of each figure, for pages and API alike.

Handled: conversations whose consumer they texted. Closed: those they closed themselves. First
response: from the consumer's first text to the first text of any agent, for the agent who wrote it.
Ratings: of surveys that were theirs, by when they were answered.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.workspace import Ratings

# Only the first text an agent wrote in a conversation since then can be its first response.
FIGURES = sql("""
    WITH people AS MATERIALIZED (
        SELECT id FROM agent WHERE account_id = :account_id
          AND (CAST(:people AS text[]) IS NULL OR id = ANY(:people))
    ),
    texted AS MATERIALIZED (
        SELECT people.id AS agent_id, wrote.conversation_id, min(wrote.position) AS position
        FROM people JOIN message AS wrote ON wrote.agent_id = people.id
        WHERE wrote.author = 'agent' AND wrote.written_at >= :since
          AND wrote.conversation_id IS NOT NULL
        GROUP BY people.id, wrote.conversation_id
    ), answered AS (
        SELECT texted.agent_id,
            extract(epoch FROM reply.written_at - conversation.opened_at) AS seconds
        FROM texted JOIN conversation ON conversation.id = texted.conversation_id
        JOIN message AS reply ON reply.conversation_id = texted.conversation_id
            AND reply.position = texted.position
        WHERE conversation.opened_by = 'consumer' AND NOT EXISTS (
            SELECT FROM message AS earlier
            WHERE earlier.conversation_id = texted.conversation_id
              AND earlier.position < texted.position AND earlier.author = 'agent'
        )
    ), counted AS (
        SELECT agent_id, count(DISTINCT conversation_id) AS handled FROM texted
        GROUP BY GROUPING SETS ((agent_id), ())
    ), timed AS (
        SELECT agent_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds
        FROM answered GROUP BY GROUPING SETS ((agent_id), ())
    ), ended AS (
        SELECT people.id AS agent_id, count(*) AS closed
        FROM people JOIN conversation ON conversation.closed_by = people.id
        WHERE conversation.closed_at >= :since GROUP BY GROUPING SETS ((people.id), ())
    ), rated AS (
        SELECT people.id AS agent_id, count(*) AS answers,
            count(*) FILTER (WHERE conversation.survey_satisfied) AS satisfied
        FROM people JOIN conversation ON conversation.survey_agent_id = people.id
        WHERE conversation.survey_answered_at >= :since
          AND conversation.survey_score IS NOT NULL
        GROUP BY GROUPING SETS ((people.id), ())
    )
    SELECT who.agent_id, coalesce(counted.handled, 0), coalesce(ended.closed, 0), timed.seconds,
        coalesce(rated.answers, 0), coalesce(rated.satisfied, 0)
    FROM (SELECT id AS agent_id FROM people UNION ALL SELECT NULL) AS who
    LEFT JOIN counted ON counted.agent_id IS NOT DISTINCT FROM who.agent_id
    LEFT JOIN timed ON timed.agent_id IS NOT DISTINCT FROM who.agent_id
    LEFT JOIN ended ON ended.agent_id IS NOT DISTINCT FROM who.agent_id
    LEFT JOIN rated ON rated.agent_id IS NOT DISTINCT FROM who.agent_id
""")


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
    values = {"account_id": account_id, "since": since, "people": some}
    rows = await session.execute(FIGURES, values)
    found: dict[str | None, Figures] = {}
    for agent_id, handled, closed, seconds, answers, satisfied in rows:
        response = None if seconds is None else timedelta(seconds=float(seconds))
        found[agent_id] = Figures(handled, closed, response, Ratings(answers, satisfied))
    together = found.pop(None, NOTHING)
    return DayFigures(since, together, {who: one for who, one in found.items() if who is not None})
