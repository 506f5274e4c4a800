"""A year of facts of conversations, straight into PostgreSQL: a dozen of each conversation.

Sixty agents take very different shares of them and answer mostly for one skill of twelve. Facts are
written in the order in which they happened, as they are in life, and indexes are made afterwards.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg

from bench.installation import LINE
from bench.loading import in_a_hurry, without_indexes

YEAR = 365
AT_ONCE = 2
"""Connections that write, each a part of the year."""
FACTS = """
    WITH talk AS (
        SELECT gen_random_uuid() AS id, agent, began,
            now() - %(year)s * interval '1 day' * (1 - n / %(talks)s::float8) AS at,
            CASE WHEN random() < 0.8 THEN 1 + agent %% 12
                ELSE 1 + floor(12 * random())::int END AS skill,
            floor(-ln(1 - random()) * 150)::int AS soon, random() AS chance
        FROM (
            SELECT n, 1 + floor(60 * power(random(), 2.2))::int AS agent,
                1 + floor(4 * random())::int AS began
            FROM generate_series(%(first)s::int, %(last)s::int) AS n
        ) AS drawn
    ), fact AS (
        INSERT INTO report_fact (
            account_id, conversation_id, kind, at, skill_id, agent_id, line_id, source, detail,
            times, value, worked
        )
        SELECT 'acme', id, kind, talk.at + after * interval '1 second', 'acme-rs' || skill,
            'acme-r' || agent, CASE WHEN chance < 0.9 THEN %(line)s ELSE 'acme-sales' END,
            (ARRAY['text', 'source/acme-a', 'source/acme-b', 'proactive'])[began],
            detail, times, value, CASE WHEN kind LIKE '%%response' THEN value / 2 END
        FROM talk, LATERAL (VALUES
            ('opened', 0, 'consumer', 1, NULL::int), ('queued', 0, '', 1, 20 + soon / 4),
            ('assignment_wait', 20, '', 1, 20 + soon / 4), ('first_response', 60, '', 1, soon + 20),
            ('response', 60, '', 1, soon + 20), ('response', 900, '', 1, soon),
            ('handled', 60, '', 1, NULL), ('consumer_response', 600, '', 1, soon * 2),
            ('text_in', 0, '', 4, 0), ('text_out', 0, '', 4, 6), ('automatic', 0, '', 2, 2),
            ('delivery', 0, 'delivered', 6, NULL),
            ('closed', 1800, CASE WHEN chance < 0.8 THEN 'agent' ELSE 'auto_close' END, 1, NULL),
            ('duration', 1800, '', 1, 1800 + soon),
            (CASE WHEN chance < 0.25 THEN 'rated' ELSE 'survey_asked' END, 1900, 'one_to_five',
                1, 4)
        ) AS of (kind, after, detail, times, value)
    )
    INSERT INTO conversation_label (conversation_id, label_id)
        SELECT id, 'acme-rl' || 1 + floor(20 * random())::int FROM talk WHERE chance < 0.15
"""
STATES = """
    INSERT INTO report_fact (account_id, made_from, kind, at, agent_id, detail, value)
    SELECT 'acme', 'state/' || agent * 10000000 + day * 100 + hour, 'state',
        now() - day * interval '1 day' + hour * interval '1 hour', 'acme-r' || agent, 'online', 3600
    FROM generate_series(1, 60) AS agent, generate_series(1, %(year)s::int) AS day,
        generate_series(1, 8) AS hour
"""
NAMES = """
    INSERT INTO agent (id, account_id, name, email, password_hash, role)
        SELECT 'acme-r' || n, 'acme', 'Agent ' || n, 'r' || n || '@acme.example', '', 'agent'
        FROM generate_series(1, 60) AS n;
    INSERT INTO skill (id, account_id, name)
        SELECT 'acme-rs' || n, 'acme', 'Year skill ' || n FROM generate_series(1, 12) AS n;
    INSERT INTO label (id, account_id, name, colour)
        SELECT 'acme-rl' || n, 'acme', 'Year label ' || n, 'red' FROM generate_series(1, 20) AS n;
    INSERT INTO team (id, account_id, name) VALUES ('acme-rt', 'acme', 'Year team');
    INSERT INTO team_member (team_id, agent_id)
        SELECT 'acme-rt', 'acme-r' || n FROM generate_series(11, 30) AS n
"""
SETTLED = """
    INSERT INTO report_reading (account_id, time_zone)
        SELECT id, time_zone FROM account WHERE id = 'acme'
        ON CONFLICT (account_id) DO UPDATE SET time_zone = excluded.time_zone;
    INSERT INTO stale_day (account_id, day)
        SELECT 'acme', generate_series(now() - interval '367 days', now() + interval '1 day',
            interval '1 day')::date
        ON CONFLICT DO NOTHING;
    VACUUM ANALYZE report_fact;
    ANALYZE conversation_label
"""


def load(url: str, talks: int) -> None:
    """Fill the demo brand's year with facts of conversations, and say that no day is summed."""
    with in_a_hurry(url) as connection:
        _run(connection, NAMES)
        with without_indexes(connection, ("report_fact", "conversation_label")):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(lambda part: _write(url, talks, part), _parts(talks)))
            connection.execute(STATES, {"year": YEAR})
        _run(connection, SETTLED)


def _parts(talks: int) -> Iterator[tuple[int, int]]:
    size = max(talks // AT_ONCE, 1)
    for first in range(1, talks + 1, size):
        yield first, min(first + size - 1, talks)


def _write(url: str, talks: int, part: tuple[int, int]) -> None:
    values = {"talks": talks, "first": part[0], "last": part[1], "year": YEAR, "line": LINE}
    with in_a_hurry(url) as connection:
        connection.execute(FACTS, values)


def _run(connection: psycopg.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        connection.execute(statement)
