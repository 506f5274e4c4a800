"""Bringing a database up to date: `switchboard migrate`, and the first thing `make run` does."""

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
    """Migrate forward. Safe to run from several processes: one of them works, the rest wait."""
    command.upgrade(configuration(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    """Migrate backward, for tests of reversibility and for a rollback."""
    command.downgrade(configuration(database_url), revision)
