"""`switchboard account`: sets up a brand and its first admin, who configures it over the API."""

import asyncio
from typing import Annotated

import typer

from database.auditing.acting import ACTING, Acting
from database.engine import opened
from database.queries.accounts import NewAccount
from domain.errors import DomainError
from domain.people.log_in_names import LONGEST_NAME
from domain.people.passwords import SHORTEST
from domain.people.roles import Role
from domain.settings.auditing import Door
from runtime.configuration import load_settings
from security.passwords import Passwords
from services.configuring import accounts
from services.configuring.agents import NewAgent
from services.installation import Installation
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
            help=f"Their password, at least {SHORTEST} characters.",
        ),
    ],
    account_id: Annotated[
        str | None, typer.Option("--id", help="Its id; the default is made from the name.")
    ] = None,
) -> None:
    """Set up an account with its first admin."""
    settings = load_settings()
    new = NewAccount(name=name, brand=name, id=account_id)
    name_of_admin = admin.strip().partition("@")[0][:LONGEST_NAME]
    first = NewAgent(name_of_admin, admin, password, Role.admin)
    try:
        made = asyncio.run(_set_up(settings, new, first))
    except DomainError as error:
        raise _refused(error.detail) from None
    typer.echo(f"The account {made} is set up; {admin} may log in.")


async def _set_up(settings: Settings, new: NewAccount, admin: NewAgent) -> str:
    url = settings.database.url
    async with (
        opened(url, pool_size=2, name="switchboard-account") as sessions,
        sessions.begin() as session,
    ):
        passwords = Passwords.create()
        ACTING.set(Acting(Installation().id, door=str(Door.command_line)))
        made = await accounts.set_up(Installation(), session, passwords, new, admin)
        return made.id


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)
