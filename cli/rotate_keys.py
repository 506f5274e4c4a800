"""`switchboard rotate-keys`: encrypts stored secrets with the first of the encryption keys."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database import away
from database.engine import Sessions, opened
from database.queries.operating import processes
from database.queries.sealed import Place
from runtime.configuration import load_settings
from security.secrets import Keyring
from services.installation import Installation
from services.rotating_keys import Rotated, rotate
from settings import Settings

STAY = (
    "Older keys may still be needed: for open conversations, numbers that were erased after an "
    "opt-out, and answers of the last 24 hours. See docs/operations.md, Changing keys."
)


class Lacking(Exception):
    """Which processes lack the first key, in one sentence."""


def rotate_keys(
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would change, and change nothing.")
    ] = False,
) -> None:
    """Encrypt every stored secret anew, with the first of SWITCHBOARD_ENCRYPTION_KEYS.

    Run it again after it was stopped: what is done stays done. Exits with 1 if something is left,
    and with 2 while the database is away, or a running process lacks that key: it could not read
    any secret afterwards.
    """
    borrow_environment(data)
    settings = load_settings()
    try:
        every = asyncio.run(_rotate(settings, is_trial=dry_run))
    except Lacking as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except away.NOT_DONE as error:
        typer.echo(f"{sentence_for(error, 'The database')} Run it again to go on.", err=True)
        raise typer.Exit(2) from None
    _tell(every, dry_run=dry_run)
    if any(one.unreadable or one.changed for one in every):
        raise typer.Exit(1)


async def _rotate(settings: Settings, *, is_trial: bool) -> Sequence[Rotated]:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    url = settings.database.url
    hashing = keyring.suppression_setting()
    async with opened(
        url, pool_size=2, name="switchboard-rotate-keys", suppression_keys=hashing
    ) as sessions:
        typer.echo(f"First key: {keyring.current_id}")
        if not is_trial:
            await _require_known(sessions, keyring)
        resealer = keyring.resealer()
        return await rotate(Installation(), sessions, resealer, told=_say, is_trial=is_trial)


async def _require_known(sessions: Sessions, keyring: Keyring) -> None:
    """Raise `Lacking` while a process runs that does not have the first key."""
    async with sessions() as session:
        found = await processes.lacking(session, keyring.marks[0])
    if found:
        named = ", ".join(f"{one.kind} {one.name}" for one in found)
        raise Lacking(
            f"These processes run without the key {keyring.current_id}: {named}. Restart them with "
            "it, then run this again. Nothing was changed."
        )


def _say(place: Place, rotated: Rotated) -> None:
    """Print what became of a column, if it holds anything."""
    if rotated.done or rotated.current or rotated.changed:
        typer.echo(f"{place.name}: {rotated.done} anew, {rotated.current} already")
    if rotated.changed:
        typer.echo(f"{place.name}: {rotated.changed} changed meanwhile; run it again", err=True)
    for key in rotated.unreadable:
        typer.echo(f"{place.name}: no key decrypts the secret of {key}", err=True)


def _tell(every: Sequence[Rotated], *, dry_run: bool) -> None:
    done = sum(one.done for one in every)
    what = "would be encrypted anew; nothing was changed" if dry_run else "were encrypted anew"
    typer.echo(f"{done} secrets {what}.")
    if not dry_run:
        typer.echo(STAY)
