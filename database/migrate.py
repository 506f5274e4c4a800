"""Migrates a database: `switchboard migrate`, and the first step of `make run`."""

from collections.abc import Sequence
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql

from database import schema
from database.connections import ROLE_SETTINGS, driver_url
from database.schema import CONNECT_SECONDS, Migration

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 7_316_002
"""Key of the advisory lock that lets only one process migrate."""


def configuration(database_url: str) -> Config:
    """Return Alembic's configuration for a database; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database_url"] = driver_url(database_url)
    return config


def upgrade(database_url: str, revision: str = "head") -> None:
    """Migrate forward. Safe to run from several processes: one migrates while the others wait.

    A database that a newer version migrated stays as it is; raises `SchemaUnfit` if this version
    does not work with it.
    """
    found = schema.read(database_url)
    if found.revision and found.revision not in schema.revisions():
        schema.check(found)
        return
    command.upgrade(configuration(database_url), revision)


def let_role_limit(database_url: str, role: str) -> None:
    """Let a role's own settings limit its waits, where a pooler refuses those of connections.

    `role`: the one that processes log in as. Raises `psycopg.Error`, also without the right to.
    """
    wanted = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}")
    with psycopg.connect(database_url, connect_timeout=CONNECT_SECONDS) as connection:
        database = sql.Identifier(connection.info.dbname)
        for setting, value in ROLE_SETTINGS.items():
            parts = (sql.Identifier(role), database, sql.Identifier(setting), sql.Literal(value))
            connection.execute(wanted.format(*parts))


def downgrade(database_url: str, revision: str) -> None:
    """Migrate backward, for a rollback and for tests of reversibility."""
    command.downgrade(configuration(database_url), revision)


def pending(found: str | None, wanted: str) -> Sequence[Migration]:
    """Return what lies between two revisions, in the order in which it is run or taken back."""
    known = list(schema.migrations())
    places = {one.revision: place for place, one in enumerate(known, start=1)}
    begin, end = places.get(found or "", 0), places[wanted]
    return known[begin:end] if begin <= end else known[end:begin][::-1]
