"""Migrations: they make the tables the code knows, and each can be taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from database.connections import driver_url
from database.migrate import configuration, downgrade, upgrade
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


def rows(connection: Connection, query: str) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in connection.execute(text(query)) if row[0] != "alembic_version"}


def test_migrations_make_the_tables_the_code_knows(empty_database: MakeDatabase) -> None:
    migrated, declared = empty_database(), empty_database()
    upgrade(migrated)
    with connected(migrated) as ours, connected(declared) as wanted:
        assert compare_metadata(MigrationContext.configure(ours), Table.metadata) == []
        Table.metadata.create_all(wanted)
        for query in (COLUMNS, INDEXES, CONSTRAINTS):
            assert rows(ours, query) == rows(wanted, query)


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
