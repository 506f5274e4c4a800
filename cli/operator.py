"""`switchboard operator`: makes tokens that read, and free, what runs for all accounts."""

import asyncio
from typing import Annotated

import typer

from database.engine import opened
from domain.errors import DomainError
from runtime.configuration import load_settings
from security.passwords import OPERATOR_PREFIX, digest, new_secret
from services.configuring import operators
from services.installation import Installation
from settings import Settings


def operator(
    name: Annotated[str, typer.Argument(help="Whose token it is, such as a person's name.")],
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Revoke the token of this name.")
    ] = False,
) -> None:
    """Make a token for all accounts: it reads their conversations, and opens the status page.

    It reads them in Temporal's UI and command line. The page, /operator, has buttons that end
    workflows and conversations of every account.
    """
    settings = load_settings()
    token = new_secret(OPERATOR_PREFIX)
    try:
        asyncio.run(_change(settings, name, None if revoke else token))
    except DomainError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(2) from None
    typer.echo(f"The token of {name} is revoked." if revoke else token)


async def _change(settings: Settings, name: str, token: str | None) -> None:
    url = settings.database.url
    async with (
        opened(url, pool_size=2, name="switchboard-operator") as sessions,
        sessions.begin() as session,
    ):
        if token is None:
            await operators.remove(Installation(), session, name)
            return
        await operators.add(Installation(), session, name, digest(token))
