"""`switchboard migrate`: migrates the database, says what that would do, or takes it back."""

from collections.abc import Sequence
from typing import Annotated

import psycopg
import typer
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from database import schema
from database.migrate import connected, downgrade, ended_by, let_role_limit, pending, upgrade
from database.pooler import is_pooler
from database.schema import Migration, SchemaUnfit
from database.server import require_migratable
from runtime.configuration import load_database_settings

PAST_POOLER = (
    "Migrations need PostgreSQL itself, because a pooler keeps no locks: set "
    "SWITCHBOARD_DATABASE_SESSION_URL to its address."
)
MUST_STOP = (
    "Versions of Switchboard that do not know {needed} cannot work with the migrated database, and "
    "somebody is connected to it ({count}): stop all API and worker processes and run this again, "
    "or with --all-stopped if it is not Switchboard that is connected."
)
LOCKED = psycopg.errors.LockNotAvailable


def migrate(
    to: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION",
            help="Migrate to this revision only; back to it, if it is earlier.",
        ),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take back without asking.")] = False,
    all_stopped: Annotated[
        bool,
        typer.Option(
            "--all-stopped",
            help="Do not look whether processes run that would not work with it afterwards.",
        ),
    ] = False,
) -> None:
    """Bring the database up to date.

    It may be stopped at any moment, and run again.
    """
    settings = load_database_settings()
    url = settings.session_url
    if is_pooler(url):
        raise _refused(PAST_POOLER)
    try:
        require_migratable(url, is_trial=plan)
        if not plan and not all_stopped:
            _require_nobody_ended(url, to)
        _migrate(url, to, plan=plan, yes=yes)
        if settings.database_pooler and not plan:
            _limit(url, settings.role)
    except SchemaUnfit as error:
        raise _refused(str(error)) from None
    except (OperationalError, psycopg.OperationalError) as error:
        raise _failed(error) from None


def _migrate(url: str, to: str | None, *, plan: bool, yes: bool) -> None:
    known, found = schema.revisions(), schema.read(url).revision
    wanted = to or known[-1]
    if wanted not in known:
        raise _refused(f"There is no revision {wanted}. The newest one is {known[-1]}.")
    if found and found not in known:
        _leave(url, to)
        return
    steps, goes_back = pending(found, wanted), bool(found and wanted in _before(found))
    if plan:
        _tell(steps, goes_back=goes_back)
    elif goes_back:
        _take_back(url, wanted, steps, yes=yes)
    else:
        upgrade(url, wanted)
        typer.echo("The database is up to date." if to is None else f"It is at {wanted}.")


def _require_nobody_ended(url: str, to: str | None) -> None:
    """Raise `SchemaUnfit` while processes may run that cannot work with what would be migrated."""
    known, found = schema.revisions(), schema.read(url).revision
    wanted = to or known[-1]
    if found not in known or wanted not in known or wanted in _before(found):
        return
    needed = ended_by(found, pending(found, wanted))
    if needed and (count := connected(url)):
        raise SchemaUnfit(MUST_STOP.format(needed=needed, count=count))


def _limit(url: str, role: str) -> None:
    """Let the role of processes bring the limits that a pooler refuses."""
    try:
        let_role_limit(url, role)
    except psycopg.errors.InsufficientPrivilege:
        typer.echo(f"Migrate once as {role}, whose waits a pooler leaves unlimited.", err=True)
        raise typer.Exit(1) from None


def _before(revision: str) -> list[str]:
    known = schema.revisions()
    return known[: known.index(revision)]


def _leave(url: str, to: str | None) -> None:
    """Leave a database alone that a newer version migrated. Raises `SchemaUnfit`."""
    schema.check(schema.read(url))
    if to:
        raise _refused("A newer version migrated the database: only that one can take it back.")
    typer.echo("The database is newer than this version of Switchboard, which works with it.")


def _tell(steps: Sequence[Migration], *, goes_back: bool) -> None:
    if not steps:
        typer.echo("Nothing is to be done.")
    for one in steps:
        how = "take back" if goes_back else "run"
        ends = one.oldest_code and not goes_back
        limit = f" Stop versions that do not know {one.oldest_code} first." if ends else ""
        typer.echo(f"{how} {one.revision}: {one.title}{limit}")


def _take_back(url: str, wanted: str, steps: Sequence[Migration], *, yes: bool) -> None:
    _tell(steps, goes_back=True)
    typer.echo("What was written into the tables and columns that go is lost.")
    if not yes and not typer.confirm(f"Take {len(steps)} migrations back?"):
        raise typer.Exit(1)
    downgrade(url, wanted)
    typer.echo(f"The database is at {wanted}.")


def _failed(error: Exception) -> typer.Exit:
    cause = error.orig if isinstance(error, OperationalError) else error
    if isinstance(cause, LOCKED):
        typer.echo("Others hold a lock on a table. Run it again: it goes on from here.", err=True)
        return typer.Exit(1)
    return _refused(sentence_for(error, "The database"))


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
