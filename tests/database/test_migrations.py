"""Migrations: they make the tables the code knows, and each can be taken back."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from database.connections import driver_url
from database.migrate import ONE_AT_A_TIME, configuration, downgrade, upgrade
from database.tables import Table
from embedded import postgres

COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity,
        identity_generation, generation_expression
    FROM information_schema.columns WHERE table_schema = 'public'
"""
INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
OURS = """
    SELECT 'table ' || tablename FROM pg_tables WHERE schemaname = 'public'
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'type ' || typname FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
"""

ALSO_HERE = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'
"""
LEAVING: frozenset[tuple[str, str]] = frozenset()
"""Tables and columns that no code knows any more, and that the next release drops."""

MakeDatabase = Callable[[], str]


@pytest.fixture
def empty_database(postgres_cluster: postgres.Cluster) -> Iterator[MakeDatabase]:
    made: list[str] = []

    def make() -> str:
        made.append(f"empty_{uuid4().hex}")
        postgres.create_database(postgres_cluster, made[-1])
        return postgres_cluster.url(made[-1])

    yield make
    for name in made:
        postgres.drop_database(postgres_cluster, name)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(driver_url(url))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


PARTITION = re.compile(r"(table )?[a-z_]+_(\d{4}_\d\d|other)(_|$)")
"""Made for the months around now, and not declared."""


def rows(connection: Connection, query: str) -> set[tuple[Any, ...]]:
    found = {tuple(row) for row in connection.execute(text(query)) if row[0] != "alembic_version"}
    return {row for row in found if not PARTITION.match(row[0])}


def test_migrations_make_the_tables_the_code_knows(empty_database: MakeDatabase) -> None:
    migrated, declared = empty_database(), empty_database()
    upgrade(migrated)
    with connected(migrated) as ours, connected(declared) as wanted:
        Table.metadata.create_all(wanted)
        for query in (COLUMNS, INDEXES, CONSTRAINTS):
            found = {row for row in rows(ours, query) if row[:2] not in LEAVING}
            assert found == rows(wanted, query)


def test_each_migration_goes_back_and_leaves_nothing(empty_database: MakeDatabase) -> None:
    url = empty_database()
    script = ScriptDirectory.from_config(configuration(url))
    revisions = [one.revision for one in script.walk_revisions()]
    upgrade(url)
    for _ in revisions:
        downgrade(url, "-1")
    with connected(url) as connection:
        assert rows(connection, OURS) == {("table alembic_version",)}
    upgrade(url)


def test_who_waits_to_migrate_holds_up_no_index_that_is_made_meanwhile(
    empty_database: MakeDatabase,
) -> None:
    url = empty_database()
    upgrade(url)
    with psycopg.connect(url, autocommit=True) as first, ThreadPoolExecutor(1) as others:
        first.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        second = others.submit(upgrade, url)
        while not first.execute(ALSO_HERE).fetchall():
            time.sleep(0.05)
        try:
            first.execute("CREATE INDEX CONCURRENTLY ON conversation (opened_at)")
        finally:
            first.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
        second.result()
