"""How the bench fills tables: without indexes and checks, which are made afterwards."""

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


@contextmanager
def worker_held(installation: MeasuredInstallation) -> Iterator[None]:
    """Hold the worker while tables are filled: it would read all there is, and sum it as well."""
    worker = installation.process("Worker")
    worker.suspend()
    try:
        yield
    finally:
        worker.resume()
