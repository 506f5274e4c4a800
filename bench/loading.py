"""How the bench fills tables: without indexes and checks, which are made afterwards."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.sql import Identifier

from bench.installation import MeasuredInstallation

INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conindid = indexrelid
    )
"""
IN_TRANSACTION = """
    SELECT count(*) FROM pg_stat_activity
    WHERE xact_start IS NOT NULL AND backend_type = 'client backend' AND pid <> pg_backend_pid()
      AND datname = current_database()
"""
LOOKS = 10
HELD_AGAIN_SECONDS = 0.1
SETTINGS = (
    *("session_replication_role = replica", "statement_timeout = 0", "synchronous_commit = off"),
    *("maintenance_work_mem = '512MB'", "work_mem = '256MB'", "jit = off"),
)


@contextmanager
def in_a_hurry(url: str) -> Iterator[psycopg.Connection]:
    """Connect with much memory and without checks of other tables."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in SETTINGS:
            connection.execute(sql.SQL("SET " + setting))
        yield connection


@contextmanager
def without_indexes(
    connection: psycopg.Connection,
    tables: Sequence[str],
    step: Callable[[str], None] = lambda _: None,
) -> Iterator[None]:
    """Take the indexes away that no key needs, and make them anew. `step`: is told of each."""
    definitions: list[str] = []
    for table in tables:
        for name, definition in connection.execute(INDEXES, [table]).fetchall():
            definitions.append(definition.replace(" ON ONLY ", " ON "))
            connection.execute(sql.SQL("DROP INDEX {}").format(Identifier(name)))
    try:
        yield
    finally:
        for definition in definitions:
            step(definition.split()[2])
            connection.execute(sql.SQL(definition))


def _are_free(connection: psycopg.Connection) -> bool:
    """Say whether all transactions end by themselves: those of the API take a moment."""
    for _ in range(LOOKS):
        found = connection.execute(IN_TRANSACTION).fetchone()
        if found and not found[0]:
            return True
        time.sleep(HELD_AGAIN_SECONDS)
    return False


@contextmanager
def worker_held(installation: MeasuredInstallation) -> Iterator[None]:
    """Hold the worker while tables are filled: it would read all there is, and sum it as well.

    It is held between two transactions, else tables would wait for its locks for ever.
    """
    worker = installation.process("Worker")
    with psycopg.connect(installation.environment["SWITCHBOARD_DATABASE_URL"]) as connection:
        connection.autocommit = True
        worker.suspend()
        while not _are_free(connection):
            worker.resume()
            time.sleep(HELD_AGAIN_SECONDS)
            worker.suspend()
    try:
        yield
    finally:
        worker.resume()
