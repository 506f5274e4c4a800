"""A contact centre for the streams part: agents at work, each with conversations and a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import text as sql

from bench.installation import LINE, MeasuredInstallation
from bench.open_pages import OpenPage
from bench.talking import Talk
from domain.ids import ConsumerId
from security.passwords import SESSION_PREFIX, digest, new_secret

ACCOUNT, SKILL = "acme", "acme-support"
PEOPLE = sql("""
    INSERT INTO agent (id, account_id, name, email, password_hash, role, state, capacity)
    SELECT 'acme-s' || n, 'acme', 'Agent ' || n, 's' || n || '@acme.example', '', :role,
        :state, 100000
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    ON CONFLICT (id) DO UPDATE SET state = :state
""")
SKILLS = sql("""
    INSERT INTO agent_skill (agent_id, skill_id)
    SELECT 'acme-s' || n, :skill FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    ON CONFLICT DO NOTHING
""")
LOG_IN = sql("""
    INSERT INTO session (token_hash, agent_id, expires_at) VALUES (:hash, :agent_id, :until)
""")
# Rows alone: what a stream costs does not depend on the workflows behind them.
FILL = sql("""
    WITH wanted AS (
        SELECT agent.id AS agent_id, gen_random_uuid() AS id, gen_random_uuid() AS consumer_id,
            gen_random_uuid() AS message_id
        FROM agent CROSS JOIN generate_series(1, CAST(:each AS int)) AS place
        WHERE agent.id = ANY(:agents) AND place > (
            SELECT count(*) FROM conversation
            WHERE conversation.agent_id = agent.id AND status = 'assigned'
        )
    ), known AS (
        INSERT INTO consumer (id, account_id, phone, number)
        SELECT consumer_id, 'acme', phone, phone FROM (
            SELECT consumer_id, '+1557' || lpad(CAST(
                (SELECT count(*) FROM consumer) + row_number() OVER () AS text), 7, '0') AS phone
            FROM wanted
        ) AS numbered
    ), held AS (
        INSERT INTO conversation (id, account_id, line_id, consumer_id, workflow_id, number,
            sequence, status, pending_side, skill_id, agent_id, opened_by, opened_at, assigned_at,
            last_message_at, last_text, waiting_since, message_count)
        SELECT id, 'acme', :line, consumer_id, 'bench/' || id, 1, 1, 'assigned', 'agent', :skill,
            agent_id, 'consumer', now(), now(), now(), :words, now(), 1
        FROM wanted
    )
    INSERT INTO message (id, account_id, line_id, consumer_id, conversation_id, position, author,
        text, written_at, status)
    SELECT message_id, 'acme', :line, consumer_id, id, 1, 'consumer', :words, now(), 'received'
    FROM wanted
""")
HELD = sql("""
    SELECT conversation.agent_id, CAST(conversation.id AS text), (
        SELECT CAST(id AS text) FROM message WHERE conversation_id = conversation.id LIMIT 1
    ) AS message_id
    FROM conversation WHERE agent_id = ANY(:agents) AND status = 'assigned' ORDER BY opened_at DESC
""")
TALKS = sql("""
    SELECT CAST(conversation.id AS text), CAST(consumer.id AS text), consumer.number,
        conversation.agent_id
    FROM conversation JOIN consumer ON consumer.id = conversation.consumer_id
    WHERE consumer.number = ANY(:numbers) AND conversation.status = 'assigned'
""")
# The rows go as they came, so that no watch takes them for conversations that lost their workflow.
CLEAR = """
    DELETE FROM message WHERE conversation_id IN (
        SELECT id FROM conversation WHERE workflow_id LIKE 'bench/%'
    );
    DELETE FROM event WHERE conversation_id IN (
        SELECT id FROM conversation WHERE workflow_id LIKE 'bench/%'
    );
    DELETE FROM conversation WHERE workflow_id LIKE 'bench/%';
    UPDATE agent SET state = 'offline' WHERE id LIKE 'acme-s%'
"""
WORDS = "Could you have a look where my order is, please? The number is 4711-0815."


@dataclass(frozen=True)
class HeldConversation:
    """A conversation of an agent, and one of its messages."""

    agent_id: str
    id: str
    message_id: str


async def hire(
    installation: MeasuredInstallation,
    first: int,
    last: int,
    state: str = "online",
    role: str = "agent",
) -> list[OpenPage]:
    """Add agents by number, in a state and logged in; returns their pages, not open yet."""
    pages = []
    until = datetime.now(UTC) + timedelta(hours=2)
    async with installation.sessions.begin() as session:
        await session.execute(PEOPLE, {"first": first, "last": last, "state": state, "role": role})
        await session.execute(SKILLS, {"first": first, "last": last, "skill": SKILL})
        for number in range(first, last + 1):
            page = OpenPage(f"acme-s{number}", new_secret(SESSION_PREFIX))
            row = {"hash": digest(page.secret), "agent_id": page.agent_id, "until": until}
            await session.execute(LOG_IN, row)
            pages.append(page)
    return pages


async def fill(installation: MeasuredInstallation, agents: Sequence[str], each: int) -> None:
    """Give agents conversations until each has so many."""
    values = {"agents": list(agents), "each": each, "line": LINE, "skill": SKILL, "words": WORDS}
    async with installation.sessions.begin() as session:
        await session.execute(FILL, values)


async def clear(installation: MeasuredInstallation) -> None:
    """Take the rows away again, and send the agents home."""
    async with installation.sessions.begin() as session:
        for statement in CLEAR.split(";"):
            await session.execute(sql(statement))


async def held_by(
    installation: MeasuredInstallation, agents: Sequence[str]
) -> Sequence[HeldConversation]:
    """Return the conversations that agents hold."""
    async with installation.sessions() as session:
        rows = await session.execute(HELD, {"agents": list(agents)})
        return [HeldConversation(*row) for row in rows]


async def talks_of(
    installation: MeasuredInstallation, numbers: Sequence[str], pages: Mapping[str, OpenPage]
) -> list[Talk]:
    """Return the conversations of phones, each with the header of the agent who holds it."""
    async with installation.sessions() as session:
        rows = (await session.execute(TALKS, {"numbers": list(numbers)})).all()
    return [
        Talk(
            installation,
            number,
            conversation_id,
            ConsumerId(consumer_id),
            {"Authorization": f"Bearer {pages[agent_id].secret}"},
        )
        for conversation_id, consumer_id, number, agent_id in rows
        if agent_id in pages
    ]


def unique_words() -> str:
    return f"{WORDS} {uuid4().hex[:8]}"
