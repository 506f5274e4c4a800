"""Migrates a database: `switchboard migrate`, and the first step of `make run`."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from database.connections import driver_url

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
    """Migrate forward. Safe to run from several processes: one migrates while the others wait."""
    command.upgrade(configuration(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    """Migrate backward, for a rollback and for tests of reversibility."""
    command.downgrade(configuration(database_url), revision)
