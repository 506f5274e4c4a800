"""`switchboard backup` and `restore`: the data folder of a `switchboard up` that does not run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from sqlalchemy.exc import SQLAlchemyError

from cli.absence import require_servers
from database.migrate import upgrade
from database.restored import forget
from database.schema import SchemaUnfit
from embedded.errors import EmbeddedError
from security.secrets import Keyring

Data = Annotated[Path, typer.Option(help="Folder of `switchboard up`.")]
UNFIT = (
    "Nothing was restored, and {data} is as it was, because the backup's database could not be "
    "made ready ({reason}): if the disk is full, make room and run this again, else restore it "
    "with the version of Switchboard that made it."
)


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder for the backup.")],
    keys: Annotated[
        Path | None,
        typer.Option(help="A new file for the encryption keys; keep it apart from the backup."),
    ] = None,
    data: Data = Path(".data"),
) -> None:
    """Back up what `switchboard up` keeps, while it does not run: databases, Temporal, files."""
    require_servers()
    from embedded import backup as copies

    try:
        kept = data / copies.KEYS
        marks = _keys_in(kept).marks if kept.exists() else []
        copies.back_up(data.resolve(), folder.resolve(), keys.resolve() if keys else None, marks)
    except EmbeddedError as error:
        raise _refused(error) from None
    typer.echo(f"Backed up to {folder}.")
    if keys:
        typer.echo(f"Keep {keys} apart from it: with both, anybody can read everything.")
    else:
        typer.echo(f"Without {kept} it cannot be read: keep a copy of that file elsewhere.")


def restore(
    folder: Annotated[Path, typer.Argument(help="The backup.")],
    keys: Annotated[Path, typer.Option(help="The file with the encryption keys.")],
    data: Annotated[Path, typer.Option(help="A new folder for `switchboard up`.")] = Path(".data"),
    as_it_was: Annotated[
        bool,
        typer.Option(
            "--as-it-was", help="Nothing ran since the backup: log-ins, links and tokens stay."
        ),
    ] = False,
) -> None:
    """Make a new data folder of a backup; `switchboard up` goes on from it.

    All log-ins, links, tokens and recovery codes end, because it is not known which ended since.
    """
    require_servers()
    from embedded import backup as copies

    try:
        made = copies.manifest_of(folder)
        _require_keys(keys, made.key_marks)
        finish = _left_alone if as_it_was else _forget
        copies.restore(folder.resolve(), data.resolve(), keys.resolve(), finish)
    except (EmbeddedError, SchemaUnfit) as error:
        raise _refused(error) from None
    except (SQLAlchemyError, psycopg.Error) as error:
        raise _refused(UNFIT.format(reason=_reason(error), data=data)) from None
    typer.echo(f"{data} is as it was at {made.made_at}. What came since is missing there.")
    if not made.key_marks:
        typer.echo(f"The backup does not say which keys it needs, so {keys} could not be checked.")
    if not as_it_was:
        typer.echo("All log-ins, links, tokens and recovery codes of then have ended.")
        typer.echo("Once it runs, repeat what was taken away since, and run `switchboard doctor")
        typer.echo("--heal`: docs/operations.md, After a restore.")


def _left_alone(_: Path) -> None:
    """Leave a restored database as it was."""


def _forget(data: Path) -> None:
    """Have a restored database forget what may have ended since, before anything runs with it."""
    from embedded import postgres
    from embedded.data_folder import opened
    from embedded.guard import Guard

    with opened(data, "restore") as folder, Guard.start() as guard:
        cluster = postgres.prepare(folder.path, is_new=False)
        server = postgres.run(cluster, folder.log("PostgreSQL"))
        guard.watch(server)
        try:
            upgrade(cluster.url())
            forget(cluster.url())
        finally:
            server.stop()


def _require_keys(file: Path, key_marks: Sequence[str]) -> None:
    """Raise `EmbeddedError` for a file that lacks a key that was in use when the backup was made.

    `key_marks`: of those keys; none: an older version made the backup, and noted none.
    """
    held = _keys_in(file).marks
    missing = [mark.rpartition("/")[0] for mark in key_marks if mark not in held]
    if missing:
        raise EmbeddedError(
            f"{file} does not have the keys of this backup: {', '.join(missing)} is missing, or a "
            "different key has that name. Nothing was restored: name the file kept with it."
        )


def _keys_in(file: Path) -> Keyring:
    """Return the keys in a file. Raises `EmbeddedError` if it holds none."""
    try:
        return Keyring.parse(file.read_text().strip())
    except OSError:
        raise EmbeddedError(f"{file} is missing: without the keys, nothing can be read.") from None
    except ValueError as error:
        raise EmbeddedError(f"{file} holds no encryption keys: {error}.") from None


def _reason(error: Exception) -> str:
    """Return the first line of what PostgreSQL says, because the others may hold what is stored."""
    cause = getattr(error, "orig", None) or error
    said = str(cause).strip().partition("\n")[0].rstrip(".")
    return said or type(cause).__name__


def _refused(error: object) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(2)
