"""The empty brand beside the demo, in which whoever tries the product sets up their own."""

from dataclasses import dataclass

from database.engine import opened
from database.queries.accounts import NewAccount
from domain.errors import NotFound
from domain.people.roles import Role
from security.passwords import Passwords
from services.configuring import account, accounts
from services.configuring.agents import NewAgent
from services.installation import Installation


@dataclass(frozen=True)
class OwnBrand:
    """The brand's id and name, and its admin's log-in, until they change it."""

    id: str = "your-brand"
    name: str = "Your brand"
    email: str = "you@your-brand.example"
    password: str = "you-love-texting"


OWN_BRAND = OwnBrand()


async def add_own_brand(database_url: str) -> None:
    """Add the brand if it is missing. What its admin has made of it stays."""
    installation, own = Installation(), OWN_BRAND
    async with (
        opened(database_url, pool_size=2, name="switchboard own brand") as sessions,
        sessions.begin() as session,
    ):
        try:
            await account.show(installation.caller(own.id), session)
        except NotFound:
            new = NewAccount(own.name, own.name, id=own.id)
            admin = NewAgent("You", own.email, own.password, Role.admin, id=f"{own.id}-you")
            await accounts.set_up(installation, session, Passwords.create(), new, admin)
