"""Migrations: they create the tables of the code, go back, and keep settings."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from database.connections import driver_url
from database.migrate import downgrade, upgrade
from database.tables import Table
from embedded import postgres


@pytest.fixture
def empty_url(postgres_cluster: postgres.Cluster) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    postgres.create_database(postgres_cluster, name)
    yield postgres_cluster.url(name)
    postgres.drop_database(postgres_cluster, name)


def run(url: str, *statements: str) -> None:
    engine = create_engine(driver_url(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    engine = create_engine(driver_url(url))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))


def test_migrations_make_the_tables_the_code_knows_and_go_back(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, "base")
    upgrade(empty_url)
    engine = create_engine(driver_url(empty_url))
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


BRANDS = """
    INSERT INTO account (id, name, brand, survey_enabled, survey_timeout_seconds,
        agent_silent_text_seconds)
    VALUES ('plain', 'P', 'P', true, 3600, NULL), ('quiet', 'Q', 'Q', false, 3600, 300),
        ('slow', 'S', 'S', true, 7200, NULL)
"""
SKILLS = (
    "INSERT INTO skill (id, account_id, name) VALUES ('s1', 'plain', 'A'), ('s2', 'plain', 'B')"
)
CONNECTOR = """
    INSERT INTO connector (id, account_id, provider, name, secret)
    VALUES ('c', 'plain', 'twilio', 'T', '')
"""
LINES = """
    INSERT INTO line (id, account_id, connector_id, name, address, kind, entry_skill_id)
    VALUES ('l1', 'plain', 'c', 'L', '+15550101', 'long_code', 's1'),
        ('l2', 'plain', 'c', 'L', '+15550102', 'long_code', 's1')
"""
TEXTS = """
    INSERT INTO automatic_message (account_id, line_id, skill_id, language, event, text)
    VALUES ('plain', NULL, 's1', 'en', 'survey_question', 'of the skill'),
        ('plain', 'l2', NULL, 'en', 'survey_question', 'of the line'),
        ('plain', NULL, 's2', 'en', 'survey_question', 'of nobody'),
        ('plain', NULL, 's2', 'en', 'welcome', 'stays')
"""
CONSUMER = "INSERT INTO consumer (account_id, number) VALUES ('plain', '+15550103')"
RATED = """
    INSERT INTO conversation (id, account_id, line_id, consumer_id, workflow_id, number, sequence,
        status, pending_side, opened_by, opened_at, closed_at, survey_outcome, survey_score)
    SELECT gen_random_uuid(), 'plain', 'l1', id, 'w', row_number() OVER (), 1, 'closed', 'consumer',
        'consumer', now(), now(), outcome, score
    FROM consumer, (VALUES ('completed', 4), ('completed', 3), ('expired', NULL), (NULL, NULL))
        AS rated (outcome, score)
"""


def test_settings_and_ratings_from_before_timers_and_surveys_are_kept(empty_url: str) -> None:
    upgrade(empty_url, "0003")
    run(empty_url, BRANDS, SKILLS, CONNECTOR, LINES, TEXTS, CONSUMER, RATED)
    upgrade(empty_url, "0004")
    timers = "SELECT account_id, event, delay_seconds, repeats FROM automatic_timer"
    assert rows(empty_url, timers) == [("quiet", "agent_silent", 300, 1)]
    assert rows(empty_url, "SELECT account_id, definition FROM survey ORDER BY 1") == [
        ("quiet", {"enabled": False, "timeout": 3600}),
        ("slow", {"enabled": True, "timeout": 7200}),
    ]
    texts = "SELECT line_id, skill_id, text FROM automatic_message ORDER BY text"
    assert rows(empty_url, texts) == [
        ("l2", None, "of the line"),
        ("l1", None, "of the skill"),
        (None, "s2", "stays"),
    ]
    rated = "SELECT survey_score, survey_satisfied, survey_scale, survey_asked_at IS NOT NULL"
    assert rows(empty_url, f"{rated} FROM conversation ORDER BY 1, 4") == [
        (3, False, "one_to_five", True),
        (4, True, "one_to_five", True),
        (None, None, None, False),
        (None, None, None, True),
    ]
    downgrade(empty_url, "0003")
    kept = "SELECT id, survey_enabled, survey_timeout_seconds, agent_silent_text_seconds"
    assert rows(empty_url, f"{kept} FROM account ORDER BY 1") == [
        ("plain", True, 3600, None),
        ("quiet", False, 3600, 300),
        ("slow", True, 7200, None),
    ]
