"""Setting up accounts, each with its first admin, who does the rest: for the installation only."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import accounts
from database.queries.accounts import NewAccount
from database.tables import Account
from domain.people.log_in_names import log_in_name, shown_name
from domain.people.passwords import check_password
from domain.people.roles import Role
from domain.settings.allowed import check_setting
from services.configuring import agents
from services.configuring.agents import NewAgent
from services.configuring.passwords import PasswordHasher
from services.installation import Installation


async def set_up(
    installation: Installation,
    session: AsyncSession,
    passwords: PasswordHasher,
    new: NewAccount,
    admin: NewAgent,
) -> Account:
    """Set up an account with its first admin.

    Raises `Conflict` for a taken id, `Invalid` for an unfit id, name, address or password.
    """
    named = replace(new, name=shown_name(new.name), brand=shown_name(new.brand))
    check_setting("language", new.language)
    check_setting("time_zone", new.time_zone)
    first = replace(admin, email=log_in_name(admin.email), role=Role.admin)
    # The brand's name is guessed as easily as the person's own.
    for name in (named.name, shown_name(admin.name)):
        check_password(first.password or "", first.email, name)
    account = await accounts.create(session, named)
    caller = installation.caller(account.id)
    await agents.create(caller, session, passwords, first)
    return account
