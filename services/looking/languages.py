"""A conversation's language, who set it, and what an agent may choose instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import accounts, automatic_messages
from database.queries.conversations import ListedConversation
from domain.language_settings import LanguageSource
from domain.languages import SUPPORTED
from domain.people.roles import Role
from services.caller import Caller


@dataclass(frozen=True)
class LanguageWithChoices:
    """A conversation's language and the choices, as codes. `source`: who set it, if anybody."""

    code: str
    source: LanguageSource | None
    choices: Sequence[str]


async def language_of(
    caller: Caller, session: AsyncSession, shown: ListedConversation
) -> LanguageWithChoices:
    """Return the consumer's language where it is known, else the one the settings give."""
    caller.require(Role.agent)
    account = await accounts.find(session, caller.account_id)
    consumer = shown.consumer
    code = shown.conversation.language or consumer.language or account.language
    in_use = await automatic_messages.languages(session, caller.account_id)
    source = consumer.language_source
    return LanguageWithChoices(
        code=code,
        source=LanguageSource(source) if source else None,
        choices=list(dict.fromkeys((*SUPPORTED, *sorted({*in_use, account.language, code})))),
    )
