"""Whom secrets belong to, of one request or of all open streams in one statement.

Every request begins with this, so these are direct statements.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.queries.events import notify
from domain.people.teams import Led

CHANNEL_RIGHTS = "switchboard_rights"
"""NOTIFY with the account's id: somebody there may do less, or more, than before."""

PERSON = b"""
    agent.id, agent.account_id, agent.name, agent.role,
    ARRAY(SELECT skill_id FROM agent_skill WHERE agent_id = agent.id), agent.interface_language,
    agent.retired_at IS NOT NULL,
    CASE WHEN agent.role = 'manager' THEN (
        SELECT coalesce(array_agg(DISTINCT skill_id) FILTER (WHERE skill_id IS NOT NULL), '{}')
        FROM team_member LEFT JOIN team_skill USING (team_id)
        WHERE team_member.agent_id = agent.id HAVING count(*) > 0
    ) END,
    CASE WHEN agent.role = 'manager' THEN ARRAY(
        SELECT DISTINCT other.agent_id FROM team_member JOIN team_member AS other USING (team_id)
        WHERE team_member.agent_id = agent.id
    ) END
"""
LOG_INS = b"""
    SELECT session.token_hash, %s FROM session JOIN agent ON agent.id = session.agent_id
    WHERE session.token_hash = ANY(%%(hashes)s) AND session.expires_at > %%(now)s
      AND agent.retired_at IS NULL
""" % (PERSON,)
TOKENS = b"""
    SELECT token_hash, id, account_id, role, scopes FROM api_token
    WHERE token_hash = ANY(%(hashes)s) AND revoked_at IS NULL
"""
PEOPLE = b"SELECT %s FROM agent WHERE agent.id = ANY(%%(ids)s)" % (PERSON,)


@dataclass(frozen=True)
class ProvenPerson:
    """A person, the skills they have, and what they see to if they are a manager in teams."""

    id: str
    account_id: str
    name: str
    role: str
    skills: frozenset[str]
    interface_language: str | None
    is_retired: bool
    led: Led | None


@dataclass(frozen=True)
class ProvenToken:
    """A program's token in use. `scopes`: None for one without limits."""

    id: str
    account_id: str
    role: str
    scopes: list[str] | None


async def log_ins(
    direct: Direct, hashes: Collection[bytes], now: datetime
) -> Mapping[bytes, ProvenPerson]:
    """Return the people of log-ins that have not ended, by the hashes of their secrets."""
    rows = await direct.fetch_all(LOG_INS, {"hashes": list(hashes), "now": now}) if hashes else []
    return {row[0]: _person(*row[1:]) for row in rows}


async def tokens(direct: Direct, hashes: Collection[bytes]) -> Mapping[bytes, ProvenToken]:
    """Return the tokens in use, by the hashes of their secrets."""
    rows = await direct.fetch_all(TOKENS, {"hashes": list(hashes)}) if hashes else []
    return {row[0]: ProvenToken(*row[1:]) for row in rows}


async def people(direct: Direct, ids: Collection[str]) -> Mapping[str, ProvenPerson]:
    """Return people of any account, retired or not, by their ids."""
    rows = await direct.fetch_all(PEOPLE, {"ids": list(ids)}) if ids else []
    return {row[0]: _person(*row) for row in rows}


async def changed(session: AsyncSession, account_id: str) -> None:
    """Tell open streams, when the transaction commits, that somebody's rights have changed."""
    await notify(session, CHANNEL_RIGHTS, account_id)


def _person(
    person_id: str,
    account_id: str,
    name: str,
    role: str,
    skills: list[str],
    interface_language: str | None,
    is_retired: bool,
    led_skills: list[str] | None,
    led_people: list[str],
) -> ProvenPerson:
    led = None if led_skills is None else Led(frozenset(led_skills), frozenset(led_people))
    return ProvenPerson(
        person_id, account_id, name, role, frozenset(skills), interface_language, is_retired, led
    )
