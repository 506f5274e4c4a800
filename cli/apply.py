"""`switchboard apply FILE`: makes a brand's settings those of a file, after showing the plan."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.configuration.applying import apply as apply_file
from api.configuration.applying import written
from cli.configuration import borrow_environment
from database.auditing.acting import ACTING, Acting
from database.engine import opened
from database.tables import Account, AuditEntry
from domain.errors import DomainError, Invalid, NotFound
from domain.settings.auditing import Door
from providers.registry import descriptions
from runtime.configuration import load_settings
from security.secrets import Keyring, SecretBox
from services.configuring.connectors import KnownProviders
from services.installation import Installation
from settings import Settings


def apply(file: Path, account: str | None, data: Path, *, is_plan: bool, is_sure: bool) -> None:
    """Show what a file would change, and change it. `file`: - writes the present settings."""
    borrow_environment(data)
    settings = load_settings()
    if str(file) != "-" and not file.is_file():
        typer.echo(f"There is no file {file}.", err=True)
        raise typer.Exit(2)
    try:
        content = None if str(file) == "-" else file.read_bytes()
        asyncio.run(_run(settings, content, account, is_plan=is_plan, is_sure=is_sure))
    except DomainError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(2) from None


async def _run(
    settings: Settings, file: bytes | None, account: str | None, *, is_plan: bool, is_sure: bool
) -> None:
    ACTING.set(Acting(Installation().id, door=str(Door.command_line)))
    url = str(settings.database.database_url)
    async with (
        opened(url, pool_size=2, name="switchboard-apply") as sessions,
        sessions() as session,
    ):
        account_id = await _account(session, account)
        caller, known = Installation().caller(account_id), _known(settings)
        if file is None:
            typer.echo(await written(caller, session, known), nl=False)
            return
        changes = await apply_file(caller, session, known, file)
        _tell(changes)
        if changes and not is_plan and (is_sure or typer.confirm("Apply this?")):
            await session.commit()
            typer.echo("Applied.")


async def _account(session: AsyncSession, wanted: str | None) -> str:
    found = list(await session.scalars(select(Account.id).order_by(Account.id).limit(100)))
    if wanted is not None:
        if wanted not in found and await session.get(Account, wanted) is None:
            raise NotFound(f"There is no account {wanted}.")
        return wanted
    if len(found) != 1:
        raise Invalid(f"Name the account with --account: {', '.join(found) or 'there is none'}.")
    return found[0]


def _known(settings: Settings) -> KnownProviders:
    box = SecretBox(Keyring.parse(settings.security.encryption_keys.get_secret_value()))
    of_name = {one.name: one for one in descriptions()}
    return KnownProviders(of_name, box, may_be_elsewhere=settings.is_development)


def _tell(changes: Sequence[AuditEntry]) -> None:
    if not changes:
        typer.echo("Nothing to do.")
    for one in changes:
        typer.echo(f"{one.action:8} {one.subject.replace('_', ' ')} {one.name or one.subject_id}")
        for key in one.after if one.action == "changed" else ():
            typer.echo(f"           {key}: {one.before.get(key)} -> {one.after[key]}")
