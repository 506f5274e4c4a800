"""`switchboard erase NUMBER`: erases everything about a number, and exports it first if asked."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

import psycopg
import typer
from sqlalchemy.exc import OperationalError

from cli.absence import sentence_for
from cli.configuration import borrow_environment
from database.auditing.acting import ACTING, Acting
from database.engine import opened
from database.queries.ties import read, require_name
from domain.errors import DomainError, Invalid
from domain.settings.auditing import Door
from media.opening import create_store
from runtime.configuration import load_settings
from security.secrets import Keyring
from services.backends import Backends
from services.caller import Caller
from services.erasing import erasures, everything
from services.erasing.erasures import Held, WhoseNumber
from services.installation import Installation
from settings import Settings
from temporal.connection import connect
from temporal.conversations import ConversationClient


class _NotKept(Exception):
    """The file could not be written."""


@dataclass(frozen=True)
class Asked:
    """What the command is asked for. `account`: None while only one holds the number."""

    number: str
    account: str | None
    file: Path | None
    reason: str
    yes: bool


def erase(
    number: Annotated[str, typer.Argument(help="A number such as +15550123.")],
    account: Annotated[
        str | None, typer.Option(help="The account's id, if several hold the number.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="A new file that everything is kept in first, as a ZIP.")
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why; it is kept, so do not name the number.")
    ] = "Asked for at the command line",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Annotated[Path, typer.Option(help="Folder of `switchboard up`.")] = Path(".data"),
) -> None:
    """Erase everything about one number in an account. It goes on by itself, in the workers."""
    borrow_environment(data)
    if export is not None and export.exists():
        raise _refused(f"{export} is there already. Nothing was erased.")
    try:
        asyncio.run(_erase(load_settings(), Asked(number, account, export, reason, yes)))
    except DomainError as error:
        raise _refused(error.detail) from None
    except _NotKept as error:
        raise _refused(f"{export}: {error}. Nothing was erased.") from None
    except (OperationalError, psycopg.OperationalError) as error:
        raise _refused(sentence_for(error, "The database")) from None


async def _erase(settings: Settings, asked: Asked) -> None:
    async with _opened(settings) as backends:
        caller = Installation().caller(await _account(backends, asked))
        ACTING.set(Acting(caller.id, door=str(Door.command_line)))
        whose = WhoseNumber(number=asked.number)
        async with backends.sessions() as session:
            held = await erasures.held(caller, session, whose)
        _tell(caller, held)
        if not asked.yes and not typer.confirm("Erase it? This cannot be taken back."):
            raise typer.Exit(1)
        if asked.file is not None:
            await _export(settings, caller, backends, whose, asked.file)
        made = await erasures.ask(caller, backends, whose, asked.reason)
    typer.echo(f"It is being erased ({made.id}). The page Erasure shows how far it is.")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Backends]:
    keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
    url, hashing = settings.database.url, keyring.suppression_setting()
    async with opened(
        url, pool_size=2, name="switchboard-erase", suppression_keys=hashing
    ) as sessions:
        client = await connect(keyring.payload_cipher(), lazy=True)
        require_name(await read(sessions.direct), client.namespace)
        yield Backends(sessions, ConversationClient(client))


async def _account(backends: Backends, asked: Asked) -> str:
    if asked.account is not None:
        return asked.account
    async with backends.sessions() as session:
        found = await erasures.accounts_of(Installation(), session, asked.number)
    if len(found) > 1:
        raise Invalid(f"Several accounts hold it: {', '.join(found)}. Name one with --account.")
    return found[0]


def _tell(caller: Caller, held: Held) -> None:
    typer.echo(f"The account {caller.account_id} holds about this number:")
    for kind, count in held.counts.items():
        typer.echo(f"  {kind.replace('_', ' ')}: {count}")


async def _export(
    settings: Settings, caller: Caller, backends: Backends, whose: WhoseNumber, file: Path
) -> None:
    """Write everything into a new file that only its owner reads. Raises `_NotKept`."""
    store = create_store(settings.media)
    pieces = await everything.export(caller, backends.sessions, store, whose)
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        with _new(part) as written:
            async for piece in pieces:
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        _name(part, file)
        _settle(file.parent)
    except OSError as error:
        raise _NotKept(error.strerror or type(error).__name__) from error
    finally:
        _remove(part)
    typer.echo(f"{file} holds everything about it.")


def _name(part: Path, file: Path) -> None:
    """Give a whole file its name, never in place of another that has it by now."""
    file.hardlink_to(part)


def _remove(part: Path) -> None:
    part.unlink(missing_ok=True)


def _new(file: Path) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _settle(folder: Path) -> None:
    """Have a file's name on disk before what it holds is erased."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
