"""What a new brand has done of its first steps, in one statement."""

from dataclasses import dataclass

from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

DONE = sql("""
    SELECT
        EXISTS (SELECT FROM connector WHERE account_id = :id AND retired_at IS NULL) AS connected,
        EXISTS (SELECT FROM line WHERE account_id = :id AND retired_at IS NULL) AS has_line,
        (SELECT id FROM line WHERE account_id = :id AND retired_at IS NULL
         ORDER BY created_at LIMIT 1) AS line_id,
        EXISTS (
            SELECT FROM line JOIN line_health AS health ON health.line_id = line.id
            WHERE line.account_id = :id AND line.retired_at IS NULL
              AND health.broken_since IS NOT NULL
        ) AS is_broken,
        EXISTS (SELECT FROM skill WHERE account_id = :id AND retired_at IS NULL) AS has_skill,
        EXISTS (
            SELECT FROM agent JOIN agent_skill ON agent_skill.agent_id = agent.id
            WHERE agent.account_id = :id AND agent.retired_at IS NULL
        ) AS has_skilled,
        (SELECT count(*) FROM (
            SELECT FROM agent WHERE account_id = :id AND retired_at IS NULL LIMIT 2
        ) AS first_two) AS people,
        EXISTS (SELECT FROM working_period WHERE account_id = :id) AS has_hours,
        EXISTS (SELECT FROM conversation WHERE account_id = :id AND consumer_texted_at IS NOT NULL)
            AS was_texted,
        EXISTS (
            SELECT FROM message JOIN agent ON agent.id = message.agent_id
            WHERE agent.account_id = :id AND message.author = 'agent'
        ) AS has_answered
""")


@dataclass(frozen=True)
class Done:
    """What is done. `people`: 1 or 2, where 2 is several. `line_id`: of the first line."""

    connected: bool
    has_line: bool
    line_id: str | None
    is_broken: bool
    has_skill: bool
    has_skilled: bool
    people: int
    has_hours: bool
    was_texted: bool
    has_answered: bool


async def done(session: AsyncSession, account_id: str) -> Done:
    """Return what an account has done of its first steps."""
    row = (await session.execute(DONE, {"id": account_id})).one()
    return Done(**row._mapping)
