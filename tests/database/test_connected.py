"""Who is connected to a database that is to be migrated."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from database.migrate import connected
from tests.database.test_migrations import MakeDatabase, empty_database

__all__ = ["empty_database"]


@pytest.fixture
def roles(empty_database: MakeDatabase) -> Iterator[tuple[str, str]]:
    """The addresses of one database for two roles, neither of which has the other's rights."""
    url = empty_database()
    names = [f"role_{uuid4().hex}" for _ in range(2)]
    role = "CREATE ROLE {} LOGIN PASSWORD 'of-a-test'"
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL(role).format(sql.Identifier(name)))
    first, second = (make_conninfo(url, user=name, password="of-a-test") for name in names)
    yield first, second
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_processes_that_log_in_with_another_role_than_migrations_are_counted(
    roles: tuple[str, str],
) -> None:
    migrating, working = roles
    assert connected(migrating) == 0
    with psycopg.connect(working), psycopg.connect(working):
        assert connected(migrating) == 2
