"""Measures reports of a year: a million conversations as facts, summed, and each question to them.

Facts are written straight into PostgreSQL: a dozen for each conversation, of sixty agents with very
different shares. Summing them is timed by the day, and each way to tell rows apart by the request.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import psycopg

from bench.figures import Figure
from bench.installation import LINE, MeasuredInstallation
from bench.percentiles import median, milliseconds, percentile
from bench.progress import ProgressSteps
from bench.sizes import Sizes
from domain.reporting.kinds import SplitBy
from reporting.summing import Summing

PATH = "/v1/reports"
YEAR = 365
MOST_MS = 500
WHO = "mia"
SHOWN = ["opened", "handled", "closed", "abandoned_rate", "first_response_time", "csat"]
"""Figures of each row, as the page shows them at first; the total has all."""
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
            FROM generate_series(%(first)s, %(last)s) AS n
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
    INSERT INTO report_fact (account_id, state_period_id, kind, at, agent_id, detail, value)
    SELECT 'acme', agent * 10000000 + day * 100 + hour, 'state',
        now() - day * interval '1 day' + hour * interval '1 hour', 'acme-r' || agent, 'online', 3600
    FROM generate_series(1, 60) AS agent, generate_series(1, %(year)s) AS day,
        generate_series(1, 8) AS hour
"""
NAMES = """
    INSERT INTO agent (id, account_id, name, email, password_hash, role)
        SELECT 'acme-r' || n, 'acme', 'Agent ' || n, 'r' || n || '@acme.example', '', 'agent'
        FROM generate_series(1, 60) AS n;
    INSERT INTO skill (id, account_id, name)
        SELECT 'acme-rs' || n, 'acme', 'Past skill ' || n FROM generate_series(1, 12) AS n;
    INSERT INTO label (id, account_id, name, colour)
        SELECT 'acme-rl' || n, 'acme', 'Past label ' || n, 'red' FROM generate_series(1, 20) AS n;
    INSERT INTO team (id, account_id, name) VALUES ('acme-rt', 'acme', 'Past team');
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
FORGET = "DELETE FROM report_fact WHERE account_id = 'acme' AND line_id = %(line)s"


async def measure(
    installation: MeasuredInstallation, sizes: Sizes, steps: ProgressSteps
) -> list[Figure]:
    """Return how long a day takes to sum, and a year to report, told apart in each way."""
    url = installation.environment["SWITCHBOARD_DATABASE_URL"]
    with steps.step(f"facts of {sizes.reports} conversations"):
        await asyncio.to_thread(_load, url, sizes.reports)
    began = time.perf_counter()
    with steps.step("summing a year"):
        await Summing(installation.sessions).sum("acme")
    summed = time.perf_counter() - began
    asked: dict[str, list[float]] = {}
    ways = list(SplitBy)
    with steps.step("a year of figures", sizes.reports_rounds * len(ways)) as step:
        for _ in range(sizes.reports_rounds):
            for way in ways:
                asked.setdefault(way, []).append(await _ask(installation, way))
                step.advance()
    every = [seconds for times in asked.values() for seconds in times]
    return [
        Figure(name="sum_a_day_ms", value=milliseconds(summed / YEAR), unit="ms"),
        Figure(
            name="year_median_ms", value=milliseconds(median(every)), unit="ms", at_most=MOST_MS
        ),
        Figure(name="year_p99_ms", value=milliseconds(percentile(every, 99)), unit="ms"),
        *(
            Figure(
                name=f"year_by_{way}_ms",
                value=milliseconds(median(times)),
                unit="ms",
                at_most=MOST_MS,
            )
            for way, times in asked.items()
        ),
    ]


def _load(url: str, talks: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FORGET, {"line": LINE})
        connection.execute(FACTS, {"talks": talks, "line": LINE})
        for statement in SETTLED.split(";"):
            connection.execute(statement)


async def _ask(installation: MeasuredInstallation, way: SplitBy) -> float:
    headers, today = await installation.log_in(WHO), datetime.now(UTC).date()
    begins = today - timedelta(days=YEAR - 1)
    asked = {"first": str(begins), "last": str(today), "by": str(way), "figure": SHOWN}
    began = time.perf_counter()
    answer = await installation.http.get(
        installation.api_url + PATH, params=asked, headers=headers, timeout=60
    )
    took = time.perf_counter() - began
    answer.raise_for_status()
    return took
