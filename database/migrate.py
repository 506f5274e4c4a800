"""Migrates a database: `switchboard migrate`, and the first step of `make run`."""

from collections.abc import Sequence
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql

from database import schema
from database.connections import ROLE_SETTINGS, driver_url
from database.schema import CONNECT_SECONDS, LOOKING, Migration

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 7_316_002
"""Key of the advisory lock that lets only one process migrate."""
# Of sessions of a role whose rights one lacks, PostgreSQL does not tell what they are.
CONNECTED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usesysid IS NOT NULL
        AND coalesce(backend_type, 'client backend') = 'client backend'
        AND application_name IS DISTINCT FROM %s
"""


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


def ended_by(found: str | None, steps: Sequence[Migration]) -> str | None:
    """Return what code must know to work after these steps, if the code of now may not know it."""
    known = schema.revisions()
    needed = [one.oldest_code for one in steps if one.oldest_code]
    if found is None or not needed or known.index(needed[-1]) <= known.index(found):
        return None
    return needed[-1]


def connected(database_url: str) -> int:
    """Return how many are connected to a database, without those who migrate it."""
    with psycopg.connect(
        database_url, connect_timeout=CONNECT_SECONDS, application_name=LOOKING
    ) as connection:
        row = connection.execute(CONNECTED, [LOOKING]).fetchone()
    return int(row[0]) if row else 0
