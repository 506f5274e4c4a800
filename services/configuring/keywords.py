"""Keywords for STOP, START and HELP: the account's own, and the built-in ones that count."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_keywords
from domain.consent.keyword_choice import chosen
from domain.consent.keywords import OwnWords
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller


@dataclass(frozen=True)
class NewKeywords:
    """Words as people write them. `off`: built-in ones that do not count."""

    stop: Iterable[str] = ()
    start: Iterable[str] = ()
    help: Iterable[str] = ()
    off: Iterable[str] = ()


async def show(caller: Caller, session: AsyncSession) -> OwnWords:
    """Return the account's own words and what it has switched off."""
    caller.require(Role.agent)
    return await account_keywords.of_account(session, caller.account_id)


async def replace(caller: Caller, session: AsyncSession, new: NewKeywords) -> OwnWords:
    """Replace the account's own words. They count from the next text on.

    Raises `Invalid` for words that can never match, have another meaning or must stay.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.settings_write)
    words = chosen(stop=new.stop, start=new.start, help=new.help, off=new.off)
    await account_keywords.save(session, caller.account_id, words)
    return words
