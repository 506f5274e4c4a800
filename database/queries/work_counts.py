"""How much waits for whom, for all open pages of an account in a few statements.

`database.queries.workspace.counts` counts the same for one viewer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from database.direct import Direct
from database.queries.workspace import WorkCounts
from domain.people.teams import Led

HELD = b"""
    SELECT agent_id, count(*) FILTER (WHERE snoozed_at IS NULL),
           count(waiting_since) FILTER (WHERE snoozed_at IS NULL), count(snoozed_at)
    FROM conversation
    WHERE agent_id = ANY(%(agents)s) AND status = 'assigned' GROUP BY agent_id
"""
# People see what waits for a skill of theirs, and what waits for nobody else. `beside`: what they
# see for another reason, having taken part in it or being asked for by name.
WAITING = b"""
    WITH waits AS MATERIALIZED (
        SELECT c.id, c.skill_id, c.agent_id, c.offered_agent_id, entry.requested_agent_id
        FROM queue_entry AS entry JOIN conversation AS c ON c.id = entry.conversation_id
        WHERE entry.account_id = %(account_id)s AND c.status = 'waiting' AND c.bot_id IS NULL
    )
    SELECT 'all', '', count(*) FROM waits
    UNION ALL
    SELECT 'skill', skill_id, count(*) FROM waits
    WHERE requested_agent_id IS NULL AND skill_id IS NOT NULL GROUP BY skill_id
    UNION ALL
    SELECT 'beside', who.agent_id, count(DISTINCT waits.id)
    FROM waits CROSS JOIN LATERAL (
        SELECT agent_id FROM participation WHERE conversation_id = waits.id
        UNION SELECT agent_id FROM mention WHERE conversation_id = waits.id
        UNION SELECT unnest(ARRAY[waits.agent_id, waits.offered_agent_id, waits.requested_agent_id])
    ) AS who
    WHERE who.agent_id IS NOT NULL AND (waits.requested_agent_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM agent_skill
        WHERE agent_skill.agent_id = who.agent_id AND agent_skill.skill_id = waits.skill_id
    ))
    GROUP BY who.agent_id
"""
# The same for a manager in teams, who also sees what is of the teams: `Viewer.led`.
LED = b"""
    SELECT count(*) FROM queue_entry AS entry JOIN conversation AS c ON c.id = entry.conversation_id
    WHERE entry.account_id = %(account_id)s AND c.status = 'waiting' AND c.bot_id IS NULL AND (
        c.skill_id = ANY(%(led_skills)s) OR c.agent_id = ANY(%(people)s)
        OR c.offered_agent_id = ANY(%(people)s) OR entry.requested_agent_id = ANY(%(people)s)
        OR (entry.requested_agent_id IS NULL AND c.skill_id = ANY(%(own_skills)s))
        OR EXISTS (SELECT FROM participation
                   WHERE conversation_id = c.id AND agent_id = %(agent_id)s)
        OR EXISTS (SELECT FROM mention WHERE conversation_id = c.id AND agent_id = %(agent_id)s)
    )
"""


@dataclass(frozen=True)
class Waiting:
    """How many conversations of an account wait, by who sees them."""

    together: int
    by_skill: Mapping[str, int]
    beside: Mapping[str, int]

    def seen_by(self, agent_id: str, skills: Collection[str]) -> int:
        """Return how many an agent with these skills sees."""
        of_skills = sum(self.by_skill.get(skill_id, 0) for skill_id in skills)
        return of_skills + self.beside.get(agent_id, 0)


async def waiting(direct: Direct, account_id: str) -> Waiting:
    """Count what waits in an account. Raises `psycopg.Error`."""
    found: dict[str, dict[str, int]] = {"all": {}, "skill": {}, "beside": {}}
    for group, key, count in await direct.fetch_all(WAITING, {"account_id": account_id}):
        found[group][key] = count
    return Waiting(found["all"].get("", 0), found["skill"], found["beside"])


async def waiting_led(
    direct: Direct, account_id: str, agent_id: str, skills: Collection[str], led: Led
) -> int:
    """Count what waits and a manager in teams sees; `skills`: their own. Raises `psycopg.Error`."""
    values: Mapping[str, object] = {
        "account_id": account_id,
        "agent_id": agent_id,
        "own_skills": list(skills),
        "led_skills": list(led.skills),
        "people": list(led.people),
    }
    row = await direct.fetch_one(LED, values)
    return int(row[0]) if row else 0


async def held(direct: Direct, agents: Collection[str]) -> Mapping[str, WorkCounts]:
    """Count what agents have, without what waits. Raises `psycopg.Error`."""
    rows = await direct.fetch_all(HELD, {"agents": list(agents)})
    found = {
        agent_id: WorkCounts(mine, unanswered, 0, snoozed)
        for agent_id, mine, unanswered, snoozed in rows
    }
    return {agent_id: found.get(agent_id, WorkCounts(0, 0, 0)) for agent_id in agents}
