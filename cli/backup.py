"""`switchboard backup` and `restore`: the data folder of a `switchboard up` that does not run."""

from pathlib import Path
from typing import Annotated

import typer

from cli.absence import require_servers
from embedded.errors import EmbeddedError
from security.secrets import Keyring

Data = Annotated[Path, typer.Option(help="Folder of `switchboard up`.")]


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
        copies.back_up(data.resolve(), folder.resolve(), keys.resolve() if keys else None)
    except EmbeddedError as error:
        raise _refused(error) from None
    typer.echo(f"Backed up to {folder}.")
    if keys:
        typer.echo(f"Keep {keys} apart from it: with both, anybody can read everything.")
    else:
        kept = data / copies.KEYS
        typer.echo(f"Without {kept} it cannot be read: keep a copy of that file elsewhere.")


def restore(
    folder: Annotated[Path, typer.Argument(help="The backup.")],
    keys: Annotated[Path, typer.Option(help="The file with the encryption keys.")],
    data: Annotated[Path, typer.Option(help="A new folder for `switchboard up`.")] = Path(".data"),
) -> None:
    """Make a new data folder of a backup; `switchboard up` goes on from it."""
    require_servers()
    from embedded import backup as copies

    try:
        made = copies.manifest_of(folder)
        _require_keys(keys)
        copies.restore(folder.resolve(), data.resolve(), keys.resolve())
    except EmbeddedError as error:
        raise _refused(error) from None
    typer.echo(f"{data} is as it was at {made.made_at}. What came since is missing there.")
    typer.echo("Once it runs, repeat what was taken away since: docs/operations.md, Backup.")


def _require_keys(file: Path) -> None:
    """Raise `EmbeddedError` for a file that holds no encryption keys."""
    try:
        Keyring.parse(file.read_text().strip())
    except OSError:
        raise EmbeddedError(f"{file} is missing: without the keys, nothing can be read.") from None
    except ValueError as error:
        raise EmbeddedError(f"{file} holds no encryption keys: {error}.") from None


def _refused(error: EmbeddedError) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(2)
