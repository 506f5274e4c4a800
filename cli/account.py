"""`switchboard account`: set up a brand and its first admin, who does the rest over the API."""

import asyncio
from typing import Annotated

import typer
from pwdlib import PasswordHash

from database.engine import opened
from database.queries.accounts import NewAccount, create
from database.tables import Agent
from domain.errors import DomainError
from domain.ids import slug
from domain.people.passwords import SHORTEST, check_password
from domain.people.roles import Role
from runtime.configuration import load_settings
from settings import Settings


def account(
    name: Annotated[str, typer.Argument(help="The brand's name.")],
    admin: Annotated[str, typer.Option(help="E-mail address of the first admin.")],
    password: Annotated[
        str,
        typer.Option(
            envvar="SWITCHBOARD_ADMIN_PASSWORD",
            prompt=True,
            hide_input=True,
            confirmation_prompt=True,
            help=f"Their password, {SHORTEST} characters at least.",
        ),
    ],
    account_id: Annotated[
        str | None, typer.Option("--id", help="Its id; without one the name makes it.")
    ] = None,
) -> None:
    """Set up an account with its first admin."""
    settings = load_settings()
    try:
        check_password(password, admin, name)
        made = asyncio.run(_set_up(settings, name, admin.strip().lower(), password, account_id))
    except DomainError as error:
        raise _refused(error.detail) from None
    typer.echo(f"The account {made} is set up; {admin} may log in.")


async def _set_up(
    settings: Settings, name: str, email: str, password: str, account_id: str | None
) -> str:
    url = str(settings.database.database_url)
    async with (
        opened(url, pool_size=2, name="switchboard-account") as sessions,
        sessions.begin() as session,
    ):
        account = await create(session, NewAccount(name=name, brand=name, id=account_id))
        session.add(
            Agent(
                id=f"{account.id}-{slug(email.split('@')[0])}",
                account_id=account.id,
                name=email.split("@")[0],
                email=email,
                password_hash=PasswordHash.recommended().hash(password),
                role=Role.admin.value,
            )
        )
        return account.id


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
