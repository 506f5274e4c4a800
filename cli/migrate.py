"""`switchboard migrate`: migrates the database."""

import typer
from sqlalchemy.exc import OperationalError

from database.migrate import upgrade
from runtime.configuration import load_database_settings


def migrate() -> None:
    """Migrate the database of `SWITCHBOARD_DATABASE_URL`; exit with 1 when it cannot be reached."""
    settings = load_database_settings()
    try:
        upgrade(str(settings.database_url))
    except OperationalError as error:
        typer.echo(f"The database cannot be reached: {_reason(error)}", err=True)
        raise typer.Exit(1) from None
    typer.echo("The database is up to date.")


def _reason(error: OperationalError) -> str:
    """Return the driver's message, because SQLAlchemy's adds the statement."""
    return " ".join(str(error.orig).split())
