"""Which language a conversation is in, who says so, and what an agent may choose instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.consumers import ConsumerDetail
from api.schemas.conversations import ConversationOut
from database.queries import accounts, automatic_messages
from domain.language_settings import LanguageSource
from domain.languages import SUPPORTED, name_of

SOURCES = {
    LanguageSource.agent: "set by an agent",
    LanguageSource.api: "set by a program",
    LanguageSource.recognised: "recognised from their texts",
}
ASSUMED = "as the settings say"


@dataclass(frozen=True)
class Spoken:
    """A conversation's language, and those to choose from as codes and names."""

    code: str
    source: str
    choices: Sequence[tuple[str, str]]

    @property
    def name(self) -> str:
        return name_of(self.code)


async def spoken(
    session: AsyncSession, account_id: str, conversation: ConversationOut, consumer: ConsumerDetail
) -> Spoken:
    """Return the language: the consumer's where it is known, else the one that is assumed."""
    account = await accounts.find(session, account_id)
    code = conversation.language or consumer.language or account.language
    in_use = await automatic_messages.languages(session, account_id)
    offered = dict.fromkeys((*SUPPORTED, *sorted({*in_use, account.language, code})))
    return Spoken(
        code=code,
        source=SOURCES[consumer.language_source] if consumer.language_source else ASSUMED,
        choices=[(each, name_of(each)) for each in offered],
    )
