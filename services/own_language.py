"""The language of the interface that a person chooses for themselves."""

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows
from database.tables import Agent
from domain.errors import Invalid, NotAllowed
from domain.people.roles import Role
from services.caller import Caller
from translations.reader import LANGUAGES


async def choose(caller: Caller, session: AsyncSession, language: str) -> None:
    """Store the caller's own language. Raises `Invalid`; `NotAllowed` for programs."""
    caller.require(Role.agent)
    if caller.person is None or caller.session_hash is None:
        raise NotAllowed("Only people choose a language for themselves.")
    if language not in LANGUAGES:
        raise Invalid("The pages are not written in this language.")
    agent = await account_rows.find(session, Agent, caller.account_id, caller.person.agent_id)
    agent.interface_language = language
